/* How functions report the outcome of a call.
 *
 * Every function that can fail for a reason outside of the program returns `enum status`. Its
 * results are stored through a last pointer parameter, which is untouched unless STATUS_OK is
 * returned. Where a person will read the reason, the function also fills a `struct fault`: which
 * field or parameter, what was given, what is allowed. Bugs of our own are asserted instead.
 */
#ifndef KHOBOR_BASE_STATUS_H
#define KHOBOR_BASE_STATUS_H

#include <stdint.h>

enum status {
    STATUS_OK,
    STATUS_ABSENT,    /* it does not exist, or there are no more rows */
    STATUS_GONE,      /* it existed and was withdrawn */
    STATUS_INVALID,   /* the input breaks a rule; the fault says which */
    STATUS_BUSY,      /* another process or thread holds it; trying later may succeed */
    STATUS_FULL,      /* a disk, queue or buffer has no room left */
    STATUS_TOO_MANY,  /* a client does it too often; the fault says when to try again */
    STATUS_UNUSABLE,  /* not ours, damaged, or from a newer Khobor */
    STATUS_NO_MEMORY, /* an allocation failed */
    STATUS_FAILED,    /* anything else; it was logged where it happened */
    STATUS__MAX
};

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))

/* Why an input was refused, for a person: `field` names it ("" when it is the whole input),
 * `text` is one sentence without a full stop. Both are valid UTF-8 and NUL-terminated. */
struct fault {
    char field[64];
    char text[400];
    int64_t retry_s; /* after how many seconds to try again; 0: not known */
};

/* A phrase for logs and faults, such as "out of memory"; static. */
const char *status_text(enum status status);

/* Fills `fault` (may be NULL). A text that is too long is cut between characters. */
void fault_fill(struct fault *fault, const char *field, const char *format, ...) PRINTF_LIKE(3, 4);

static inline enum status fault_status(enum status status)
{
    return status;
}

/* Fills `fault` and evaluates to `status`, so that `return fault_set(fault, STATUS_INVALID, field,
 * format, ...)` refuses in one line. A macro, so that compilers and analyzers see the status. */
#define fault_set(fault, status, ...) (fault_fill((fault), __VA_ARGS__), fault_status(status))

#endif
