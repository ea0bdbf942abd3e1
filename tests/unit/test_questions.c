/* SPDX-License-Identifier: MIT */
/* The table of questions: which are changed, which answers are theirs, and for how long. */
#include "child.h"
#include "dns.h"
#include "dns/questions.h"

#include <time.h>

/* The clock by which the table lets go of what is old. */
static time_t now = 1000000;

time_t time(time_t *ret)
{
	if (ret)
		*ret = now;
	return now;
}

/* Writes the message about NAME#ID: a question, or an answer as the server of a changed one sends.
 */
static void write_message(const char *flags, const char *type, const char *about, struct dns *ret)
{
	char text[512];
	const char *id = strchr(about, '#');

	snprintf(text, sizeof(text), "#%s ~0=%s ?%.*s/%s", flags, id + 1, (int)(id - about), about,
		 type);
	dns_write(ret, text);
}

static enum questions_advice put_to(const char *about, const void *to, socklen_t to_len)
{
	struct question question;
	struct dns msg;

	write_message("0100", "AAAA", about, &msg);
	child_need(message_read_question(msg.bytes, msg.len, &question));
	return questions_put(msg.bytes, msg.len, &question, to, to_len);
}

static char put(const char *about)
{
	static const char advice[] = { [QUESTIONS_CHANGE] = 'C',
				       [QUESTIONS_NO_RECORD] = 'N',
				       [QUESTIONS_UNSEEN] = 'U',
				       [QUESTIONS_FULL] = 'F' };

	return advice[put_to(about, NULL, 0)];
}

static char put_many(int count)
{
	static unsigned next;
	char about[64];
	char advice = '-';

	for (; count > 0; count--, next++) {
		snprintf(about, sizeof(about), "many%u.test#%04x", next, next & 0xffff);
		advice = put(about);
	}
	return advice;
}

static const struct asked *take(const char *type, const char *about)
{
	struct dns msg;

	write_message("8180", type, about, &msg);
	return questions_take(msg.bytes, msg.len);
}

static char take_and(const char *about, enum questions_next next)
{
	static const char done[] = {
		[QUESTIONS_WAITS] = 'p', [QUESTIONS_ANSWERED] = 'a', [QUESTIONS_REMEMBERED] = 'r'
	};
	const struct asked *asked = take("A", about);

	if (!asked)
		return '-';
	questions_release(asked, next);
	return done[next];
}

static char drop(const char *about)
{
	struct question question;
	struct dns msg;

	write_message("0100", "AAAA", about, &msg);
	child_need(message_read_question(msg.bytes, msg.len, &question));
	questions_drop(msg.bytes, &question);
	return 'd';
}

/* Returns what becomes of one step: a letter, and 0 for the clock. */
static char step(const char *word)
{
	switch (*word) {
	case '?':
		return put(word + 1);
	case '*':
		return put_many(atoi(word + 1));
	case '=':
		return take_and(word + 1, QUESTIONS_ANSWERED);
	case '%':
		return take_and(word + 1, QUESTIONS_WAITS);
	case '!':
		return take_and(word + 1, QUESTIONS_REMEMBERED);
	case '4':
		return take("AAAA", word + 1) ? '4' : '-';
	case 'x':
		return drop(word + 1);
	default:
		now += atoi(word);
		return 0;
	}
}

struct row {
	const char *steps;
	const char *wanted; /* a letter for each step, and how many wait in the end */
};

static void run_steps(const void *arg)
{
	const struct row *row = arg;
	char *copy = strdup(row->steps);
	char *rest = copy;

	for (char *word = strsep(&rest, " "); word; word = strsep(&rest, " ")) {
		char letter = step(word);

		if (letter)
			fputc(letter, child_answer);
	}
	free(copy);
	fprintf(child_answer, " %u", questions_waiting);
	child_need(questions_is_any() == (questions_waiting > 0));
}

static void check(void **state)
{
	const struct row *row = *state;
	struct child child;

	child_run(run_steps, row, &child);
	assert_string_equal(child.said, row->wanted);
	assert_string_equal(child.log, "");
}

static void tell_destination(void)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_port = htons(53) };
	const struct asked *asked;

	child_need(put_to("a.test#0001", &to, sizeof(to)) == QUESTIONS_CHANGE);
	child_need(put_to("b.test#0002", NULL, 0) == QUESTIONS_CHANGE);
	asked = take("A", "b.test#0002");
	child_need(asked && !asked->to_len);
	asked = take("A", "a.test#0001");
	child_need(asked && asked->to_len == sizeof(to) && !memcmp(&asked->to, &to, sizeof(to)));
	child_need(asked->len == 12 + 8 + 4 && asked->end == asked->len);
	child_need(asked->msg[asked->end - 3] == MESSAGE_AAAA);
	fputs("done", child_answer);
}

/* A child has its parent's questions, and each has its own from then on. */
static void fork_and_take(void)
{
	int status;
	pid_t pid;

	child_need(put("a.test#0001") == 'C');
	pid = fork();
	if (!pid) {
		child_need(take_and("a.test#0001", QUESTIONS_ANSWERED) == 'a');
		child_need(put("b.test#0002") == 'C');
		_exit(0);
	}
	child_need(waitpid(pid, &status, 0) == pid && !status);
	child_need(take_and("b.test#0002", QUESTIONS_ANSWERED) == '-');
	child_need(take_and("a.test#0001", QUESTIONS_ANSWERED) == 'a');
	fputs("done", child_answer);
}

static uint32_t fnv(const unsigned char *bytes, size_t len)
{
	uint32_t hash = 2166136261U;

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ bytes[i]) * 16777619U;
	return hash;
}

struct hashed {
	uint32_t hash;
	unsigned number;
};

static int compare(const void *a, const void *b)
{
	const struct hashed *one = a, *other = b;

	return (one->hash > other->hash) - (one->hash < other->hash);
}

/* Finds two names with one hash of what stands in a question. */
static void find_twins(char first[32], char second[32])
{
	enum { COUNT = 400000 };
	struct hashed *table = calloc(COUNT, sizeof(*table));
	char name[32];

	for (unsigned i = 0; i < COUNT; i++) {
		unsigned number = i * 2654435761U;

		snprintf(name, sizeof(name), "\010%08x\004test", number);
		table[i] = (struct hashed){ fnv((unsigned char *)name, strlen(name) + 1), number };
	}
	qsort(table, COUNT, sizeof(*table), compare);
	for (unsigned i = 1; i < COUNT; i++)
		if (table[i].hash == table[i - 1].hash) {
			snprintf(first, 32, "%08x.test#0001", table[i].number);
			snprintf(second, 32, "%08x.test#0001", table[i - 1].number);
			free(table);
			return;
		}
	abort();
}

/* Two names that the table cannot tell apart by what it looks at first: same hash, same ID. */
static void tell_twins_apart(void)
{
	char first[32], second[32];

	find_twins(first, second);
	child_need(put(first) == 'C');
	child_need(take_and(second, QUESTIONS_ANSWERED) == '-');
	child_need(put(second) == 'C');
	child_need(take_and(second, QUESTIONS_REMEMBERED) == 'r');
	child_need(put(first) == 'C' && put(second) == 'N');
	drop(second);
	child_need(take_and(first, QUESTIONS_ANSWERED) == 'a');
	child_need(take_and(first, QUESTIONS_ANSWERED) == 'a');
	child_need(take_and(first, QUESTIONS_ANSWERED) == '-' && !questions_is_any());
	fputs("done", child_answer);
}

int main(void)
{
	/* clang-format off */
	const struct CMUnitTest tests[] = {
#define ROW(name, ...) UNIT_ROW("questions_" name, check, row, __VA_ARGS__)
		ROW("answered_once_is_answered", "?a.test#0001 =a.test#0001 =a.test#0001", "Ca- 0"),
		ROW("answered_by_another_name_is_not", "?a.test#0001 =b.test#0001", "C- 1"),
		ROW("answered_with_another_id_is_not", "?a.test#0001 =a.test#0002", "C- 1"),
		ROW("answered_with_other_letters_is_not", "?A.test#0001 =a.test#0001", "C- 1"),
		ROW("answered_to_the_letter_is", "?aB.tEst#0001 =aB.tEst#0001", "Ca 0"),
		ROW("answered_with_aaaa_is_not", "?a.test#0001 4a.test#0001 =a.test#0001", "C-a 0"),
		ROW("of_one_id_are_told_apart", "?a.test#0001 ?b.test#0001 =b.test#0001 =b.test#0001 "
		    "=a.test#0001", "CCa-a 0"),
		ROW("of_one_name_are_told_apart", "?a.test#0001 ?a.test#0002 =a.test#0002 =a.test#0002 "
		    "=a.test#0001", "CCa-a 0"),
		ROW("looked_at_waits_on", "?a.test#0001 %a.test#0001 %a.test#0001 =a.test#0001", "Cppa 0"),
		ROW("dropped_waits_no_more", "?a.test#0001 xa.test#0001 =a.test#0001", "Cd- 0"),
		ROW("dropped_unasked_is_nothing", "?a.test#0001 xb.test#0001 xa.test#0002 =a.test#0001",
		    "Cdda 0"),
		/* Each that left has an answer to come: two servers were asked, or one twice. */
		ROW("sent_to_two_servers_at_once_are_both_changed",
		    "?a.test#0001 ?a.test#0001 =a.test#0001 =a.test#0001 =a.test#0001", "CCaa- 0"),
		ROW("sent_to_two_servers_across_a_second_are_both_changed",
		    "?a.test#0001 +1 ?a.test#0001 =a.test#0001 =a.test#0001", "CCaa 0"),
		ROW("dropped_of_two_leaves_one", "?a.test#0001 ?a.test#0001 xa.test#0001 =a.test#0001 "
		    "=a.test#0001", "CCda- 0"),
		ROW("repeated_unseen_leaves_as_it_was", "?a.test#0001 +2 ?a.test#0001", "CU 1"),
		ROW("repeated_unseen_with_another_id_leaves_as_it_was", "?a.test#0001 +2 ?a.test#0002",
		    "CU 1"),
		ROW("repeated_unseen_in_other_letters_leaves_as_it_was", "?a.test#0001 +2 ?A.test#0001",
		    "CU 1"),
		ROW("repeated_unseen_soon_is_changed", "?a.test#0001 +1 ?a.test#0002", "CC 2"),
		ROW("repeated_unseen_still_answers_the_first",
		    "?a.test#0001 +2 ?a.test#0001 =a.test#0001", "CUa 0"),
		ROW("about_another_host_unseen_is_changed", "?a.test#0001 +2 ?b.test#0001", "CC 2"),
		ROW("repeated_seen_is_changed", "?b.test#0009 =b.test#0009 ?a.test#0001 +2 ?a.test#0001 "
		    "?a.test#0003", "CaCCC 3"),
		ROW("repeated_while_the_clock_is_set_back_is_changed", "?a.test#0001 -1 ?a.test#0002",
		    "CC 2"),
		ROW("remembered_is_not_asked_for_a", "?a.test#0001 !a.test#0001 ?a.test#0002 ?A.TEST#0003",
		    "CrNN 0"),
		ROW("remembered_says_nothing_of_others", "?a.test#0001 !a.test#0001 ?b.test#0001 "
		    "?b.a.test#0002", "CrCC 2"),
		ROW("remembered_for_a_minute_is", "?a.test#0001 !a.test#0001 +60 ?a.test#0002", "CrN 0"),
		ROW("remembered_for_longer_is_not", "?a.test#0001 !a.test#0001 +61 ?a.test#0002", "CrC 1"),
		ROW("remembered_from_the_answer_on_is", "?a.test#0001 +50 !a.test#0001 +50 ?a.test#0002",
		    "CrN 0"),
		ROW("waiting_for_a_minute_is_answered", "?a.test#0001 +60 ?b.test#0002 =a.test#0001",
		    "CCa 1"),
		ROW("waiting_for_longer_is_forgotten", "?a.test#0001 +61 ?b.test#0002 =a.test#0001",
		    "CC- 1"),
		ROW("waiting_while_the_clock_is_set_back_is_answered",
		    "?a.test#0001 -1 ?b.test#0002 =a.test#0001", "CCa 1"),
		ROW("waiting_while_the_clock_is_set_back_far_is_forgotten",
		    "*128 -100000 ?a.test#0002", "CC 1"),
		ROW("that_fill_the_table_are_changed", "*128", "C 128"),
		ROW("beyond_the_table_are_not_changed", "*129 ?a.test#0001", "FF 128"),
		ROW("beyond_the_table_are_changed_once_there_is_room",
		    "*129 =many5.test#0005 ?a.test#0001 ?b.test#0001", "FaCF 128"),
		ROW("beyond_the_table_are_changed_once_it_is_old", "*129 +61 ?a.test#0001", "FC 1"),
#undef ROW
		CHILD(questions_keep_their_destination, tell_destination, "done", ""),
		CHILD(questions_before_a_fork_are_both_processes, fork_and_take, "done", ""),
		CHILD(questions_with_one_hash_are_told_apart, tell_twins_apart, "done", ""),
	};
	/* clang-format on */

	return cmocka_run_group_tests(tests, NULL, NULL);
}
