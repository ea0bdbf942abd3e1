/* SPDX-License-Identifier: MIT */
/* Looks hosts up with getaddrinfo as its arguments say, prints the whole answer in one canonical
 * form, and frees it in each of the ways that POSIX allows. "-" is a NULL host. */
#define _GNU_SOURCE
#include "probe.h"

#include <stdbool.h>
#include <sys/auxv.h>

struct question {
	struct addrinfo hints;
	const char *service;
	bool null_hints;
	const char *free_how;
};

static const struct {
	int code;
	const char *name;
} errors[] = {
	{ 0, "0" },
	{ EAI_BADFLAGS, "EAI_BADFLAGS" },
	{ EAI_NONAME, "EAI_NONAME" },
	{ EAI_AGAIN, "EAI_AGAIN" },
	{ EAI_FAIL, "EAI_FAIL" },
	{ EAI_NODATA, "EAI_NODATA" },
	{ EAI_FAMILY, "EAI_FAMILY" },
	{ EAI_SOCKTYPE, "EAI_SOCKTYPE" },
	{ EAI_SERVICE, "EAI_SERVICE" },
	{ EAI_ADDRFAMILY, "EAI_ADDRFAMILY" },
	{ EAI_MEMORY, "EAI_MEMORY" },
	{ EAI_SYSTEM, "EAI_SYSTEM" },
};

static const char *error_name(int code)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].code == code)
			return errors[i].name;
	return "EAI_?";
}

static bool quiet;

static void print_node(const struct addrinfo *node)
{
	char text[INET6_ADDRSTRLEN];
	const struct sockaddr_in6 *sin6 = (const struct sockaddr_in6 *)(void *)node->ai_addr;
	bool is6 = node->ai_family == AF_INET6;
	/* Both families keep the port in the same place. */
	unsigned int port = ntohs(sin6->sin6_port);

	if (quiet)
		return;
	printf("  %s %s port=%u type=%d/%d", is6 ? "AF_INET6" : "AF_INET",
	       probe_text(node->ai_addr, text, sizeof(text)), port, node->ai_socktype,
	       node->ai_protocol);
	if (node->ai_family != node->ai_addr->sa_family)
		printf(" sa_family=%d", node->ai_addr->sa_family);
	if (node->ai_addrlen != (is6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in)))
		printf(" addrlen=%u", (unsigned int)node->ai_addrlen);
	if (is6 && (sin6->sin6_flowinfo || sin6->sin6_scope_id))
		printf(" flowinfo=%u scope=%u", sin6->sin6_flowinfo, sin6->sin6_scope_id);
	printf(" flags=0x%x", (unsigned int)node->ai_flags);
	if (node->ai_canonname)
		printf(" canon=%s", node->ai_canonname);
	printf("\n");
}

static void free_each(struct addrinfo *list)
{
	while (list) {
		struct addrinfo *next = list->ai_next;

		list->ai_next = NULL;
		freeaddrinfo(list);
		list = next;
	}
}

/* Cuts the list after its first node, and frees the tail or the head first. */
static void free_cut(struct addrinfo *list, bool tail_first)
{
	struct addrinfo *tail = list->ai_next;

	list->ai_next = NULL;
	if (!tail_first)
		freeaddrinfo(list);
	for (const struct addrinfo *node = tail; node; node = node->ai_next)
		print_node(node);
	if (tail)
		freeaddrinfo(tail);
	if (tail_first) {
		print_node(list);
		freeaddrinfo(list);
	}
}

/* Deals the nodes into two lists in reverse order, as a program does that sorts by family. */
static void free_dealt(struct addrinfo *list)
{
	struct addrinfo *hands[2] = { NULL, NULL };

	for (unsigned int i = 0; list; i ^= 1) {
		struct addrinfo *next = list->ai_next;

		list->ai_next = hands[i];
		hands[i] = list;
		list = next;
	}
	freeaddrinfo(hands[0]);
	for (const struct addrinfo *node = hands[1]; node; node = node->ai_next)
		print_node(node);
	if (hands[1])
		freeaddrinfo(hands[1]);
}

static void free_list(struct addrinfo *list, const char *how)
{
	if (!strcmp(how, "each"))
		free_each(list);
	else if (!strcmp(how, "tail-first"))
		free_cut(list, true);
	else if (!strcmp(how, "head-first"))
		free_cut(list, false);
	else if (!strcmp(how, "dealt"))
		free_dealt(list);
	else if (strcmp(how, "never") != 0)
		freeaddrinfo(list);
}

static void ask(const char *host, const struct question *question)
{
	static struct addrinfo untouched;
	struct addrinfo *list = &untouched;
	char text[32];
	int error;

	errno = E2BIG;
	error = getaddrinfo(strcmp(host, "-") != 0 ? host : NULL, question->service,
			    question->null_hints ? NULL : &question->hints, &list);
	printf("%s%s%s\n", error_name(error), error == EAI_SYSTEM ? " " : "",
	       error == EAI_SYSTEM ? probe_errno(errno, text, sizeof(text)) : "");
	if (error && list != &untouched)
		printf("  *res was written\n");
	if (error)
		return;
	for (const struct addrinfo *node = list; node; node = node->ai_next)
		print_node(node);
	free_list(list, question->free_how);
}

/* The answers to every combination of flags, socktype, protocol and service. */
static void ask_matrix(const char *host, struct question question)
{
	static const int flags[] = { 0,    0x1,  0x2,  0x3,  0x4,  0x6,   0x8,   0x10,
				     0x18, 0x20, 0x28, 0x38, 0x3a, 0x400, 0x402, 0x43b };
	static const char *const services[] = { NULL, "443", "http", "no-such-service" };
	struct addrinfo *hints = &question.hints;

	for (size_t f = 0; f < sizeof(flags) / sizeof(flags[0]); f++)
		for (hints->ai_socktype = 0; hints->ai_socktype <= SOCK_RAW; hints->ai_socktype++)
			for (size_t s = 0; s < 4; s++)
				for (hints->ai_protocol = 0; hints->ai_protocol <= IPPROTO_UDP;
				     hints->ai_protocol += hints->ai_protocol ? 11 : IPPROTO_TCP) {
					hints->ai_flags = flags[f];
					question.service = services[s];
					printf("flags=0x%x socktype=%d protocol=%d service=%s ",
					       (unsigned int)hints->ai_flags, hints->ai_socktype,
					       hints->ai_protocol,
					       services[s] ? services[s] : "NULL");
					ask(host, &question);
				}
}

static void repeat(const char *host, const struct question *question, long times)
{
	struct addrinfo *list;

	quiet = true;
	for (long i = 0; i < times; i++) {
		MUST(!getaddrinfo(host, NULL, &question->hints, &list));
		free_list(list, question->free_how);
	}
	quiet = false;
}

static int family_of(const char *name)
{
	return !strcmp(name, "inet")    ? AF_INET
	       : !strcmp(name, "inet6") ? AF_INET6
	       : !strcmp(name, "unix")  ? AF_UNIX
					: AF_UNSPEC;
}

static const char *libc_name(void)
{
#ifdef __GLIBC__
	return "glibc";
#else
	return "musl";
#endif
}

struct options {
	struct question question;
	bool matrix;
	long repeats;
};

static void read_option(int option, const char *value, struct options *ret)
{
	struct question *question = &ret->question;

	switch (option) {
	case 'F': /* family; "null" is no hints at all */
		question->null_hints = !strcmp(value, "null");
		question->hints.ai_family = family_of(value);
		break;
	case 'f':
		question->hints.ai_flags = (int)strtol(value, NULL, 0);
		break;
	case 't':
		question->hints.ai_socktype = atoi(value);
		break;
	case 'p':
		question->hints.ai_protocol = atoi(value);
		break;
	case 's':
		question->service = value;
		break;
	case 'x':
		question->free_how = value;
		break;
	case 'r':
		ret->repeats = atol(value);
		break;
	case 'm':
		ret->matrix = true;
		break;
	case 'S':
		printf("secure=%lu\n", getauxval(AT_SECURE));
		break;
	case 'L':
		printf("%s\n", libc_name());
		break;
	default:
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct options options = { .question = { .free_how = "whole" } };
	int lowest = dup(0);
	int option;

	close(lowest);
	options.question.hints.ai_socktype = SOCK_STREAM;
	while ((option = getopt(argc, argv, "F:f:t:p:s:x:r:mSL")) != -1)
		read_option(option, optarg, &options);
	for (; optind < argc; optind++) {
		repeat(argv[optind], &options.question, options.repeats);
		if (options.matrix)
			ask_matrix(argv[optind], options.question);
		else
			ask(argv[optind], &options.question);
	}
	/* Lookups leave no descriptor open. */
	MUST(dup(0) == lowest);
	return 0;
}
