/* The theme in use, and how another one takes its place while requests are served. */
#ifndef KHOBOR_RENDER_THEME_CURRENT_H
#define KHOBOR_RENDER_THEME_CURRENT_H

#include "base/status.h"
#include "render/theme.h"

#include <stdbool.h>

struct theme_current;

/* Loads the theme of a folder ("" for what is built in alone); `needed` as in theme_load. Both
 * texts must outlive the stage. */
enum status theme_current_open(const char *path, const char *const *needed,
                               struct theme_current **theme_current,
                               struct fault *fault) MUST_CHECK;
void theme_current_close(struct theme_current *theme_current);

/* Looks whether the folder has changed and loads it again then; true when another theme is in use
 * from now on. A theme that is broken leaves the one before in use, and the fault for
 * theme_current_fault. From one thread. */
bool theme_current_watch(struct theme_current *theme_current);

/* The theme in use, with a reference for the caller. From any thread, as is all below. */
struct theme *theme_current_ref(struct theme_current *theme_current);

/* Whether the folder holds a broken theme now, without a lock; and what is wrong with it. */
bool theme_current_is_broken(const struct theme_current *theme_current);
bool theme_current_fault(struct theme_current *theme_current, struct fault *fault);

/* The theme that is built in, which is never broken; borrowed. */
const struct theme *theme_current_built_in(const struct theme_current *theme_current);

#endif
