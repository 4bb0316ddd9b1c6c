/* How many views an address may have counted in an hour.
 *
 * A new address may use the whole hour's allowance at once; from then on it grows back evenly (a
 * leaky bucket, GCRA). Thousands of readers behind one carrier's address share it, so the setting
 * is meant to be wide: it stops a program, not a town. IPv6 addresses count by their /64. The
 * memory is bounded; where it is full, the address that was quiet longest starts with a full
 * allowance.
 */
#ifndef KHOBOR_COUNTING_QUOTA_H
#define KHOBOR_COUNTING_QUOTA_H

#include "base/address.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct quota;

/* `per_hour` is the allowance in views, 0 for no limit. STATUS_NO_MEMORY also when the system gives
 * no random numbers. The caller closes it. */
enum status quota_open(int64_t per_hour, struct quota **quota) MUST_CHECK;

/* `quota` may be NULL. */
void quota_close(struct quota *quota);

/* Takes one view from an address's allowance. False when nothing is left of it: *retry_s is then
 * the number of seconds until there is. `now_ms` is from the steady clock. Any thread. */
bool quota_take(struct quota *quota, const struct address *address, int64_t now_ms,
                int64_t *retry_s);

#endif
