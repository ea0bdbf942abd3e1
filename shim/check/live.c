/* SPDX-License-Identifier: MIT */
/* What puts the library into the resolver of a running Erlang or Elixir node, and takes it out. */
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "memory.h"

/* The lines of one language. The way in has hosts and config in it only where there are some, and
 * a dollar sign for the value. The node keeps what was there before, so that both ways may be gone
 * twice. Nothing has an apostrophe, because a shell gets the same in a pair of them. */
struct language {
	const char *in, *hosts, *config, *end, *out;
};

#define NAMES "[\"LD_PRELOAD\", \"PIN4_HOSTS\", \"PIN4_CONFIG\", \"PIN4\"]"

static const struct language elixir = {
	.in = "pin4 = :application.get_env(:kernel, :pin4, Map.new(" NAMES
	      ", &{&1, System.get_env(&1)})); :application.set_env(:kernel, :pin4, pin4); "
	      "System.put_env(\"LD_PRELOAD\", \"$:#{pin4[\"LD_PRELOAD\"]}\"); ",
	.hosts = "System.put_env(\"PIN4_HOSTS\", \"#{pin4[\"PIN4_HOSTS\"]}\\n$\"); ",
	.config = "System.put_env(\"PIN4_CONFIG\", \"$\"); ",
	.end = "System.delete_env(\"PIN4\"); :inet_gethost_native.control(:soft_restart)",
	.out = "for {name, was} <- :application.get_env(:kernel, :pin4, []), do: if(was, do: "
	       "System.put_env(name, was), else: System.delete_env(name)); "
	       ":application.unset_env(:kernel, :pin4); "
	       ":inet_gethost_native.control(:soft_restart)",
};

static const struct language erlang = {
	.in = "(fun(Was) -> application:set_env(kernel, pin4, Was), os:putenv(\"LD_PRELOAD\", "
	      "\"$:\" ++ proplists:get_value(\"LD_PRELOAD\", Was, \"\")), ",
	.hosts = "os:putenv(\"PIN4_HOSTS\", proplists:get_value(\"PIN4_HOSTS\", Was, \"\") ++ "
		 "\"\\n$\"), ",
	.config = "os:putenv(\"PIN4_CONFIG\", \"$\"), ",
	.end = "os:unsetenv(\"PIN4\"), inet_gethost_native:control(soft_restart) end)"
	       "(application:get_env(kernel, pin4, [{N, V} || N <- " NAMES
	       ", V <- [os:getenv(N)], V =/= false])).",
	.out = "[case proplists:get_value(N, Was) of undefined -> os:unsetenv(N); V -> "
	       "os:putenv(N, V) end || {ok, Was} <- [application:get_env(kernel, pin4)], N "
	       "<- " NAMES "], application:unset_env(kernel, pin4), "
	       "inet_gethost_native:control(soft_restart).",
};

/* What the language's lines hold; NULL for what they do not. */
struct cure {
	const char *library, *hosts, *config;
};

/* As the inside of a string of either language. */
static void print_value(const char *value)
{
	static const char hex[] = "0123456789abcdef";
	struct log_line line = { .len = 0 };

	for (; *value; value++) {
		unsigned char byte = (unsigned char)*value;
		const char plain[] = { *value, '\0' };
		const char coded[] = { '\\', 'x', hex[byte >> 4], hex[byte & 15], '\0' };
		bool is_plain = byte >= ' ' && byte != '"' && byte != '\\' && byte != '\'' &&
				byte != '#' && byte != 0x7f;

		log_text(&line, is_plain ? plain : coded);
		check_flush(STDOUT_FILENO, &line);
	}
}

/* The text, with value where it has a dollar sign. */
static void print(const char *text, const char *value)
{
	struct log_line line = { .len = 0 };

	for (; *text; text++) {
		const char plain[] = { *text, '\0' };

		if (*text != '$') {
			log_text(&line, plain);
			continue;
		}
		check_flush(STDOUT_FILENO, &line);
		print_value(value);
	}
	check_flush(STDOUT_FILENO, &line);
}

static void print_in(const struct language *language, const struct cure *cure)
{
	print(language->in, cure->library);
	if (cure->hosts)
		print(language->hosts, cure->hosts);
	if (cure->config)
		print(language->config, cure->config);
	print(language->end, "");
}

static void print_cure(const struct cure *cure)
{
	print("# Elixir: the way in\n", "");
	print_in(&elixir, cure);
	print("\n\n# Elixir: the way out\n", "");
	print(elixir.out, "");
	print("\n\n% Erlang: the way in\n", "");
	print_in(&erlang, cure);
	print("\n\n% Erlang: the way out\n", "");
	print(erlang.out, "");
	print("\n\n# A shell, for an Elixir release: the way in\nbin/APP rpc '", "");
	print_in(&elixir, cure);
	print("'\n\n# A shell: the way out\nbin/APP rpc '", "");
	print(elixir.out, "");
	print("'\n\n# A shell, beside a node that dies at boot: start this first\n"
	      "until bin/APP rpc '",
	      "");
	print_in(&elixir, cure);
	print("'; do sleep 0.1; done\n", "");
}

/* The good rules of PIN4_HOSTS, with commas between them; NULL if there is none. */
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
	return len ? hosts : NULL;
}

static void print_notes(void)
{
	static const char notes[] =
		"This restarts the node's lookup helper and nothing else, and lasts until the node "
		"ends.\n"
		"A node with {lookup,[dns]} asks DNS itself until it is told not to:\n"
		"    Elixir: :inet_db.set_lookup([:native])    Erlang: "
		"inet_db:set_lookup([native]).\n"
		"inet_res stays uncovered, and so does a socket that is bound to an IPv6 address "
		"or set to\n"
		"IPv6 only. Programs that the node starts later have pin4 too. For good: "
		"LD_PRELOAD and\n"
		"PIN4_HOSTS in the next deploy.\n";
	struct log_line line = { .len = 0 };

	log_text(&line, notes);
	check_flush(STDERR_FILENO, &line);
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
		return check_say("these rules have to be right first");
	check_put_library(&library);
	library.text[library.len] = '\0';
	cure = (struct cure){ .library = library.text,
			      .hosts = join_hosts(&reading),
			      .config = settings.is_config_named ? settings.config : NULL };
	if (!cure.hosts && !cure.config)
		return check_say("live needs rules: -H RULES or -c FILE");
	print_cure(&cure);
	print_notes();
	return CHECK_GOOD;
}
