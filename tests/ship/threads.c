/* SPDX-License-Identifier: MIT */
/* Four threads look a pinned host and another one up over and over, as AF_INET6, by the libc's own
 * resolver; prints how many answers were mapped addresses: threads PINNED OTHER. */
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

#define THREADS 4
#define ROUNDS 1000

struct tally {
	char **hosts;
	int mapped[2];
};

static bool is_mapped(const char *host)
{
	struct addrinfo hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM };
	struct addrinfo *list;
	bool mapped;

	if (getaddrinfo(host, NULL, &hints, &list))
		return false;
	mapped = IN6_IS_ADDR_V4MAPPED(&((struct sockaddr_in6 *)(void *)list->ai_addr)->sin6_addr);
	freeaddrinfo(list);
	return mapped;
}

static void *run(void *arg)
{
	struct tally *tally = arg;

	for (int i = 0; i < ROUNDS; i++)
		for (int host = 0; host < 2; host++)
			tally->mapped[host] += is_mapped(tally->hosts[host]);
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	struct tally tallies[THREADS] = { 0 };
	int mapped[2] = { 0 };

	if (argc != 3)
		return 2;
	for (int i = 0; i < THREADS; i++) {
		tallies[i].hosts = argv + 1;
		if (pthread_create(&threads[i], NULL, run, &tallies[i]))
			return 1;
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(threads[i], NULL);
		mapped[0] += tallies[i].mapped[0];
		mapped[1] += tallies[i].mapped[1];
	}
	printf("pinned %d of %d, other %d of %d\n", mapped[0], THREADS * ROUNDS, mapped[1],
	       THREADS * ROUNDS);
	return 0;
}
