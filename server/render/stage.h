/* The theme in use, and how another one takes its place while requests are served. */
#ifndef KHOBOR_RENDER_STAGE_H
#define KHOBOR_RENDER_STAGE_H

#include "base/status.h"
#include "render/theme.h"

#include <stdbool.h>

struct stage;

/* Loads the theme of a folder ("" for what is built in alone); `needed` as in theme_load. Both
 * texts must outlive the stage. */
enum status stage_open(const char *path, const char *const *needed, struct stage **stage,
                       struct fault *fault) MUST_CHECK;
void stage_close(struct stage *stage);

/* Looks whether the folder has changed and loads it again then; true when another theme is in use
 * from now on. A theme that is broken leaves the one before in use, and the fault for stage_fault.
 * From one thread. */
bool stage_watch(struct stage *stage);

/* The theme in use, with a reference for the caller. From any thread, as is all below. */
struct theme *stage_theme(struct stage *stage);

/* Whether the folder holds a broken theme now, without a lock; and what is wrong with it. */
bool stage_is_broken(const struct stage *stage);
bool stage_fault(struct stage *stage, struct fault *fault);

/* The theme that is built in, which is never broken; borrowed. */
const struct theme *stage_built_in(const struct stage *stage);

#endif
