/* The tags of a template, one after the other. Only the compiler and render/template.c use this.
 *
 * This module decides which delimiters are in force, what can be a name, and which tags are alone
 * on their line. How tags belong together is decided by the compiler.
 */
#ifndef KHOBOR_RENDER_TEMPLATE_TAG_H
#define KHOBOR_RENDER_TEMPLATE_TAG_H

#include "base/status.h"
#include "render/template.h"

#include <stdbool.h>
#include <stddef.h>

/* A part of a template's text; borrowed, and not NUL-terminated. */
struct slice {
    const char *bytes;
    size_t len;
};

/* What an op renders. */
enum op_kind {
    OP_TEXT,     /* literal text; nothing for a comment or new delimiters */
    OP_VALUE,    /* {{name}} */
    OP_RAW,      /* {{{name}}} and {{&name}} */
    OP_SECTION,  /* {{#name}} */
    OP_INVERTED, /* {{^name}} */
    OP_CLOSE,    /* {{/name}} */
    OP_PARTIAL,  /* {{>name}} */
    OP__MAX
};

struct tag {
    const struct sigil *sigil;
    enum op_kind kind; /* OP_TEXT for a comment, new delimiters, or no tag */
    struct slice text; /* the literal text between the previous tag and this one */
    const char *begin; /* its opening delimiter */
    struct slice name;
    bool standalone;     /* alone on its line, which is then not part of any text */
    struct slice indent; /* in front of a standalone tag */
};

/* The state of reading a template's tags. */
struct tags {
    const struct template_source *source;
    struct fault *fault;
    const char *at, *end; /* the text that has not been read */
    struct slice open, close;
};

/* Starts at the beginning of a source, with the delimiters {{ and }}. Both pointers are borrowed.
 */
void tags_init(struct tags *tags, const struct template_source *source, struct fault *fault);

/* Reads the next tag; its slices are parts of the source. STATUS_ABSENT when there is none:
 * `tag->text` is then the text up to the end. STATUS_INVALID with a fault when the tag is broken.
 */
enum status tags_next(struct tags *tags, struct tag *tag) MUST_CHECK;

/* Fills `fault` with the template's name, the number of the line that contains `where`, and the
 * reason. */
void template_fault(const struct template_source *source, const char *where, struct fault *fault,
                    const char *format, ...) PRINTF_LIKE(4, 5);

/* The same, and is STATUS_INVALID; a macro like fault_set. */
#define template_refuse(...) (template_fault(__VA_ARGS__), fault_status(STATUS_INVALID))

/* The number of the line that contains `where`, from 1. Counts from the beginning. */
size_t template_line(const struct template_source *source, const char *where);

/* How many bytes of a name a fault shows, for printf's %.*s. */
int slice_shown_len(struct slice span);

bool slice_equals(struct slice slice, const char *bytes, size_t len);

#endif
