/* A large text, of noise or of a few letters, from a printed seed. */
#ifndef KHOBOR_TESTS_LARGE_TEXT_H
#define KHOBOR_TESTS_LARGE_TEXT_H

#include "check.h"

enum {
    LARGE_BYTES = 300000,
};

static inline char *large(bool noise)
{
    struct random random = random_seeded(2024);
    char *bytes = malloc(LARGE_BYTES + 1);
    assert_non_null(bytes);
    for (size_t i = 0; i < LARGE_BYTES; i++)
        bytes[i] = (char)(noise ? random_below(&random, 256) : "খবর বাংলা "[i % 26]);
    bytes[LARGE_BYTES] = '\0';
    return bytes;
}

#endif
