/* Putting a copy of a paper in the place of the paper. */
#ifndef KHOBOR_TRANSFER_RESTORE_H
#define KHOBOR_TRANSFER_RESTORE_H

#include "base/config.h"
#include "base/status.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

/* Replaces the database of the configuration, which no other process may have open for writing, by
 * a copy of the file `from`. The paper before stays, whole, under a dated name: `aside` gets it (""
 * when there was none). If `from` is the database itself, only its WAL and journal are put aside,
 * and `aside` names them with a star at its end. Killed at any time, it leaves the old paper or the
 * new one. A fault says what failed; then the old one stays. */
enum status restore_run(const struct config *config, const char *from, bool verify, int64_t now_s,
                        char aside[PATH_MAX], struct fault *fault) MUST_CHECK;

#endif
