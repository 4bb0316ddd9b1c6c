/* One line of the import format (docs/API.md), parsed and checked field by field.
 *
 * A parsed line satisfies every rule of the format except those that need the database: whether its
 * section or article exists, and whether its slug may be stored.
 */
#ifndef KHOBOR_TRANSFER_IMPORT_LINE_H
#define KHOBOR_TRANSFER_IMPORT_LINE_H

#include "base/buf.h"
#include "base/status.h"
#include "newsroom/article_input.h"
#include "newsroom/save_section.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

enum {
    IMPORT_LINE_BYTES_MAX = ARTICLE_BODY_BYTES_MAX
};

enum import_line_type {
    IMPORT_SECTION,
    IMPORT_ARTICLE,
    IMPORT_VIEWS,
    IMPORT_REDIRECT,
    IMPORT__MAX
};

/* A parsed line. One is used for many lines. Its texts are borrowed from `root` and the buffers
 * until the next import_line_parse or import_line_clear. */
struct import_line {
    enum import_line_type type;
    const char *slug;     /* of the section or article, or of the one that the line names */
    const char *slug_key; /* its key (language/text.h) */
    union {
        struct section_input section;
        struct {
            int64_t hour, count;
        } views;
        struct {
            const char *source; /* a path that begins with / */
        } redirect;
    };
    struct article_input article; /* of an article's line; outside of the union for its buffers */
    json_t *root;
    struct buf key; /* slug_key, but of an article's line */
};

/* What lines are read with. */
struct import_rules {
    const char *language; /* of an article that names none */
    int64_t shift_s;      /* added to every time, so that a demo is of today */
};

void import_line_init(struct import_line *line);
void import_line_release(struct import_line *line);

/* Frees the parsed JSON, which may be a hundred times as large as its text. The buffers keep their
 * memory. */
void import_line_clear(struct import_line *line);

/* Parses `len` bytes, without a line feed. STATUS_INVALID with a fault that names the field; the
 * line may be used for the next text then. */
enum status import_line_parse(struct import_line *line, const char *text, size_t len,
                              const struct import_rules *rules, struct fault *fault) MUST_CHECK;

#endif
