#include "render/stage.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    STATE_BYTES_MAX = 256 * 1024
};

struct stage {
    const char *path;
    const char *const *needed;
    struct theme *built_in;
    struct buf state; /* of the folder when it was last read */
    atomic_bool broken;
    pthread_mutex_t lock; /* guards all below, and writing `broken` */
    struct theme *newest;
    struct fault fault;
};

static enum status note_file(void *context, const struct file_entry *entry)
{
    buf_format(context, "%s %" PRId64 " %" PRId64 "\n", entry->name, entry->size,
               entry->changed_ns);
    return STATUS_OK;
}

/* Writes down the names, sizes and times of the folder's files; a folder that is not there is an
 * empty one. */
static void read_state(const struct stage *stage, struct buf *state)
{
    static const char *const folders[] = {"templates", "assets"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", stage->path, folders[i]);
        buf_format(state, "%s\n", folders[i]);
        if (folder_each(path, note_file, state) != STATUS_OK)
            buf_text(state, "absent\n");
    }
}

enum status stage_open(const char *path, const char *const *needed, struct stage **stage,
                       struct fault *fault)
{
    struct stage *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fault_set(fault, STATUS_NO_MEMORY, "site.theme", "out of memory");
    opened->path = path;
    opened->needed = needed;
    pthread_mutex_init(&opened->lock, NULL);
    buf_init(&opened->state, STATE_BYTES_MAX);
    if (path[0])
        read_state(opened, &opened->state);
    enum status status = theme_load("", needed, &opened->built_in, fault);
    if (status == STATUS_OK)
        status = theme_load(path, needed, &opened->newest, fault);
    if (status != STATUS_OK) {
        stage_close(opened);
        return status;
    }
    *stage = opened;
    return STATUS_OK;
}

void stage_close(struct stage *stage)
{
    if (!stage)
        return;
    theme_unref(stage->newest);
    theme_unref(stage->built_in);
    buf_release(&stage->state);
    pthread_mutex_destroy(&stage->lock);
    free(stage);
}

static bool load_again(struct stage *stage)
{
    struct fault fault;
    struct theme *theme = NULL, *outgoing = NULL;
    enum status status = theme_load(stage->path, stage->needed, &theme, &fault);
    pthread_mutex_lock(&stage->lock);
    if (status == STATUS_OK) {
        outgoing = stage->newest;
        stage->newest = theme;
    }
    stage->broken = status != STATUS_OK;
    stage->fault = fault;
    pthread_mutex_unlock(&stage->lock);
    theme_unref(outgoing);
    if (status == STATUS_OK)
        log_write(LOG_INFO, "the theme in %s was read again", stage->path);
    else
        log_write(LOG_ERROR, "the theme is broken and the last good one stays: %s: %s", fault.field,
                  fault.text);
    return status == STATUS_OK;
}

bool stage_watch(struct stage *stage)
{
    struct buf state;
    if (!stage->path[0])
        return false;
    buf_init(&state, STATE_BYTES_MAX);
    read_state(stage, &state);
    if (strcmp(buf_string(&state), buf_string(&stage->state)) == 0) {
        buf_release(&state);
        return false;
    }
    buf_release(&stage->state);
    stage->state = state;
    return load_again(stage);
}

struct theme *stage_theme(struct stage *stage)
{
    pthread_mutex_lock(&stage->lock);
    struct theme *newest = theme_ref(stage->newest);
    pthread_mutex_unlock(&stage->lock);
    return newest;
}

bool stage_is_broken(const struct stage *stage)
{
    return atomic_load_explicit(&stage->broken, memory_order_relaxed);
}

bool stage_fault(struct stage *stage, struct fault *fault)
{
    pthread_mutex_lock(&stage->lock);
    bool broken = stage->broken;
    if (broken)
        *fault = stage->fault;
    pthread_mutex_unlock(&stage->lock);
    return broken;
}

const struct theme *stage_built_in(const struct stage *stage)
{
    return stage->built_in;
}
