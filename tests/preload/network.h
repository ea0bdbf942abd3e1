/* SPDX-License-Identifier: MIT */
/* A network of a program's own. */
#ifndef PIN4_NETWORK_H
#define PIN4_NETWORK_H

#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>

#include "probe.h"

/* Nothing in it but the loopback interface. */
static inline void network_make(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd;

	if (unshare(CLONE_NEWNET) && unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
		printf("no network\n");
		exit(0);
	}
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	MUST(fd >= 0 && !ioctl(fd, SIOCSIFFLAGS, &request));
	close(fd);
}

#endif
