/* SPDX-License-Identifier: MIT */
/* The table of questions. It relies on one word for each place, which says what is in it and whose
 * it is at the moment. */
#include "dns/questions.h"

#include <stdint.h>
#include <string.h>
#include <time.h>

enum phase {
	FREE,
	BUSY, /* somebody works on it */
	WAITING,
	TAKEN, /* it waits, and somebody works on it */
	NO_RECORD
};

/* A place's word holds its phase, the ID and a hash of the name. The hash only spares looking at
 * places in vain: what is in a place is compared as a whole. */
static struct place {
	_Atomic uint64_t word;
	_Atomic uint32_t since; /* the second of its last change */
	struct asked asked;
} places[QUESTIONS_MOST];

atomic_bool questions_expected;
_Atomic unsigned questions_waiting;

/* Whether this process ever received the answer to a changed question. */
static atomic_bool is_seen;

static enum phase phase_of(uint64_t word)
{
	return (enum phase)(word & 0xff);
}

static uint64_t with_phase(uint64_t word, enum phase phase)
{
	return (word & ~0xffULL) | phase;
}

/* Of the name that ends where a question's type begins, ASCII case aside, and of the ID. */
static uint64_t word_of(const unsigned char *msg, size_t end)
{
	uint32_t hash = 2166136261U;

	for (size_t i = MESSAGE_HEADER; i < end - 4; i++)
		hash = (hash ^ hostname_fold((char)msg[i])) * 16777619U;
	return (uint64_t)hash << 32 | (uint64_t)(msg[0] << 8 | msg[1]) << 8;
}

static bool is_same_hash(uint64_t a, uint64_t b)
{
	return a >> 32 == b >> 32;
}

static bool is_same_name(const struct asked *asked, const unsigned char *msg, size_t end)
{
	if (asked->end != end)
		return false;
	for (size_t i = MESSAGE_HEADER; i < end - 4; i++)
		if (hostname_fold((char)asked->msg[i]) != hostname_fold((char)msg[i]))
			return false;
	return true;
}

static bool is_same_question(const struct asked *asked, const unsigned char *msg, size_t end)
{
	return asked->end == end && asked->msg[0] == msg[0] && asked->msg[1] == msg[1] &&
	       memcmp(asked->msg + MESSAGE_HEADER, msg + MESSAGE_HEADER, end - MESSAGE_HEADER) == 0;
}

/* Makes a place, whose word was word, the caller's alone. */
static bool claim(struct place *place, uint64_t word, enum phase phase)
{
	return atomic_compare_exchange_strong_explicit(&place->word, &word, with_phase(word, phase),
						       memory_order_acq_rel, memory_order_relaxed);
}

/* Gives up a place that is the caller's. */
static void leave(struct place *place, enum phase phase)
{
	uint64_t word = atomic_load_explicit(&place->word, memory_order_relaxed);
	bool waited = phase_of(word) == TAKEN;

	if (phase == WAITING && !waited)
		atomic_fetch_add(&questions_waiting, 1);
	atomic_store_explicit(&place->word, phase == FREE ? FREE : with_phase(word, phase),
			      memory_order_release);
	if (phase != WAITING && waited)
		atomic_fetch_sub(&questions_waiting, 1);
}

/* Whether a place is free; one that is too old is freed: nobody waits any more, or who was at work
 * on it is gone, as other threads are in a forked child. The clock may have been set back. */
static bool is_free(struct place *place, uint64_t word, uint32_t second)
{
	uint32_t since = atomic_load_explicit(&place->since, memory_order_relaxed);
	enum phase phase = phase_of(word);

	if (phase == FREE)
		return true;
	if (second - since + QUESTIONS_PATIENCE <= 2 * QUESTIONS_PATIENCE ||
	    !atomic_compare_exchange_strong(&place->word, &word, FREE))
		return false;
	if (phase == WAITING || phase == TAKEN)
		atomic_fetch_sub(&questions_waiting, 1);
	return true;
}

/* Claims a free place, or returns NULL. Its time is set first: until it is the caller's that
 * changes nothing, and afterwards nobody may take it for an old one. */
static struct place *claim_free(uint32_t second)
{
	for (struct place *place = places; place < places + QUESTIONS_MOST; place++) {
		uint64_t word = atomic_load_explicit(&place->word, memory_order_acquire);

		if (!is_free(place, word, second))
			continue;
		atomic_store_explicit(&place->since, second, memory_order_relaxed);
		if (claim(place, FREE, BUSY))
			return place;
	}
	return NULL;
}

static enum questions_advice consult_remembered(struct place *place, uint64_t word,
						const unsigned char *msg, size_t end)
{
	bool is_about_it;

	if (!claim(place, word, BUSY))
		return QUESTIONS_CHANGE;
	is_about_it = is_same_name(&place->asked, msg, end);
	leave(place, NO_RECORD);
	return is_about_it ? QUESTIONS_NO_RECORD : QUESTIONS_CHANGE;
}

/* Whether a waiting question is asked again, with its ID or another. Of two that leave at once, to
 * two servers, none is asked again. */
static enum questions_advice consult_waiting(struct place *place, uint64_t word, uint32_t second,
					     const unsigned char *msg, size_t end)
{
	uint32_t since = atomic_load_explicit(&place->since, memory_order_relaxed);
	bool is_again;

	if (atomic_load_explicit(&is_seen, memory_order_relaxed) ||
	    (int32_t)(second - since) < QUESTIONS_AGAIN || !claim(place, word, TAKEN))
		return QUESTIONS_CHANGE;
	is_again = is_same_name(&place->asked, msg, end);
	leave(place, WAITING);
	return is_again ? QUESTIONS_UNSEEN : QUESTIONS_CHANGE;
}

static void fill(struct asked *asked, const unsigned char *msg, size_t len, size_t end,
		 const struct sockaddr *to, socklen_t to_len)
{
	memcpy(asked->msg, msg, len);
	asked->len = len;
	asked->end = end;
	asked->to_len = 0;
	if (to) {
		asked->to_len = to_len < sizeof(asked->to) ? to_len : sizeof(asked->to);
		memcpy(&asked->to, to, asked->to_len);
	}
}

enum questions_advice questions_put(const unsigned char *msg, size_t len,
				    const struct question *question, const struct sockaddr *to,
				    socklen_t to_len)
{
	uint64_t wanted = word_of(msg, question->end);
	uint32_t second = (uint32_t)time(NULL);
	enum questions_advice advice = QUESTIONS_CHANGE;
	struct place *room;

	for (struct place *place = places; place < places + QUESTIONS_MOST; place++) {
		uint64_t word = atomic_load_explicit(&place->word, memory_order_acquire);

		if (is_free(place, word, second) || !is_same_hash(word, wanted))
			continue;
		if (phase_of(word) == NO_RECORD)
			advice = consult_remembered(place, word, msg, question->end);
		else if (phase_of(word) == WAITING)
			advice = consult_waiting(place, word, second, msg, question->end);
		if (advice != QUESTIONS_CHANGE)
			return advice;
	}
	room = claim_free(second);
	if (!room)
		return QUESTIONS_FULL;
	atomic_store_explicit(&room->word, with_phase(wanted, BUSY), memory_order_relaxed);
	fill(&room->asked, msg, len, question->end, to, to_len);
	leave(room, WAITING);
	return QUESTIONS_CHANGE;
}

/* Claims the waiting place of that word from first on, or returns NULL. Another thread that looks
 * at one lets go of it at once, unless this is a signal handler that interrupted it. */
static struct place *claim_waiting(struct place *first, uint64_t wanted)
{
	enum { TRIES = 1000 };

	for (struct place *place = first; place < places + QUESTIONS_MOST; place++)
		for (int i = 0; i < TRIES; i++) {
			uint64_t word = atomic_load_explicit(&place->word, memory_order_relaxed);

			if (with_phase(word, FREE) != wanted ||
			    (phase_of(word) != WAITING && phase_of(word) != TAKEN))
				break;
			if (phase_of(word) == WAITING && claim(place, word, TAKEN))
				return place;
		}
	return NULL;
}

void questions_drop(const unsigned char *msg, const struct question *question)
{
	uint64_t wanted = word_of(msg, question->end);
	struct place *place = places;

	while ((place = claim_waiting(place, wanted))) {
		bool is_it = is_same_question(&place->asked, msg, question->end);

		leave(place++, is_it ? FREE : WAITING);
		if (is_it)
			return;
	}
}

const struct asked *questions_take(const unsigned char *msg, size_t len)
{
	size_t end = message_question_end(msg, len);
	struct place *place = places;
	uint64_t wanted;

	if (!end)
		return NULL;
	wanted = word_of(msg, end);
	while ((place = claim_waiting(place, wanted))) {
		if (message_answers(msg, len, place->asked.msg, place->asked.end)) {
			atomic_store_explicit(&is_seen, true, memory_order_relaxed);
			return &place->asked;
		}
		leave(place++, WAITING);
	}
	return NULL;
}

void questions_release(const struct asked *asked, enum questions_next next)
{
	size_t at = (size_t)((const char *)asked - (const char *)places) / sizeof(*places);
	struct place *place = &places[at];

	if (next == QUESTIONS_REMEMBERED)
		atomic_store_explicit(&place->since, (uint32_t)time(NULL), memory_order_relaxed);
	leave(place, next == QUESTIONS_WAITS      ? WAITING
		     : next == QUESTIONS_ANSWERED ? FREE
						  : NO_RECORD);
}
