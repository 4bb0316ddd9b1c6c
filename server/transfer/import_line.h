/* One line of the import format: parsed, and checked field by field.
 *
 * The format is described in docs/API.md. A record that comes out of import_line_parse holds to it
 * wholly, but for what only the database knows (does the section exist?).
 */
#ifndef KHOBOR_TRANSFER_IMPORT_LINE_H
#define KHOBOR_TRANSFER_IMPORT_LINE_H

#include "base/buf.h"
#include "base/status.h"
#include "newsroom/save_article.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IMPORT_LINE_BYTES_MAX = 4 * 1024 * 1024
};

enum import_line_type {
    IMPORT_SECTION,
    IMPORT_ARTICLE,
    IMPORT_VIEWS,
    IMPORT_REDIRECT,
    IMPORT__MAX
};

/* A parsed line. It is reused from line to line; import_line_init once, import_line_release at the
 * end. Texts belong to the record and live until the next import_line_parse. */
struct import_line {
    enum import_line_type type;
    const char *slug;     /* of a section, an article, or the article viewed or redirected to */
    const char *slug_key; /* its key */
    union {
        struct {
            const char *name;
            int64_t position; /* 0: none given */
        } section;
        struct {
            const char *section;    /* its slug, as it came */
            struct article article; /* without section_id */
        } article;
        struct {
            int64_t hour, count;
        } views;
        struct {
            const char *source;
        } redirect;
    };
    json_t *root;
    struct buf keys;   /* slug_key and the terms' keys, each with a NUL */
    struct buf arrays; /* authors, credits, tags, related, image as JSON, each with a NUL */
};

/* What a line is read against. */
struct import_rules {
    const char *language;        /* of an article that names none */
    const char *const *reserved; /* section slugs that routes need; ends with NULL */
    int64_t shift_s;             /* added to every time, so that a demo is of today */
};

void import_line_init(struct import_line *record);
void import_line_release(struct import_line *record);

/* Frees the parsed line, which may be a hundred times as large as its text; the buffers stay. */
void import_line_clear(struct import_line *record);

/* Parses `len` bytes. STATUS_INVALID with a fault that names the field. */
enum status import_line_parse(struct import_line *record, const char *line, size_t len,
                              const struct import_rules *rules, struct fault *fault) MUST_CHECK;

#endif
