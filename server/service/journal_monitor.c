#include "service/journal_monitor.h"

#include "base/file.h"
#include "base/log.h"
#include "counting/view_journal.h"

#include <inttypes.h>
#include <stdio.h>

/* The fault says why it can't be used. */
static enum status find(struct journal_monitor *journaling, const char *path, int64_t capacity,
                        const struct housekeeping *tick, struct fault *why)
{
    if (tick->journal_id == 0)
        return fault_set(why, STATUS_FAILED, "", "the database can't be given a journal now");
    return view_journal_open(path, capacity, tick->journal_id, tick->journal_applied,
                             &journaling->journal, why);
}

static void say_what_was_found(const struct view_journal *journal, const char *path)
{
    if (view_journal_damaged(journal))
        log_write(LOG_ERROR, "%s was missing or damaged; views that waited in it may be lost",
                  path);
    if (view_journal_waiting(journal) > 0)
        log_write(LOG_INFO, "%" PRId64 " views are read from the journal, %" PRId64 " were torn",
                  view_journal_waiting(journal) - view_journal_torn(journal),
                  view_journal_torn(journal));
}

void journal_monitor_open(struct journal_monitor *journaling, const struct config *config,
                          const struct housekeeping *tick, struct pending_views *counts,
                          atomic_bool *works)
{
    struct fault why = {.text = "the path is too long"};
    char path[PATH_MAX];
    *journaling = (struct journal_monitor){
        .counts = counts, .works = works, .storing = tick->storing, .syncing = true};
    bool found = file_beside(config->store.database, "views", path) &&
                 find(journaling, path, config->popularity.journal, tick, &why) == STATUS_OK;
    if (found)
        say_what_was_found(journaling->journal, path);
    else
        log_write(LOG_ERROR,
                  "%s; views of the last half second are lost when the process is killed",
                  why.text);
    atomic_store(works, found);
    /* Without a journal, too: how far it was stored stays known for when it can be used again. */
    pending_views_use_journal(counts, journaling->journal, tick->journal_applied);
}

void journal_monitor_close(struct journal_monitor *journaling)
{
    view_journal_close(journaling->journal);
    journaling->journal = NULL;
}

void journal_monitor_watch(struct journal_monitor *journaling)
{
    if (!journaling->journal)
        return;
    bool works =
        atomic_load(journaling->storing) || pending_views_unjournaled(journaling->counts) == 0;
    if (atomic_exchange(journaling->works, works) == works)
        return;
    if (works)
        log_write(LOG_INFO, "views are written to the journal again");
    else
        log_write(LOG_ERROR, "the journal of views is full; further views are in memory alone "
                             "until they can be stored");
}

void journal_monitor_sync(struct journal_monitor *journaling)
{
    if (!journaling->journal)
        return;
    bool works = view_journal_sync(journaling->journal) == STATUS_OK;
    if (works != journaling->syncing && works)
        log_write(LOG_INFO, "the journal of views is brought to the disk again");
    if (works != journaling->syncing && !works)
        log_write(LOG_ERROR, "the journal of views can't be brought to the disk; a power cut may "
                             "cost the views that are not stored yet");
    journaling->syncing = works;
}
