/* The tags of a template, one after the other. Only the compiler and render/template.c look here.
 *
 * Which tags stand alone on their line, which delimiters hold and what may be a name is settled
 * here; what tags mean for each other is the compiler's.
 */
#ifndef KHOBOR_RENDER_TEMPLATE_TAG_H
#define KHOBOR_RENDER_TEMPLATE_TAG_H

#include "base/status.h"
#include "render/template.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes in a template's text. */
struct span {
    const char *bytes;
    size_t len;
};

/* What is rendered at one place of a template. */
enum op_kind {
    OP_TEXT,     /* literal text, and nothing for a comment or new delimiters */
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
    enum op_kind kind; /* OP_TEXT when there is nothing but the text before it */
    struct span text;  /* what is literal between the tag before it and this one */
    const char *begin; /* its opening delimiter */
    struct span name;
    bool standalone;    /* alone on its line, which is no text then */
    struct span indent; /* in front of a standalone tag */
};

/* A reading of a template's tags. */
struct tags {
    const struct template_source *source;
    struct fault *fault;
    const char *at, *end; /* what is still to be read */
    struct span open, close;
};

void tags_init(struct tags *tags, const struct template_source *source, struct fault *fault);

/* The next tag; its spans lie in the source. STATUS_ABSENT when there is none, and `tag` has the
 * text up to the end. STATUS_INVALID when the tag is broken. */
enum status tags_next(struct tags *tags, struct tag *tag) MUST_CHECK;

/* Fills `fault` with the template's name, the line of what stands at `where`, and the reason. */
void template_fault(const struct template_source *source, const char *where, struct fault *fault,
                    const char *format, ...) PRINTF_LIKE(4, 5);

/* The same, and is STATUS_INVALID. (A macro, as fault_set.) */
#define template_refuse(...) (template_fault(__VA_ARGS__), fault_status(STATUS_INVALID))

/* The number of the line that a place in a template's text is in, from 1. */
size_t template_line(const struct template_source *source, const char *where);

/* How many bytes of a name a fault shows, as printf's %.*s takes it. */
int span_shown(struct span span);

bool span_equals(struct span span, const char *bytes, size_t len);

#endif
