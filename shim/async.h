/* SPDX-License-Identifier: MIT */
/* The requests of getaddrinfo_a that a rule matches, while they are pending. Between the files of
 * this module. Lock-free; nothing here but ASYNC_WAIT blocks. */
#ifndef PIN4_ASYNC_H
#define PIN4_ASYNC_H

#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <time.h>

/* glibc's, as it has been since 2.2.3; <netdb.h> shows all this under _GNU_SOURCE only. */
struct gaicb {
	const char *name;
	const char *service;
	const struct addrinfo *hints;
	struct addrinfo *result;
	int error; /* the libc's alone while the request is pending */
	int reserved[5];
};

enum {
	ASYNC_WAIT = 0,           /* GAI_WAIT */
	ASYNC_NOWAIT = 1,         /* GAI_NOWAIT */
	ASYNC_IN_PROGRESS = -100, /* EAI_INPROGRESS */
	ASYNC_CANCELED = -101,    /* EAI_CANCELED */
	ASYNC_ALL_DONE = -103,    /* EAI_ALLDONE */
	ASYNC_INTERRUPTED = -104, /* EAI_INTR */
};

int getaddrinfo_a(int mode, struct gaicb *list[], int count, struct sigevent *event);
int gai_error(struct gaicb *request);
int gai_suspend(const struct gaicb *const list[], int count, const struct timespec *timeout);
int gai_cancel(struct gaicb *request);

/* Whether there ever was a pending request. */
bool async_is_used(void);

/* Takes a request that the libc does not have yet: if a rule is for its name, its hints become the
 * ones to ask with. Returns whether there is such a rule, and memory. */
bool async_take(struct gaicb *request);

/* What becomes of a question that is answered by "no such record". */
enum async_again {
	AGAIN_NOW,   /* it is handed on, and waited for */
	AGAIN_LATER, /* it is handed on, and is pending once more */
	AGAIN_NEVER, /* that is the answer */
};

/* Turns the libc's answer to a request that was taken into the program's, once it is there, and
 * gives the request its own hints back; *error is what gai_error has to say. Returns false, with
 * nothing read or changed, if request is none of those; it may be NULL. */
bool async_settle(struct gaicb *request, enum async_again again, int *error);

/* Forgets a request, or NULL, if it was taken, and gives it its own hints back. */
void async_drop(struct gaicb *request);

#endif
