/* A theme: the templates of the pages and the assets they refer to, as of one moment.
 *
 * What is built into the binary (static/), and over it, file by file, what a folder has in its
 * templates/ and assets/. Immutable once loaded, shared by all threads. An asset's address holds a
 * hash of its bytes, so that it can be kept for ever.
 */
#ifndef KHOBOR_RENDER_THEME_H
#define KHOBOR_RENDER_THEME_H

#include "base/status.h"
#include "render/representation.h"
#include "render/template.h"

#include <jansson.h>

enum {
    THEME_FILES_MAX = 200,
    THEME_FILE_BYTES = 4 * 1024 * 1024,
    THEME_HASH_BYTES = 13, /* of a hash in an address, with its NUL */
};

struct theme;

/* Loads what is built in, and over it the folder `path` ("" for none). Each of the templates in
 * `needed`, which ends with NULL, must be there. Whatever is wrong, the fault names the file, and
 * the line of a template. */
enum status theme_load(const char *path, const char *const *needed, struct theme **theme,
                       struct fault *fault) MUST_CHECK;

/* A theme is loaded with one reference, the caller's. */
struct theme *theme_ref(struct theme *theme);
void theme_unref(struct theme *theme);

/* A template by its file's name; NULL when there is none such. */
const struct template *theme_template(const struct theme *theme, const char *name);

/* {assets: {style: {css: "/assets/{hash}/style.css"}…}}, for templates; borrowed. */
const json_t *theme_context(const struct theme *theme);

/* An asset by name, with a reference for the caller, and the hash that its address has; NULL when
 * there is none such. */
struct representation *theme_asset(const struct theme *theme, const char *name,
                                   char hash[THEME_HASH_BYTES]);

#endif
