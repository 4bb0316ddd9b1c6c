/* Mustache templates, compiled once and filled from JSON for every page.
 *
 * All required modules of the Mustache specification are implemented: variables, sections, inverted
 * sections, partials, comments, set delimiters. Tags of lambdas, inheritance and dynamic names are
 * refused. Where the specification leaves something open or this goes beyond it:
 *
 * - The extension of a template's name decides how texts are escaped. In NAME.json they are escaped
 *   for the inside of a JSON string, which may be in a script element; in NAME.txt not at all; in a
 *   template of any other name for HTML and XML. The own name of a partial decides, wherever the
 *   partial is used.
 * - An object or list is written as JSON in which < > & U+2028 U+2029 are \u-escaped, by {{x}} and
 *   {{{x}}} alike and in every template, so that it can be put into a script element.
 * - null, false, "", an empty list, and a missing value are false. 0 and {} are true.
 * - The search for a name ends at the first context that has the key, even if its value is null.
 * - A step of a dotted name that is a number is an index in a list, from 0: {{#items.0}} is true if
 *   there are any items.
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
    TEMPLATE_SECTIONS_MAX = 32, /* nested sections of one template */
    TEMPLATE_DEPTH_MAX = 64,    /* nested sections and partials while rendering */
    TEMPLATE_CONTEXTS_MAX = 8,  /* given by the caller */
    /* Ops, iterations of sections and contexts searched in one rendering: less than a second's
     * work. A front page needs some thousands. */
    TEMPLATE_STEPS_MAX = 1024 * 1024,
};

/* The text of a template: `len` bytes of any content. Borrowed during templates_compile only. */
struct template_source {
    const char *name;
    const char *text;
    size_t len;
};

/* A set of compiled templates. It never changes, so threads may share it. */
struct templates;

/* One template of a set, which owns it. */
struct template;

/* Compiles `len` sources; the caller frees the set. STATUS_INVALID when one of them is broken: the
 * fault's field is then the template's name, and its text begins with "line N: " if it concerns a
 * line. STATUS_NO_MEMORY leaves the fault unchanged. */
enum status templates_compile(const struct template_source *sources, size_t len,
                              struct templates **set, struct fault *fault) MUST_CHECK;

/* STATUS_INVALID, with such a fault, for the first partial that is missing in the set, or that
 * includes itself, directly or through others. The specification allows both: rendering takes a
 * missing partial for empty, and fails at TEMPLATE_DEPTH_MAX when an inclusion does not end. */
enum status templates_check(const struct templates *set, struct fault *fault) MUST_CHECK;

/* `set` may be NULL. */
void templates_free(struct templates *set);

/* NULL when the set has no template of that name. */
const struct template *templates_find(const struct templates *set, const char *name);

/* Appends the template to `to`, filled from `len` contexts, at most TEMPLATE_CONTEXTS_MAX; a name
 * is looked up in the last context first. `to` fails when the page doesn't fit or exceeds a limit
 * from above; rendering ends there. Allocates nothing but the memory of `to`. */
void template_render(const struct template *template, const json_t *const *contexts, size_t len,
                     struct buf *to);

#endif
