/* Parses JSON from outside and checks it against a table of fields.
 *
 * A table has a row for each field: its type, whether it is required, its bounds. An unknown field
 * is a fault, because a misspelt optional field would be lost silently. null means absent.
 */
#ifndef KHOBOR_NEWSROOM_CHECK_JSON_H
#define KHOBOR_NEWSROOM_CHECK_JSON_H

#include "base/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FIELDS_DEPTH_MAX = 16,
    FIELDS_VALUES_MAX = 1000,
};

enum field_type {
    FIELD_TEXT,    /* one line */
    FIELD_BODY,    /* a text of many lines, which may be empty */
    FIELD_TEXTS,   /* array of one-line texts */
    FIELD_INSTANT, /* a text, RFC 3339 with a zone */
    FIELD_NUMBER,  /* a whole number from 0 */
    FIELD_FLAG,
    FIELD_OBJECT,
};

/* A row of a table; the last row has no name. */
struct field_rule {
    const char *name;
    enum field_type type;
    bool required;
    int64_t most;                   /* bytes of a text, or the largest number */
    int64_t most_len;               /* texts in an array */
    const struct field_rule *inner; /* the table of a FIELD_OBJECT */
};

/* Parses one JSON object of at most FIELDS_DEPTH_MAX levels and FIELDS_VALUES_MAX values; the
 * caller decrefs *object. STATUS_INVALID with a fault in our own words. */
enum status check_json_parse(const char *text, size_t len, json_t **object,
                             struct fault *fault) MUST_CHECK;

/* Checks every field of an object. STATUS_INVALID with a fault that names the first bad field. */
enum status check_json_fields(const struct field_rule *fields, const json_t *object,
                              struct fault *fault) MUST_CHECK;

/* Reads a FIELD_INSTANT of a checked object, in seconds since 1970; false when it is absent. */
bool check_json_instant(const json_t *object, const char *name, int64_t *at);

#endif
