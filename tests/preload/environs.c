/* SPDX-License-Identifier: MIT */
/* Loses its environment before its first lookup, as programs do, and prints what both.test gets:
 * environs clear|null|overwrite|unset. */
#define _GNU_SOURCE
#include "probe.h"

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	char text[INET6_ADDRSTRLEN];

	if (!strcmp(how, "clear"))
		clearenv();
	else if (!strcmp(how, "null"))
		environ = NULL;
	else if (!strcmp(how, "unset"))
		unsetenv("PIN4_HOSTS");
	else if (!strcmp(how, "overwrite")) /* as setproctitle() does */
		for (char **variable = environ; *variable; variable++)
			memset(*variable, 'x', strlen(*variable));
	else
		return 2;
	printf("%s\n", probe_lookup("both.test", AF_INET6, text, sizeof(text)));
	return 0;
}
