/* A theme: the templates of the pages and the assets that they refer to.
 *
 * The files are those that are built into the binary (static/), except for files that a folder
 * replaces or adds in its templates/ and assets/. A theme never changes once it is loaded, so
 * threads may share it. The address of an asset contains a hash of its bytes, so that it can be
 * cached for ever.
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
    THEME_HASH_BYTES = 13, /* a hash in an address, with its NUL */
};

struct theme;

/* Loads the built-in files and those of the folder `path` ("" for none). The templates in `needed`,
 * which ends with NULL, must exist. The caller gets the one reference. On any error the fault names
 * the file, and the line of a template. */
enum status theme_load(const char *path, const char *const *needed, struct theme **theme,
                       struct fault *fault) MUST_CHECK;

/* Both from any thread; unref accepts NULL. */
struct theme *theme_ref(struct theme *theme);
void theme_unref(struct theme *theme);

/* The template of a file name; NULL when there is none. Lives as long as the theme. */
const struct template *theme_template(const struct theme *theme, const char *name);

/* The context of all templates: {assets: {style: {css: "/assets/{hash}/style.css"}…}}; borrowed. */
const json_t *theme_context(const struct theme *theme);

/* The asset of a name, with a reference for the caller, and the hash in its address. NULL, and
 * `hash` unchanged, when there is none. */
struct representation *theme_asset(const struct theme *theme, const char *name,
                                   char hash[THEME_HASH_BYTES]);

#endif
