/* Templates in Mustache, compiled once and filled from JSON for every page.
 *
 * What the required modules of Mustache's specification say holds here: variables, sections,
 * inverted sections, partials, comments, set delimiters. Lambdas, inheritance and dynamic names
 * are left out, and a tag of theirs is refused. What is added or settled:
 *
 * - Escaping goes by the extension of a template's name. In NAME.json a text is escaped for the
 *   inside of a JSON string, and for a script element around it; in NAME.txt nothing is; under any
 *   other name, with or without an extension, texts are escaped for HTML and XML. A partial is
 *   escaped by its own name, wherever it is used.
 * - An object or list is written as JSON in which < > & U+2028 U+2029 are \u-escaped, by {{x}} and
 *   {{{x}}} alike and in every template, so that it may stand in a script element.
 * - False are null, false, "", an empty list, and what is missing. 0 and {} are true.
 * - A key that is there ends the search for a name, even when its value is null.
 * - A step of a dotted name that is a number is a place in a list, from 0: {{#items.0}} asks
 *   whether there are items.
 */
#ifndef KHOBOR_RENDER_TEMPLATE_H
#define KHOBOR_RENDER_TEMPLATE_H

#include "base/buf.h"
#include "base/status.h"

#include <jansson.h>
#include <stddef.h>

enum {
    TEMPLATES_MAX = 100,
    TEMPLATE_MAX_BYTES = 256 * 1024,
    TEMPLATE_SECTIONS_MAX = 32, /* sections in sections of one template */
    TEMPLATE_DEPTH_MAX = 64,    /* sections and partials in one another, while rendering */
    TEMPLATE_CONTEXTS_MAX = 8,  /* that a caller gives */
    /* Tags, literal runs, passes of a section and contexts looked at in one rendering, which is
     * less than a second's work. A front page takes some thousands. */
    TEMPLATE_STEPS_MAX = 1024 * 1024,
};

/* A template as it was written: `len` bytes of any content. Borrowed while compiling only. */
struct template_source {
    const char *name;
    const char *text;
    size_t len;
};

/* A compiled set. It never changes, so threads may share it. */
struct templates;

/* One of a set; lives as long as the set. */
struct template;

/* Compiles `len` sources; the caller frees the set. STATUS_INVALID when one of them is broken: the
 * fault's field is the template's name, and its text begins with "line N: " where it is about a
 * line. STATUS_NO_MEMORY leaves the fault as it was. */
enum status templates_compile(const struct template_source *sources, size_t len,
                              struct templates **set, struct fault *fault) MUST_CHECK;

/* STATUS_INVALID, with a fault of the same kind, for the first partial that the set doesn't have,
 * or that takes itself in, by others or not. Rendering takes the one for empty, as the
 * specification says, and ends with the other at TEMPLATE_DEPTH_MAX: only trees of data would need
 * it. */
enum status templates_check(const struct templates *set, struct fault *fault) MUST_CHECK;

/* `set` may be NULL. */
void templates_free(struct templates *set);

/* NULL when the set has none of that name. */
const struct template *templates_find(const struct templates *set, const char *name);

/* Appends the template to `to`, filled from `len` contexts, at most TEMPLATE_CONTEXTS_MAX, of
 * which the last is looked at first. `to` fails when the page doesn't fit or a limit from above is
 * passed; rendering ends there. Allocates nothing but what `to` grows by. */
void template_render(const struct template *template, const json_t *const *contexts, size_t len,
                     struct buf *to);

#endif
