/* What a template is compiled to, and the compiler. Only render/template.c looks in here. */
#ifndef KHOBOR_RENDER_TEMPLATE_PARSE_H
#define KHOBOR_RENDER_TEMPLATE_PARSE_H

#include "base/status.h"
#include "render/escape.h"
#include "render/template.h"
#include "render/template_tag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A step of a dotted name: a key, which may be a place in a list as well. */
struct step {
    struct span key;
    size_t place; /* NO_PLACE when the key is no number, which is past the end of any list */
};

#define NO_PLACE SIZE_MAX

struct op {
    enum op_kind kind;
    bool begins_line; /* so that the indentation of a partial belongs in front of it */
    bool standalone;  /* a tag that is alone on its line, with its indentation */
    struct span span; /* the literal text, or the name */
    struct span indent;
    size_t steps, steps_len; /* the name's, in the template's steps; none are "." */
    size_t last;             /* of a section: where its OP_CLOSE is; of others: where they are */
    const struct template *partial; /* NULL when the set has none of the name */
};

struct template
{
    struct template_source source; /* its own copy, in which all spans lie */
    enum escaping escaping;
    struct op *ops;
    size_t ops_len, ops_room;
    struct step *steps;
    size_t steps_len, steps_room;
};

/* Compiles a source into `template`, which is all zeros, but for its partials. Also when this fails
 * the template has to be released. */
enum status template_parse(const struct template_source *source, struct template *template,
                           struct fault *fault) MUST_CHECK;

void template_release(struct template *template);

#endif
