/* SPDX-License-Identifier: MIT */
/* The list of pending requests. It relies on policy.h for what is asked and answered. */
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "async.h"
#include "libc.h"
#include "policy.h"

/* One request, or room for one: the list never shrinks, so that it can be walked without a lock,
 * and is as long as requests were ever pending at once. */
struct pending {
	struct pending *next;
	_Atomic(uintptr_t) owner; /* the request's address; 0 is free; lowest bit: PENDING_BUSY */
	const struct addrinfo *hints; /* the program's */
	struct addrinfo room;
	struct lookup lookup;
};

/* One thread is at it, and it alone; to all others the request is still in progress. */
enum { PENDING_BUSY = 1 };

static _Atomic(struct pending *) first;

bool async_is_used(void)
{
	return atomic_load(&first);
}

static struct pending *find(const struct gaicb *request)
{
	const uintptr_t mask = ~(uintptr_t)PENDING_BUSY;
	struct pending *pending = request ? atomic_load(&first) : NULL;

	while (pending && (atomic_load(&pending->owner) & mask) != (uintptr_t)request)
		pending = pending->next;
	return pending;
}

/* Makes pending busy if it is owner's, a free one if that is NULL. */
static bool seize(struct pending *pending, const struct gaicb *owner)
{
	uintptr_t expected = (uintptr_t)owner;

	return atomic_compare_exchange_strong(&pending->owner, &expected, expected | PENDING_BUSY);
}

static void release(struct pending *pending, const struct gaicb *owner)
{
	atomic_store(&pending->owner, (uintptr_t)owner);
}

/* A busy one, or NULL without memory. */
static struct pending *get_free(void)
{
	struct pending *pending = atomic_load(&first);

	while (pending && !seize(pending, NULL))
		pending = pending->next;
	if (pending || !(pending = malloc(sizeof(*pending))))
		return pending;
	*pending = (struct pending){ .owner = PENDING_BUSY };
	pending->next = atomic_load(&first);
	while (!atomic_compare_exchange_weak(&first, &pending->next, pending))
		;
	return pending;
}

static void restore(struct pending *pending, struct gaicb *request)
{
	if (request->hints == &pending->room)
		request->hints = pending->hints;
}

bool async_take(struct gaicb *request)
{
	struct pending *pending;
	struct lookup lookup;

	async_drop(request); /* it was canceled, or nobody wanted to know */
	if (!policy_is_concerned(request->name, request->hints) ||
	    !policy_ask("getaddrinfo_a", request->name,
			request->hints ? request->hints->ai_family : AF_UNSPEC, &lookup) ||
	    policy_is_foreign(&lookup) || !(pending = get_free()))
		return false;
	pending->lookup = lookup;
	pending->hints = request->hints;
	request->hints = policy_hints(&pending->lookup, pending->hints, &pending->room);
	request->error = ASYNC_IN_PROGRESS; /* should the libc not get as far as that */
	release(pending, request);
	return true;
}

void async_drop(struct gaicb *request)
{
	struct pending *pending = find(request);

	if (!pending || !seize(pending, request))
		return;
	restore(pending, request);
	release(pending, NULL);
}

/* Asks once more, as the program did. Whoever looks meanwhile must not see the first error, which
 * stands only if there is no second answer to come. */
static void hand_on(struct pending *pending, struct gaicb *request, int mode, int error)
{
	request->error = ASYNC_IN_PROGRESS;
	release(pending, NULL);
	switch (libc_extra(getaddrinfo_a)(mode, &request, 1, NULL)) {
	case 0:
	case ASYNC_INTERRUPTED:
		break;
	default:
		request->error = error;
	}
}

/* Settles a request whose answer is there. Returns what gai_error has to say of it. */
static int finish(struct pending *pending, struct gaicb *request, enum async_again again, int error)
{
	restore(pending, request);
	if (again != AGAIN_NEVER && policy_is_handed_on(&pending->lookup, error)) {
		policy_log_retry(&pending->lookup, error);
		hand_on(pending, request, again == AGAIN_NOW ? ASYNC_WAIT : ASYNC_NOWAIT, error);
		return libc_extra(gai_error)(request);
	}
	request->error = policy_answer(&pending->lookup, pending->hints, error, &request->result);
	if (!error && request->error)
		request->result = NULL;
	error = request->error;
	release(pending, NULL);
	return error;
}

bool async_settle(struct gaicb *request, enum async_again again, int *error)
{
	struct pending *pending = find(request);

	if (!pending)
		return false;
	*error = ASYNC_IN_PROGRESS;
	if (!seize(pending, request))
		return true;
	*error = libc_extra(gai_error)(request);
	if (*error == ASYNC_IN_PROGRESS)
		release(pending, request);
	else
		*error = finish(pending, request, again, *error);
	return true;
}
