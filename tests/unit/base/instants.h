/* Formats instants in a named zone and compares the text. */
#ifndef KHOBOR_TESTS_INSTANTS_H
#define KHOBOR_TESTS_INSTANTS_H

#include "base/clock.h"
#include "check.h"

enum {
    UNTOUCHED = -12345,
    TEXT_BYTES = 64
};

static inline void use(const char *zone)
{
    check_number(zone, zone_use(zone), STATUS_OK);
}

static inline void check_format(const char *zone, int64_t at, const char *expected)
{
    struct buf buf;
    buf_init(&buf, TEXT_BYTES);
    instant_format(at, &buf);
    check_text(zone, buf_string(&buf), expected);
    buf_release(&buf);
}

#endif
