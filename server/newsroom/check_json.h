/* JSON that comes from outside, held against a table of fields.
 *
 * A table names each field once: its type, whether it must be there, its bound. An unknown field
 * is a fault, so that a misspelt one is not lost without a word. null is the same as absent.
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
    FIELD_BODY,    /* many lines, may be empty */
    FIELD_TEXTS,   /* array of one-line texts */
    FIELD_INSTANT, /* a text, RFC 3339 with a zone */
    FIELD_NUMBER,  /* a whole number from 0 */
    FIELD_FLAG,
    FIELD_OBJECT,
};

struct field_rule {
    const char *name;
    enum field_type type;
    bool required;
    int64_t most;                   /* bytes of a text, or the largest number */
    int64_t most_len;               /* texts in an array */
    const struct field_rule *inner; /* of an object; a table ends with a row without a name */
};

/* Parses one JSON object of at most FIELDS_DEPTH_MAX levels; *object is the caller's to decref.
 * STATUS_INVALID with a fault in words of our own: jansson's may hold a cut character. */
enum status check_json_parse(const char *text, size_t len, json_t **object,
                             struct fault *fault) MUST_CHECK;

/* Holds every field of an object against its row. */
enum status check_json_fields(const struct field_rule *fields, const json_t *object,
                              struct fault *fault) MUST_CHECK;

#endif
