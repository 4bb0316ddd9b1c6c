/* Tells browsers from programs by their User-Agent (RFC 9110 §10.1.5).
 *
 * A program that names itself is recognized by the words of config/bots.txt, which is embedded in
 * the binary. A program that claims to be a browser is taken for one: the list keeps honest
 * machines out of the counts and is no defence against others.
 */
#ifndef KHOBOR_COUNTING_AGENTS_H
#define KHOBOR_COUNTING_AGENTS_H

#include "base/status.h"

#include <stdbool.h>

struct agents;

/* Reads the embedded list. STATUS_NO_MEMORY; STATUS_FAILED when the system gives no random numbers.
 * The caller closes it. */
enum status agents_open(struct agents **agents) MUST_CHECK;

/* `agents` may be NULL. */
void agents_close(struct agents *agents);

/* Whether an agent is a known program's. A missing one (NULL, "") is taken for a program's, because
 * every browser sends one. The first 1,024 bytes of a longer agent decide. Any thread; takes no
 * lock. */
bool agents_is_bot(struct agents *agents, const char *agent);

#endif
