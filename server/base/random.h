/* Numbers that nobody can guess. */
#ifndef KHOBOR_BASE_RANDOM_H
#define KHOBOR_BASE_RANDOM_H

#include "base/status.h"

#include <stddef.h>

/* Fills `bytes` from the kernel's generator; STATUS_FAILED when there is none. */
enum status random_fill(void *bytes, size_t len) MUST_CHECK;

#endif
