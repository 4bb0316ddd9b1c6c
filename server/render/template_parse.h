/* A compiled template, and the compiler. Only render/template.c uses this. */
#ifndef KHOBOR_RENDER_TEMPLATE_PARSE_H
#define KHOBOR_RENDER_TEMPLATE_PARSE_H

#include "base/status.h"
#include "render/escape.h"
#include "render/template.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A part of a template's text; borrowed, and not NUL-terminated. */
struct slice {
    const char *bytes;
    size_t len;
};

/* A step of a dotted name: the key of an object, and if it is a number the index in a list. */
struct step {
    struct slice key;
    size_t index; /* NO_INDEX, which is past the end of any list, when the key is no number */
};

#define NO_INDEX SIZE_MAX

/* What an op renders. */
enum op_kind {
    OP_TEXT,     /* literal text */
    OP_VALUE,    /* {{name}} */
    OP_RAW,      /* {{{name}}} and {{&name}} */
    OP_SECTION,  /* {{#name}} */
    OP_INVERTED, /* {{^name}} */
    OP_CLOSE,    /* {{/name}} */
    OP_PARTIAL,  /* {{>name}} */
};

struct op {
    enum op_kind kind;
    bool begins_line;        /* it is first in its line: a partial's indentation precedes it */
    bool standalone;         /* a tag that is alone on its line */
    struct slice text;       /* the literal text, or the name */
    struct slice indent;     /* of a standalone tag */
    size_t steps, steps_len; /* of the name, in the template's steps; 0 steps for the name "." */
    size_t last; /* of a section: the index of its OP_CLOSE; of any other op: its own index */
    const struct template *partial; /* NULL when the set has no template of that name */
};

struct template
{
    struct template_source source; /* a copy; all slices are parts of its text */
    enum escaping escaping;
    struct op *ops;
    size_t ops_len, ops_max;
    struct step *steps;
    size_t steps_len, steps_max;
};

/* Compiles a source into `template`, which is all zeros; `partial` of its ops stays NULL. In every
 * case the template is to be released. STATUS_INVALID with a fault, or STATUS_NO_MEMORY without
 * one. */
enum status template_parse(const struct template_source *source, struct template *template,
                           struct fault *fault) MUST_CHECK;

void template_release(struct template *template);

/* Fills `fault` with the template's name, the number of the line that contains `where`, and the
 * reason. */
void template_fault(const struct template_source *source, const char *where, struct fault *fault,
                    const char *format, ...) PRINTF_LIKE(4, 5);

/* The same, and is STATUS_INVALID; a macro like fault_set. */
#define template_refuse(...) (template_fault(__VA_ARGS__), fault_status(STATUS_INVALID))

/* A name in a fault, for printf's %.*s; a long one is cut. */
#define SLICE_SHOWN(slice) slice_shown_len(slice), (slice).bytes
int slice_shown_len(struct slice slice);

bool slice_equals(struct slice slice, struct slice other);

#endif
