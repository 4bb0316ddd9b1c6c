/* What every unit test says when something is not as it should be: the case's name, what came, and
 * what was expected. */
#ifndef KHOBOR_TESTS_CHECK_H
#define KHOBOR_TESTS_CHECK_H

#include "base/buf.h"
#include "base/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static inline void check_number(const char *name, int64_t got, int64_t expected)
{
    if (got == expected)
        return;
    print_error("%s: got %lld, not %lld\n", name, (long long)got, (long long)expected);
    fail();
}

static inline void check_at_most(const char *name, int64_t got, int64_t most)
{
    if (got <= most)
        return;
    print_error("%s: got %lld, over %lld\n", name, (long long)got, (long long)most);
    fail();
}

static inline void check_status(const char *name, enum status got, enum status expected)
{
    if (got == expected)
        return;
    print_error("%s: got \"%s\", not \"%s\"\n", name, status_text(got), status_text(expected));
    fail();
}

static inline void check_true(const char *name, bool got)
{
    if (got)
        return;
    print_error("%s: is not so\n", name);
    fail();
}

static inline void check_text(const char *name, const char *got, const char *expected)
{
    if (got == expected || (got && expected && strcmp(got, expected) == 0))
        return;
    print_error("%s: got \"%s\", not \"%s\"\n", name, got ? got : "(none)",
                expected ? expected : "(none)");
    fail();
}

static inline void check_holds(const char *name, const char *text, const char *part)
{
    if (strstr(text, part))
        return;
    print_error("%s: \"%s\" has no \"%s\"\n", name, text, part);
    fail();
}

static inline void check_lacks(const char *name, const char *text, const char *part)
{
    if (!strstr(text, part))
        return;
    print_error("%s: \"%s\" has \"%s\"\n", name, text, part);
    fail();
}

/* A status of OK, or the fault in words. */
static inline void check_done(const char *name, enum status got, const struct fault *fault)
{
    if (got == STATUS_OK)
        return;
    print_error("%s: %s: %s: %s\n", name, status_text(got), fault->field, fault->text);
    fail();
}

/* Pseudo-random numbers (xorshift64*). `state` is never 0. */
struct random {
    uint64_t state;
};

/* Starts from the seed in the environment variable KHOBOR_SEED, or from `usual` without one, so that
 * a plain run always tests the same. The seed is printed: with it a failure can be repeated. */
static inline struct random random_seeded(uint64_t usual)
{
    const char *given = getenv("KHOBOR_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 10) : usual;
    print_message("KHOBOR_SEED=%llu\n", (unsigned long long)seed);
    return (struct random){.state = seed ? seed : 1};
}

static inline uint64_t random_next(struct random *random)
{
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return random->state * UINT64_C(2685821657736338717) >> 16;
}

/* From 0 to `below` - 1. */
static inline int64_t random_below(struct random *random, int64_t below)
{
    return (int64_t)(random_next(random) % (uint64_t)below);
}

#endif
