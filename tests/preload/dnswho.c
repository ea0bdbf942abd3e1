/* SPDX-License-Identifier: MIT */
/* Asks as dns.c does, where the one who asks and the one who receives are not the same descriptor,
 * thread or process, and where the rules change meanwhile: dnswho SCENARIO ZONE */
#define _GNU_SOURCE
#include "dnsclient.h"

#include <pthread.h>
#include <sys/syscall.h>

/* The one who asks and the one who receives: other descriptors and processes. */
static void others(void)
{
	int fd = dns_socket(&world);
	int twin = dup(fd);
	struct dns_message asked = ask_for("one");

	printf("dup:");
	ask(fd, &asked);
	receive(twin, &asked, 0, 512);
	asked = ask_for("one");
	printf("\nchild:");
	ask(fd, &asked);
	fflush(stdout);
	if (!fork()) {
		receive(fd, &asked, 0, 512);
		asked = ask_for("chain");
		printf(" own:");
		ask(fd, &asked);
		receive(fd, &asked, 0, 512);
		puts("");
		fflush(stdout);
		_exit(0);
	}
	MUST(wait(NULL) > 0);
	number++;
	asked = ask_for("one");
	printf("parent:");
	ask(fd, &asked);
	receive(fd, &asked, 0, 512);
	puts("");
}

static void *read_late(void *arg)
{
	struct dns_message *asked = arg;
	unsigned char buf[DNS_ROOM];
	ssize_t got = read((int)asked->bytes[DNS_ROOM - 1], buf, sizeof(buf));

	tell(asked, buf, got);
	return NULL;
}

/* A reader that waits before the question leaves. */
static void waiting(void)
{
	static struct dns_message asked;
	int fd = dns_socket(&world);
	pthread_t reader;

	asked = ask_for("one");
	asked.bytes[DNS_ROOM - 1] = (unsigned char)fd;
	MUST(!pthread_create(&reader, NULL, read_late, &asked));
	usleep(200000);
	MUST(send(fd, asked.bytes, asked.len, 0) == (ssize_t)asked.len);
	MUST(!pthread_join(reader, NULL));
	printf(" wire=%s\n", dns_seen(&world, number++, &asked));
}

/* A reader that pin4 does not see, as io_uring is one; the process asks again. */
static void unseen(void)
{
	int fd = dns_socket(&world);
	unsigned char buf[DNS_ROOM];
	struct dns_message asked = ask_for("one");

	ask(fd, &asked);
	tell(&asked, buf, syscall(SYS_recvfrom, fd, buf, sizeof(buf), 0, NULL, NULL));
	sleep(2);
	asked = ask_for("one");
	ask(fd, &asked);
	tell(&asked, buf, syscall(SYS_recvfrom, fd, buf, sizeof(buf), 0, NULL, NULL));
	puts("");
}

static const char *self; /* the program */

/* One asks and another process receives: once the first has asked again it gets its answer. */
static void passed(void)
{
	int fd = dns_socket(&world);

	for (int i = 0; i < 2; i++) {
		struct dns_message asked = ask_for("one");
		int status;

		ask(fd, &asked);
		fflush(stdout);
		if (!fork()) {
			execl(self, self, "receive", (char[]){ (char)('0' + fd), 0 }, zone,
			      (char *)NULL);
			_exit(1);
		}
		MUST(wait(&status) > 0 && !status);
		sleep(i ? 0 : 2);
	}
}

/* The other process of passed(). */
static int receive_passed(int fd)
{
	struct dns_message asked = ask_for("one");
	unsigned char buf[DNS_ROOM];
	ssize_t got = recv(fd, buf, sizeof(buf), 0);

	asked.bytes[0] = buf[0];
	asked.bytes[1] = buf[1];
	tell(&asked, buf, got);
	puts("");
	return 0;
}

/* Literal addresses stay as they are, whatever a pinned host's records say: the server says of
 * self.ZONE that it is at ::1. */
static void literal(void)
{
	struct sockaddr_in6 addr = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in6 from;
	socklen_t len = sizeof(addr);
	int server = socket(AF_INET6, SOCK_DGRAM, 0);
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);
	char text[INET6_ADDRSTRLEN];
	char byte;

	MUST(server >= 0 && !bind(server, (struct sockaddr *)&addr, len));
	MUST(!getsockname(server, (struct sockaddr *)&addr, &len));
	one("self", 512, NULL, 0);
	MUST(sendto(fd, "x", 1, 0, (struct sockaddr *)&addr, len) == 1);
	MUST(recvfrom(server, &byte, 1, 0, (struct sockaddr *)&from, &len) == 1);
	printf("sendto: server sees %s,", probe_text((struct sockaddr *)&from, text, sizeof(text)));
	MUST(sendto(server, "y", 1, 0, (struct sockaddr *)&from, len) == 1);
	MUST(recvfrom(fd, &byte, 1, 0, (struct sockaddr *)&from, &len) == 1);
	printf(" answer from %s\n", memcmp(&from, &addr, sizeof(from)) ? "another" : "its peer");
	MUST(!connect(fd, (struct sockaddr *)&addr, len));
	MUST(!getpeername(fd, (struct sockaddr *)&from, &len));
	printf("connect: peer %s\n", probe_text((struct sockaddr *)&from, text, sizeof(text)));
}

static void write_rules(const char *rules)
{
	const char *path = getenv("PIN4_CONFIG");
	char other[1024];
	FILE *file;

	snprintf(other, sizeof(other), "%s.new", path);
	file = fopen(other, "w");
	MUST(file && fputs(rules, file) >= 0 && !fclose(file) && !rename(other, path));
	sleep(2); /* the file is looked at once a second */
}

/* The rules file changes while the program runs: pin4 looks once a second. */
static void reload(void)
{
	char rules[256];

	one("one", 512, NULL, 0);
	snprintf(rules, sizeof(rules), "*.%s\n", zone);
	write_rules(rules);
	one("one", 512, NULL, 0);
	one("chain", 512, NULL, 0);
	snprintf(rules, sizeof(rules), "*.%s except:one.%s\n", zone, zone);
	write_rules(rules);
	one("one", 512, NULL, 0);
	one("chain", 512, NULL, 0);
	write_rules("");
	one("chain", 512, NULL, 0);
}

int main(int argc, char **argv)
{
	static const struct scenario scenarios[] = { { "others", others }, { "waiting", waiting },
						     { "unseen", unseen }, { "literal", literal },
						     { "passed", passed }, { "reload", reload } };

	self = argv[0];
	if (argc == 4) {
		zone = argv[3];
		return receive_passed(*argv[2] - '0');
	}
	MUST(argc == 3);
	zone = argv[2];
	return run_scenario(scenarios, sizeof(scenarios) / sizeof(*scenarios), argv[1]);
}
