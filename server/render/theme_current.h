/* The theme in use, which another one can replace while requests are served. */
#ifndef KHOBOR_RENDER_THEME_CURRENT_H
#define KHOBOR_RENDER_THEME_CURRENT_H

#include "base/status.h"
#include "render/theme.h"

#include <stdbool.h>

struct theme_current;

/* Loads the theme of the folder `path`; "" is the built-in theme alone. `needed` as in theme_load.
 * Both must outlive the result. A theme that is broken now is an error, with a fault. */
enum status theme_current_open(const char *path, const char *const *needed,
                               struct theme_current **theme_current,
                               struct fault *fault) MUST_CHECK;

/* NULL is allowed. References to themes stay valid. */
void theme_current_close(struct theme_current *theme_current);

/* Loads the theme again if a file of its folder has changed since the last load; true when another
 * theme is in use now. A broken theme is logged, and leaves the previous theme in use. To be called
 * from one thread. */
bool theme_current_watch(struct theme_current *theme_current);

/* The theme in use, with a reference for the caller. From any thread, as are all functions below.
 */
struct theme *theme_current_ref(struct theme_current *theme_current);

/* Whether the last load failed, which is read without a lock; and what was wrong: false, and *fault
 * unchanged, when it did not fail. */
bool theme_current_is_broken(const struct theme_current *theme_current);
bool theme_current_fault(struct theme_current *theme_current, struct fault *fault);

/* The built-in theme, which is never broken; borrowed. */
const struct theme *theme_current_built_in(const struct theme_current *theme_current);

#endif
