/* Holds the theme in use behind a lock, which is held only to take a reference. A change of the
 * folder is found by comparing the names, sizes and times of its files with those at the last load.
 *
 * Invariants:
 * T1  `newest` is a theme that was loaded without a fault; never NULL once the open succeeded.
 * T2  is_broken says whether the last load failed; `fault` then says why.
 * T3  `state` is the folder's when the last load began, so a change during a load is found later.
 */
#include "render/theme_current.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum {
    STATE_BYTES_MAX = 256 * 1024,
};

struct theme_current {
    const char *path;
    const char *const *needed;
    struct theme *built_in;
    struct buf state; /* names, sizes and times of the folder's files */
    atomic_bool is_broken;
    pthread_mutex_t lock; /* guards the fields below, and changes of is_broken */
    struct theme *newest;
    struct fault fault;
};

static enum status add_file(void *arg, const struct file_entry *entry)
{
    buf_format(arg, "%s %" PRId64 " %" PRId64 "\n", entry->name, entry->size, entry->changed_ns);
    return STATUS_OK;
}

/* Appends the state of the folder; a missing folder has a state of its own. */
static void add_state(const char *theme_path, struct buf *state)
{
    static const char *const folders[] = {"templates", "assets"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        buf_format(state, "%s\n", folders[i]);
        if (folder_each_below(theme_path, folders[i], add_file, state) != STATUS_OK)
            buf_text(state, "absent\n");
    }
}

enum status theme_current_open(const char *path, const char *const *needed,
                               struct theme_current **theme_current, struct fault *fault)
{
    struct theme_current *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fault_set(fault, STATUS_NO_MEMORY, "site.theme", "out of memory");
    opened->path = path;
    opened->needed = needed;
    pthread_mutex_init(&opened->lock, NULL);
    buf_init(&opened->state, STATE_BYTES_MAX);
    if (path[0])
        add_state(path, &opened->state);
    enum status status = theme_load("", needed, &opened->built_in, fault);
    if (status == STATUS_OK)
        status = theme_load(path, needed, &opened->newest, fault);
    if (status != STATUS_OK) {
        theme_current_close(opened);
        return status;
    }
    *theme_current = opened;
    return STATUS_OK;
}

void theme_current_close(struct theme_current *theme_current)
{
    if (!theme_current)
        return;
    theme_unref(theme_current->newest);
    theme_unref(theme_current->built_in);
    buf_release(&theme_current->state);
    pthread_mutex_destroy(&theme_current->lock);
    free(theme_current);
}

bool theme_current_watch(struct theme_current *theme_current)
{
    struct buf state;
    struct fault fault;
    struct theme *theme = NULL, *replaced = NULL;
    if (!theme_current->path[0])
        return false;
    buf_init(&state, STATE_BYTES_MAX);
    add_state(theme_current->path, &state);
    if (strcmp(buf_string(&state), buf_string(&theme_current->state)) == 0) {
        buf_release(&state);
        return false;
    }
    buf_release(&theme_current->state);
    theme_current->state = state; /* T3 */
    enum status status = theme_load(theme_current->path, theme_current->needed, &theme, &fault);
    pthread_mutex_lock(&theme_current->lock);
    if (status == STATUS_OK) {
        replaced = theme_current->newest;
        theme_current->newest = theme;
    }
    theme_current->is_broken = status != STATUS_OK;
    theme_current->fault = fault;
    pthread_mutex_unlock(&theme_current->lock);
    theme_unref(replaced);
    if (status == STATUS_OK)
        log_write(LOG_INFO, "the theme in %s was read again", theme_current->path);
    else
        log_write(LOG_ERROR, "the theme is broken and the last good one stays: %s: %s", fault.field,
                  fault.text);
    return status == STATUS_OK;
}

struct theme *theme_current_ref(struct theme_current *theme_current)
{
    pthread_mutex_lock(&theme_current->lock);
    assert(theme_current->newest); /* T1 */
    struct theme *newest = theme_ref(theme_current->newest);
    pthread_mutex_unlock(&theme_current->lock);
    return newest;
}

bool theme_current_is_broken(const struct theme_current *theme_current)
{
    return atomic_load_explicit(&theme_current->is_broken, memory_order_relaxed);
}

bool theme_current_fault(struct theme_current *theme_current, struct fault *fault)
{
    pthread_mutex_lock(&theme_current->lock);
    bool is_broken = theme_current->is_broken;
    if (is_broken) {
        assert(theme_current->fault.field[0] || theme_current->fault.text[0]); /* T2 */
        *fault = theme_current->fault;
    }
    pthread_mutex_unlock(&theme_current->lock);
    return is_broken;
}

const struct theme *theme_current_built_in(const struct theme_current *theme_current)
{
    return theme_current->built_in;
}
