/* SPDX-License-Identifier: MIT */
/* What puts the library into the resolver of a running Erlang or Elixir node, and takes it out. */
#include <stdint.h>
#include <string.h>

#include "check.h"
#include "memory.h"

struct cure {
	const char *library, *hosts, *config; /* "" for none */
};

/* In all texts, a NUL and a letter stand for a value or another text: see print_part(). Two NULs
 * end a text. Elixir's lines have no apostrophe, because a shell gets them between two. The node
 * keeps the former values, so that each line can be run twice. */
static const char page[] = "# Elixir: the way in\n\0i\n\n"
			   "# Elixir: the way out\n\0o\n\n"
			   "% Erlang: the way in\n\0I\n\n"
			   "% Erlang: the way out\n\0O\n\n"
			   "# A shell, for an Elixir release: the way in\nbin/APP rpc '\0i'\n\n"
			   "# A shell: the way out\nbin/APP rpc '\0o'\n\n"
			   "# A shell, beside a node that dies at boot: start this first\n"
			   "until bin/APP rpc '\0i'; do sleep 0.1; done\n\0";

#define NAMES "[\"LD_PRELOAD\", \"PIN4_HOSTS\", \"PIN4_CONFIG\", \"PIN4\"]"

static const char elixir_in[] =
	"pin4 = :application.get_env(:kernel, :pin4, Map.new(" NAMES
	", &{&1, System.get_env(&1)})); :application.set_env(:kernel, :pin4, pin4); "
	"System.put_env(\"LD_PRELOAD\", \"\0l:#{pin4[\"LD_PRELOAD\"]}\"); "
	"System.put_env(\"PIN4_HOSTS\", \"#{pin4[\"PIN4_HOSTS\"]}\\n\0r\"); \0c"
	"System.delete_env(\"PIN4\"); :inet_gethost_native.control(:soft_restart)\0";
static const char elixir_config[] = "System.put_env(\"PIN4_CONFIG\", \"\0f\"); \0";
static const char elixir_out[] =
	"for {name, was} <- :application.get_env(:kernel, :pin4, []), do: if(was, do: "
	"System.put_env(name, was), else: System.delete_env(name)); "
	":application.unset_env(:kernel, :pin4); :inet_gethost_native.control(:soft_restart)\0";

static const char erlang_in[] =
	"(fun(Was) -> application:set_env(kernel, pin4, Was), "
	"os:putenv(\"LD_PRELOAD\", \"\0l:\" ++ proplists:get_value(\"LD_PRELOAD\", Was, \"\")), "
	"os:putenv(\"PIN4_HOSTS\", proplists:get_value(\"PIN4_HOSTS\", Was, \"\") ++ \"\\n\0r\"), "
	"\0Cos:unsetenv(\"PIN4\"), inet_gethost_native:control(soft_restart) end)"
	"(application:get_env(kernel, pin4, [{N, V} || N <- " NAMES
	", V <- [os:getenv(N)], V =/= false])).\0";
static const char erlang_config[] = "os:putenv(\"PIN4_CONFIG\", \"\0f\"), \0";
static const char erlang_out[] =
	"[case proplists:get_value(N, Was) of undefined -> os:unsetenv(N); V -> os:putenv(N, V) "
	"end || {ok, Was} <- [application:get_env(kernel, pin4)], N <- " NAMES
	"], application:unset_env(kernel, pin4), inet_gethost_native:control(soft_restart).\0";

static void print(const char *text, const struct cure *cure);

/* A value may be longer than what fits a line. */
static void print_value(const char *value)
{
	for (; *value; value++)
		check_print("%v", (const char[]){ *value, '\0' });
}

static void print_part(char letter, const struct cure *cure)
{
	switch (letter) {
	case 'l':
		print_value(cure->library);
		break;
	case 'r':
		print_value(cure->hosts);
		break;
	case 'f':
		print_value(cure->config);
		break;
	case 'i':
	case 'I':
		print(letter == 'i' ? elixir_in : erlang_in, cure);
		break;
	case 'o':
	case 'O':
		print(letter == 'o' ? elixir_out : erlang_out, cure);
		break;
	default:
		if (*cure->config)
			print(letter == 'c' ? elixir_config : erlang_config, cure);
	}
}

static void print(const char *text, const struct cure *cure)
{
	for (;;) {
		check_print("%s", text);
		text += strlen(text) + 1;
		if (!*text)
			return;
		print_part(*text++, cure);
	}
}

/* The good rules of PIN4_HOSTS, with commas between them. */
static const char *join_hosts(const struct reading *reading)
{
	char *hosts = memory_map(strlen(reading->settings.hosts) + 2);
	struct check_place place = { 0 };
	struct rule rule;
	size_t len = 0;

	while (hosts && check_next_rule(reading->rules, &place, &rule)) {
		if (rule.source->is_file)
			continue;
		if (len)
			hosts[len++] = ',';
		memcpy(hosts + len, rule.token, rule.token_len);
		len += rule.token_len;
	}
	return hosts ? hosts : "";
}

static void say_notes(void)
{
	check_say("this restarts only the node's lookup helper, and lasts until the node ends.\n"
		  "A node with {lookup,[dns]} asks DNS itself; this stops it:\n"
		  "    Elixir: :inet_db.set_lookup([:native])    Erlang: "
		  "inet_db:set_lookup([native]).\n"
		  "Not covered: inet_res, and sockets that are bound to an IPv6 address or\n"
		  "restricted to IPv6. Programs that the node starts later are pinned too.\n"
		  "For good: set LD_PRELOAD and PIN4_HOSTS in the next deploy.");
}

int check_live(void)
{
	struct log_line library = { .len = 0 };
	struct settings settings;
	struct reading reading;
	struct cure cure;

	settings_read(&settings);
	settings.is_off = false;
	if (!allowlist_gather(&settings, &reading))
		return CHECK_BAD;
	log_remember_stderr();
	log_open(LOG_ERROR, NULL);
	if (allowlist_complain(&reading, SIZE_MAX))
		return check_say("correct the bad rules first");
	check_put_library(&library);
	cure = (struct cure){ .library = library.text,
			      .hosts = join_hosts(&reading),
			      .config = settings.is_config_named ? settings.config : "" };
	if (!*cure.hosts && !*cure.config)
		return check_say("live needs rules: -H RULES or -c FILE");
	print(page, &cure);
	say_notes();
	return CHECK_GOOD;
}
