/* Takes parsed lines from import_reader and saves each in the open transaction ("batch"), which is
 * committed often so that other writers wait little: after BATCH_LINES lines, after BATCH_MS, or
 * when the input, a pipe, gives nothing for QUIET_MS. With `strict` or `dry_run` the whole file is
 * one batch. */
#include "transfer/import.h"

#include "base/clock.h"
#include "newsroom/save_article.h"
#include "newsroom/save_section.h"
#include "store/redirects.h"
#include "store/sections.h"
#include "store/views.h"
#include "transfer/import_reader.h"

#include <assert.h>
#include <string.h>

enum {
    BATCH_LINES = 1000,
    BATCH_MS = 100,
    QUIET_MS = 20,
    STOP_POLL_MS = 100,
};

struct import {
    struct transaction *transaction;
    struct db *db;
    const struct import_options *options;
    struct import_counts *counts;
    struct import_reader *reader;
    bool in_batch;
    int64_t batch_lines, batch_began_ms;
};

/* Finds the article that a line of views or a redirect names in `field`. */
static enum status find_article(struct import *import, const struct import_line *line,
                                const char *field, int64_t *id, struct fault *fault)
{
    enum status status = article_id_of_key(import->db, line->slug_key, id);
    if (status == STATUS_ABSENT)
        return fault_set(
            fault, STATUS_INVALID, field,
            "must be the slug of a stored article, got \"%s\"; its line must come before",
            line->slug);
    return status;
}

static enum status save_section(struct import *import, struct import_line *line, enum saved *saved,
                                struct fault *fault)
{
    return section_save(import->db, transaction_changes(import->transaction), &line->section,
                        import->options->route_words, saved, fault);
}

static enum status save_article(struct import *import, struct import_line *line, enum saved *saved,
                                struct fault *fault)
{
    const char *slug = line->article.section;
    struct section section;
    enum status status = section_find(import->db, slug, strlen(slug), &section);
    if (status == STATUS_ABSENT)
        return fault_set(
            fault, STATUS_INVALID, "section",
            "must be the slug of a stored section, got \"%s\"; its line must come before", slug);
    if (status != STATUS_OK)
        return status;
    line->article.article.section_id = section.id;
    return article_save(import->db, transaction_changes(import->transaction),
                        &line->article.article, import->options->now_s, saved, fault);
}

static enum status save_views(struct import *import, struct import_line *line, enum saved *saved,
                              struct fault *fault)
{
    int64_t id = 0;
    assert(instant_floor(line->views.hour, HOUR_S) == line->views.hour);
    enum status status = find_article(import, line, "slug", &id, fault);
    if (status == STATUS_OK)
        status = views_set_hour(import->db, id, line->views.hour, line->views.count,
                                import->options->now_s, saved);
    if (status == STATUS_OK && *saved != SAVED_SAME)
        status = article_note_change(import->db, id);
    return status;
}

static enum status save_redirect(struct import *import, struct import_line *line, enum saved *saved,
                                 struct fault *fault)
{
    int64_t id = 0, stored_id = 0;
    const char *source = line->redirect.source;
    assert(source[0] == '/');
    enum status status = find_article(import, line, "to", &id, fault);
    if (status != STATUS_OK)
        return status;
    status = redirect_find(import->db, source, &stored_id);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return status;
    *saved = status == STATUS_ABSENT ? SAVED_NEW : stored_id == id ? SAVED_SAME : SAVED_CHANGED;
    return *saved == SAVED_SAME ? STATUS_OK : redirect_save(import->db, source, id);
}

static bool is_one_batch(const struct import *import)
{
    return import->options->strict || import->options->dry_run;
}

static enum status begin_batch(struct import *import, struct fault *fault)
{
    if (import->in_batch)
        return STATUS_OK;
    enum status status = transaction_begin(import->transaction);
    if (status != STATUS_OK)
        return fault_set(fault, status, "database", "the database can't be written: %s",
                         status_text(status));
    import->in_batch = true;
    import->batch_lines = 0;
    import->batch_began_ms = clock_steady_ms();
    return STATUS_OK;
}

static enum status commit_batch(struct import *import, struct fault *fault)
{
    if (import->in_batch) {
        import->in_batch = false;
        enum status status = transaction_commit(import->transaction);
        if (status != STATUS_OK)
            return fault_set(fault, status, "database", "a batch could not be stored: %s",
                             status_text(status));
    }
    assert(import->counts->committed <= import->counts->lines);
    import->counts->committed = import->counts->lines;
    return STATUS_OK;
}

/* Saves a good line. STATUS_INVALID for a fault of the line; any other error ends the import. */
static enum status save_line(struct import *import, struct import_line *line, struct fault *fault)
{
    static enum status (*const functions[IMPORT__MAX])(struct import *, struct import_line *,
                                                       enum saved *, struct fault *) = {
        [IMPORT_SECTION] = save_section,
        [IMPORT_ARTICLE] = save_article,
        [IMPORT_VIEWS] = save_views,
        [IMPORT_REDIRECT] = save_redirect,
    };
    int64_t *const counts[] = {
        [SAVED_NEW] = &import->counts->added,
        [SAVED_CHANGED] = &import->counts->changed,
        [SAVED_SAME] = &import->counts->unchanged,
    };
    enum saved saved = SAVED_SAME;
    enum status status = begin_batch(import, fault);
    if (status != STATUS_OK)
        return status;
    assert(line->type < IMPORT__MAX);
    *fault = (struct fault){.field = ""};
    status = functions[line->type](import, line, &saved, fault);
    import->batch_lines++;
    if (status == STATUS_OK)
        ++*counts[saved];
    else if (status != STATUS_INVALID)
        fault_fill(fault, "database", "the database can't be written: %s", status_text(status));
    return status;
}

/* Saves a line, or passes on why it can't be: statuses as save_line. */
static enum status take_line(struct import *import, struct import_reader_line *line,
                             struct fault *fault)
{
    assert(line->number >= import->counts->lines);
    import->counts->lines = line->number;
    import->counts->offset = line->offset;
    import->counts->size = line->size;
    if (line->status == STATUS_OK)
        return save_line(import, &line->line, fault);
    *fault = line->fault;
    return line->status == STATUS_ABSENT ? STATUS_OK : line->status;
}

static bool is_stopped(const struct import *import)
{
    return import->options->stop && *import->options->stop;
}

/* Gets the next line, STATUS_ABSENT after the last. Commits the batch when it is full, or before it
 * would have to wait long, so that no other writer waits for a silent input. */
static enum status next_line(struct import *import, struct import_reader_line **line,
                             struct fault *fault)
{
    bool commits = !is_one_batch(import);
    if (commits && import->in_batch &&
        (import->batch_lines >= BATCH_LINES ||
         clock_steady_ms() - import->batch_began_ms >= BATCH_MS)) {
        enum status committed = commit_batch(import, fault);
        if (committed != STATUS_OK)
            return committed;
    }
    enum status status = import_reader_next(import->reader, QUIET_MS, line);
    while (status == STATUS_BUSY && !is_stopped(import)) {
        if (commits && import->in_batch) {
            status = commit_batch(import, fault);
            if (status != STATUS_OK)
                return status;
        }
        status = import_reader_next(import->reader, STOP_POLL_MS, line);
    }
    return is_stopped(import) ? fault_set(fault, STATUS_BUSY, "", "stopped") : status;
}

/* Takes lines until the last one, or until a fault that ends the import. */
static enum status take_all(struct import *import, struct fault *fault)
{
    const struct import_options *options = import->options;
    for (;;) {
        struct import_reader_line *line;
        enum status status = next_line(import, &line, fault);
        if (status != STATUS_OK)
            return status == STATUS_ABSENT ? STATUS_OK : status;
        status = take_line(import, line, fault);
        if (status == STATUS_INVALID) {
            import->counts->faults++;
            options->on_fault(options->arg, import->counts->lines, fault);
            status = options->strict ? STATUS_INVALID : STATUS_OK;
        }
        if (status != STATUS_OK)
            return status;
        options->on_progress(options->arg, import->counts);
    }
}

enum status import_run(struct transaction *transaction, struct lines *lines,
                       const struct import_options *options, struct import_counts *counts,
                       struct fault *fault)
{
    *counts = (struct import_counts){.lines = 0};
    struct import import = {.transaction = transaction,
                            .db = transaction_db(transaction),
                            .options = options,
                            .counts = counts};
    enum status status = import_reader_open(lines, &options->rules, &import.reader);
    if (status != STATUS_OK)
        return fault_set(fault, status, "", "the file can't be read: %s", status_text(status));
    status = take_all(&import, fault);
    if (status == STATUS_OK && !options->dry_run)
        status = commit_batch(&import, fault);
    if (import.in_batch)
        transaction_rollback(transaction);
    import_reader_close(import.reader);
    assert(status != STATUS_OK || options->dry_run || counts->committed == counts->lines);
    return status;
}
