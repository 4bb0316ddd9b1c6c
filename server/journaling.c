#include "journaling.h"

#include "base/file.h"
#include "base/log.h"
#include "popularity/journal.h"

#include <inttypes.h>
#include <stdio.h>

/* The fault says why it can't be used. */
static enum status find(struct journaling *journaling, const char *path, int64_t capacity,
                        const struct tick *tick, struct fault *why)
{
    if (tick->journal_id == 0)
        return fault_set(why, STATUS_FAILED, "", "the database can't be given a journal now");
    return journal_open(path, capacity, tick->journal_id, tick->journal_applied,
                        &journaling->journal, why);
}

static void say_what_was_found(const struct journal *journal, const char *path)
{
    if (journal_damaged(journal))
        log_write(LOG_ERROR, "%s was missing or damaged; views that waited in it may be lost",
                  path);
    if (journal_waiting(journal) > 0)
        log_write(LOG_INFO, "%" PRId64 " views are read from the journal, %" PRId64 " were torn",
                  journal_waiting(journal) - journal_torn(journal), journal_torn(journal));
}

void journaling_open(struct journaling *journaling, const struct config *config,
                     const struct tick *tick, struct counts *counts, atomic_bool *works)
{
    struct fault why = {.text = "the path is too long"};
    char path[PATH_MAX];
    *journaling = (struct journaling){
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
    counts_use(counts, journaling->journal, tick->journal_applied);
}

void journaling_close(struct journaling *journaling)
{
    journal_close(journaling->journal);
    journaling->journal = NULL;
}

void journaling_watch(struct journaling *journaling)
{
    if (!journaling->journal)
        return;
    bool works = atomic_load(journaling->storing) || counts_loose(journaling->counts) == 0;
    if (atomic_exchange(journaling->works, works) == works)
        return;
    if (works)
        log_write(LOG_INFO, "views are written to the journal again");
    else
        log_write(LOG_ERROR, "the journal of views is full; further views are in memory alone "
                             "until they can be stored");
}

void journaling_sync(struct journaling *journaling)
{
    if (!journaling->journal)
        return;
    bool works = journal_sync(journaling->journal) == STATUS_OK;
    if (works != journaling->syncing && works)
        log_write(LOG_INFO, "the journal of views is brought to the disk again");
    if (works != journaling->syncing && !works)
        log_write(LOG_ERROR, "the journal of views can't be brought to the disk; a power cut may "
                             "cost the views that are not stored yet");
    journaling->syncing = works;
}
