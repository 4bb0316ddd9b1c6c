/* Readers' browsers and programs, told apart by their User-Agent (RFC 9110 §10.1.5).
 *
 * A program that says what it is, is known by the words of config/bots.txt, which is built in. One
 * that calls itself a browser is taken for one: this keeps honest machines out of the counts and is
 * no defence against others.
 */
#ifndef KHOBOR_COUNTING_AGENTS_H
#define KHOBOR_COUNTING_AGENTS_H

#include "base/status.h"

#include <stdbool.h>

struct agents;

/* Reads the list that is built in. STATUS_NO_MEMORY; STATUS_FAILED without random numbers. */
enum status agents_open(struct agents **agents) MUST_CHECK;

/* `agents` may be NULL. */
void agents_close(struct agents *agents);

/* Whether an agent is a known program's. Without one (NULL, "") it is: every browser says what it
 * is. Of a long agent the first 1,024 bytes decide. From any thread; takes no lock. */
bool agents_is_bot(struct agents *agents, const char *agent);

#endif
