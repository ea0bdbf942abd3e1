/* SPDX-License-Identifier: MIT */
/* The settings: each case is a process of its own with its own environment, because they are
 * copied once a process. */
#include <fcntl.h>
#include <sys/auxv.h>
#include <sys/syscall.h>

#include "child.h"
#include "nomap.h"
#include "settings.h"

extern char **environ;

#define ENVIRONMENT(...) ((char **)(uintptr_t)(const char *const[]){ __VA_ARGS__, NULL })

static bool is_secure;

/* Says of this process that it is AT_SECURE when the test wants it; all else as the kernel does.
 * A sanitizer asks too, before it is ready to watch this function. */
__attribute__((no_sanitize("address", "undefined"))) unsigned long getauxval(unsigned long type)
{
	unsigned long pair[2] = { 0 };
	unsigned long value = 0;
	int fd;

	if (type == AT_SECURE)
		return is_secure;
	fd = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/auxv", O_RDONLY);
	while (syscall(SYS_read, fd, pair, sizeof(pair)) == sizeof(pair))
		if (pair[0] == type)
			value = pair[1];
	syscall(SYS_close, fd);
	return value;
}

static const char *or_null(const char *text)
{
	return text ? text : "NULL";
}

static void say_settings(void)
{
	struct settings settings;

	settings_read(&settings);
	fprintf(child_answer, "%s%s %s file=%s config=%s hosts=%s check=%s",
		settings.is_off ? "off" : "on", settings.is_config_named ? " named" : "",
		(const char *[]){ "OFF", "ERROR", "INFO" }[settings.log_level],
		or_null(settings.log_file), or_null(settings.config), or_null(settings.hosts),
		or_null(settings_check()));
	log_remember_stderr();
	log_open(LOG_ERROR, NULL);
	settings_complain();
}

#define THE_REST " ERROR file=NULL config=/etc/pin4.conf hosts= check=NULL"
#define DEFAULTS "on" THE_REST
#define VARIABLES_MOST 8

struct settings_row {
	const char *environment[VARIABLES_MOST]; /* up to the first NULL */
	const char *said;
	const char *log;
};

static void read_row(const void *arg)
{
	const struct settings_row *row = arg;
	char *variables[VARIABLES_MOST + 1] = { NULL };

	for (size_t i = 0; row->environment[i]; i++)
		variables[i] = strdup(row->environment[i]);
	environ = variables;
	child_need(settings_copy());
	environ = NULL;
	for (size_t i = 0; variables[i]; i++) { /* programs write over it (setproctitle) */
		memset(variables[i], 'x', strlen(variables[i]));
		free(variables[i]);
	}
	say_settings();
}

static void check_row(void **state)
{
	const struct settings_row *row = *state;
	struct child child;

	child_run(read_row, row, &child);
	assert_string_equal(child.said, row->said);
	assert_string_equal(child.log, row->log);
}

#define SET(name, said, log, ...) \
	UNIT_ROW(#name, check_row, settings_row, { __VA_ARGS__ }, said, log)
#define UNKNOWN(variable) "error: " variable ": unknown variable: see pin4(1)\n"
#define LEVEL(setting) "error: " setting ": unknown level, using error: write off, error or info\n"
#define VALUE(setting) "error: " setting ": unknown value, pin4 stays on: write on or off\n"
#define QUOTES(setting)                                                                   \
	"error: " setting ": remove the quotes: here they are part of the value (docker " \
	"--env-file and Compose lists keep them)\n"

static void read_without_environ(void)
{
	environ = NULL;
	child_need(settings_copy());
	say_settings();
}

static void read_secure(void)
{
	environ = ENVIRONMENT("PIN4_HOSTS=a", "PIN4_LOG=info", "PIN4_LOG_FILE=/tmp/x",
			      "PIN4_CONFIG=/tmp/y", "PIN4_CHECK=rules", "PIN4_BAD=1", "PIN4=off");
	is_secure = true;
	child_need(settings_copy());
	say_settings();
}

static void copy_twice(void)
{
	environ = ENVIRONMENT("PIN4_HOSTS=first");
	child_need(settings_copy());
	environ = ENVIRONMENT("PIN4_HOSTS=second");
	child_need(settings_copy());
	say_settings();
}

/* Fills "PIN4_HOSTS=" and len letters, and one variable before it and one behind it. */
static void read_long(const void *arg)
{
	const size_t *len = arg;
	char *hosts = malloc(sizeof("PIN4_HOSTS=") + *len);
	struct settings settings;

	child_need(hosts);
	memset(stpcpy(hosts, "PIN4_HOSTS="), 'h', *len);
	hosts[sizeof("PIN4_HOSTS=") - 1 + *len] = '\0';
	environ = ENVIRONMENT("PIN4_CONFIG=/c", hosts, "PIN4_LOG=info");
	child_need(settings_copy());
	environ = NULL;
	memset(hosts, 'x', *len);
	free(hosts);
	settings_read(&settings);
	fprintf(child_answer, "%zu %zu %s %d", strlen(settings.hosts), strspn(settings.hosts, "h"),
		settings.config, settings.log_level == LOG_INFO);
}

static void check_long(size_t len)
{
	struct child child;
	char wanted[64];

	child_run(read_long, &len, &child);
	sprintf(wanted, "%zu %zu /c 1", len, len);
	assert_string_equal(child.said, wanted);
}

/* 1 KiB is where the copy moves from fixed memory to a mapping. */
static void values_around_1_kib_are_whole(void **state)
{
	(void)state;
	for (size_t len = 970; len < 1030; len++)
		check_long(len);
}

static void value_of_100000_bytes_is_whole(void **state)
{
	(void)state;
	check_long(100000);
}

static void read_long_without_memory(void)
{
	static char hosts[4096] = "PIN4_HOSTS=";

	memset(hosts + strlen(hosts), 'h', 3000);
	environ = ENVIRONMENT("PIN4_LOG=off", hosts, "PIN4_BAD=1");
	nomap_countdown = 1;
	child_need(settings_copy());
	child_need(nomap_countdown == 0);
	say_settings();
}

static const struct CMUnitTest tests[] = {
	SET(environ_empty_gives_the_defaults, DEFAULTS, "", NULL),
	SET(environ_of_others_gives_the_defaults, DEFAULTS, "", "PATH=/bin", "XPIN4=off", "PIN=off",
	    "LD_PRELOAD=PIN4=off", "pin4=off"),
	SET(environ_of_all_is_read, "off named INFO file=/l config=/c hosts=*.a b check=rules", "",
	    "PIN4=off", "PIN4_LOG=info", "PIN4_LOG_FILE=/l", "PIN4_CONFIG=/c", "PIN4_HOSTS=*.a b",
	    "PIN4_CHECK=rules"),
	SET(values_that_are_empty_give_the_defaults, DEFAULTS, "",
	    "PIN4=", "PIN4_LOG=", "PIN4_LOG_FILE=", "PIN4_CONFIG=", "PIN4_HOSTS=", "PIN4_CHECK="),
	SET(variable_without_equals_sign_counts_for_nothing, DEFAULTS, "", "PIN4", "PATH"),
	SET(variable_twice_lets_the_first_win,
	    "on ERROR file=NULL config=/etc/pin4.conf hosts=one check=NULL", "", "PIN4_HOSTS=one",
	    "PIN4_HOSTS=two"),
	SET(value_with_equals_signs_is_whole,
	    "on ERROR file=NULL config=/etc/pin4.conf hosts=a=b= check=NULL", "",
	    "PIN4_HOSTS=a=b="),
	SET(value_with_line_ends_is_whole,
	    "on ERROR file=NULL config=/etc/pin4.conf hosts=a\nb check=NULL", "",
	    "PIN4_HOSTS=a\nb"),
	SET(level_off_is_read, "on OFF file=NULL config=/etc/pin4.conf hosts= check=NULL", "",
	    "PIN4_LOG=off"),
	SET(level_error_is_read, DEFAULTS, "", "PIN4_LOG=error"),
	SET(level_info_is_read, "on INFO file=NULL config=/etc/pin4.conf hosts= check=NULL", "",
	    "PIN4_LOG=info"),
	SET(level_unknown_is_error_and_said, DEFAULTS, LEVEL("PIN4_LOG=verbose"),
	    "PIN4_LOG=verbose"),
	SET(level_in_capitals_is_unknown, DEFAULTS, LEVEL("PIN4_LOG=INFO"), "PIN4_LOG=INFO"),
	SET(level_with_a_blank_is_unknown, DEFAULTS, LEVEL("PIN4_LOG=info\\x20"), "PIN4_LOG=info "),
	SET(level_cut_short_is_unknown, DEFAULTS, LEVEL("PIN4_LOG=inf"), "PIN4_LOG=inf"),
	SET(switch_on_is_on, DEFAULTS, "", "PIN4=on"),
	SET(switch_1_is_on, DEFAULTS, "", "PIN4=1"),
	SET(switch_yes_is_on, DEFAULTS, "", "PIN4=Yes"),
	SET(switch_true_is_on, DEFAULTS, "", "PIN4=TRUE"),
	SET(switch_off_is_off, "off" THE_REST, "", "PIN4=off"),
	SET(switch_off_in_capitals_is_off, "off" THE_REST, "", "PIN4=OFF"),
	SET(switch_0_is_off, "off" THE_REST, "", "PIN4=0"),
	SET(switch_no_is_off, "off" THE_REST, "", "PIN4=No"),
	SET(switch_false_is_off, "off" THE_REST, "", "PIN4=false"),
	SET(switch_unknown_is_on_and_said, DEFAULTS, VALUE("PIN4=of"), "PIN4=of"),
	SET(switch_with_more_is_unknown, DEFAULTS, VALUE("PIN4=off1"), "PIN4=off1"),
	SET(switch_in_quotes_is_on_and_said, DEFAULTS, QUOTES("PIN4=\\x22off\\x22"),
	    "PIN4=\"off\""),
	SET(level_in_quotes_is_error_and_said, DEFAULTS, QUOTES("PIN4_LOG='info'"),
	    "PIN4_LOG='info'"),
	SET(config_in_quotes_is_said, "on named ERROR file=NULL config='/c' hosts= check=NULL",
	    QUOTES("PIN4_CONFIG='/c'"), "PIN4_CONFIG='/c'"),
	SET(log_file_in_quotes_is_said,
	    "on ERROR file='/l' config=/etc/pin4.conf hosts= check=NULL",
	    QUOTES("PIN4_LOG_FILE='/l'"), "PIN4_LOG_FILE='/l'"),
	SET(hosts_in_quotes_are_left_to_the_rules,
	    "on ERROR file=NULL config=/etc/pin4.conf hosts='a' check=NULL", "", "PIN4_HOSTS='a'"),
	SET(variable_of_the_launcher_is_known, DEFAULTS, "", "PIN4_CALLED=./libpin4.so"),
	SET(variable_unknown_is_said, DEFAULTS, UNKNOWN("PIN4_HOST"), "PIN4_HOST=a"),
	SET(variable_with_a_longer_name_is_unknown, DEFAULTS, UNKNOWN("PIN4_HOSTS_FILE"),
	    "PIN4_HOSTS_FILE=a"),
	SET(variable_in_small_letters_is_unknown, DEFAULTS, UNKNOWN("PIN4_hosts"), "PIN4_hosts=a"),
	SET(variable_without_a_name_is_unknown, DEFAULTS, UNKNOWN("PIN4_"), "PIN4_=a"),
	SET(variables_unknown_are_each_said, DEFAULTS, UNKNOWN("PIN4_A") UNKNOWN("PIN4_B"),
	    "PIN4_A=1", "PIN4_B=2"),
	SET(variable_with_hostile_bytes_is_escaped, DEFAULTS, UNKNOWN("PIN4_\\x0a\\x1b"),
	    "PIN4_\n\x1b=1"),
	SET(variable_of_another_prefix_is_not_ours, DEFAULTS, "", "PIN4X=1", "PIN46_HOSTS=a"),
	CHILD(environ_of_null_gives_the_defaults, read_without_environ, DEFAULTS, ""),
	CHILD(at_secure_ignores_the_environment_and_logs_nothing, read_secure,
	      "on OFF file=NULL config=/etc/pin4.conf hosts= check=NULL", ""),
	CHILD(copy_twice_keeps_the_first, copy_twice,
	      "on ERROR file=NULL config=/etc/pin4.conf hosts=first check=NULL", ""),
	cmocka_unit_test(values_around_1_kib_are_whole),
	cmocka_unit_test(value_of_100000_bytes_is_whole),
	CHILD(long_value_without_memory_gives_the_defaults_and_says_so, read_long_without_memory,
	      DEFAULTS, "error: PIN4: out of memory: no variable is in force\n"),
};

int main(void)
{
	return cmocka_run_group_tests(tests, NULL, NULL);
}
