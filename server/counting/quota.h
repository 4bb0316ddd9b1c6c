/* How many views an address may have counted in an hour.
 *
 * An address that never came may have the whole hour's at once; from then on its allowance grows
 * back evenly (a leaky bucket, GCRA). Thousands of readers behind one carrier's address share it,
 * so it is meant to be wide: it stops a program, not a town. IPv6 counts by its /64. The memory is
 * bounded; where it is full, the address that was quiet longest begins anew.
 */
#ifndef KHOBOR_COUNTING_QUOTA_H
#define KHOBOR_COUNTING_QUOTA_H

#include "base/address.h"
#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct quota;

/* `per_hour` 0 is no limit. */
enum status quota_open(int64_t per_hour, struct quota **quota) MUST_CHECK;
void quota_close(struct quota *quota);

/* Takes one from an address's allowance. False when nothing is left of it: *retry_s then says in
 * how many seconds there will be. `now_ms` is of a clock that only goes forward. From any thread.
 */
bool quota_take(struct quota *quota, const struct address *address, int64_t now_ms,
                int64_t *retry_s);

#endif
