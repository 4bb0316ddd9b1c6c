/* How functions say what came of a call.
 *
 * Every function that can fail for a reason outside the program returns `enum status`, and its
 * results leave through a last out pointer that is untouched unless STATUS_OK came back. `assert`
 * is for our own bugs. Where a person will read the reason, the function also fills a
 * `struct fault`: which field or parameter, what came, what may come.
 */
#ifndef KHOBOR_BASE_STATUS_H
#define KHOBOR_BASE_STATUS_H

#include <stdint.h>

enum status {
    STATUS_OK,
    STATUS_ABSENT,    /* there is no such thing, or no further row */
    STATUS_GONE,      /* there was one, and it was withdrawn */
    STATUS_INVALID,   /* the input breaks a rule; the fault says which */
    STATUS_BUSY,      /* somebody else holds it; a later try may succeed */
    STATUS_FULL,      /* a disk, queue or buffer has no room left */
    STATUS_TOO_MANY,  /* somebody does it too often; the fault says when to come again */
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
    int64_t retry_s; /* when to try again; 0: that is not known */
};

/* A name for logs: "busy", "full". Never NULL. */
const char *status_text(enum status status);

/* Fills `fault`, which may be NULL. A text that is cut to fit is cut between characters. */
void fault_fill(struct fault *fault, const char *field, const char *format, ...) PRINTF_LIKE(3, 4);

static inline enum status fault_status(enum status status)
{
    return status;
}

/* Fills `fault` and is `status`, so that a refusal is one line. (As a macro, so that compilers and
 * analyzers see which status comes out.) The rest is: field, format, arguments. */
#define fault_set(fault, status, ...) (fault_fill((fault), __VA_ARGS__), fault_status(status))

#endif
