#include "transfer/import.h"

#include "base/clock.h"
#include "newsroom/save_article.h"
#include "newsroom/save_section.h"
#include "store/redirects.h"
#include "store/sections.h"
#include "store/views.h"
#include "transfer/import_reader.h"

#include <string.h>

/* A batch ends at whichever comes first, so that a server beside the import waits little: also when
 * the input, a pipe, gives nothing for a while. */
enum {
    BATCH_LINES = 1000,
    BATCH_MS = 100,
    QUIET_MS = 20,
    LOOK_MS = 100,
};

struct import {
    struct transaction *transaction;
    struct db *db;
    const struct import_options *options;
    struct import_counts *counts;
    struct import_reader *intake;
    struct import_line *record; /* of the line that is being stored */
    bool in_batch;
    int64_t batch_lines, batch_began_ms;
};

/* The id of the article that a line of views or a redirect names. */
static enum status article_of(struct import *import, const char *field, int64_t *id,
                              struct fault *fault)
{
    enum status status = article_id_of_key(import->db, import->record->slug_key, id);
    if (status == STATUS_ABSENT)
        return fault_set(fault, STATUS_INVALID, field,
                         "no article has the slug \"%s\"; its line must come before",
                         import->record->slug);
    return status;
}

static enum status save_section(struct import *import, enum saved *saved, struct fault *fault)
{
    return section_save(import->db, transaction_changes(import->transaction),
                        &import->record->section, import->options->route_words, saved, fault);
}

static enum status save_article(struct import *import, enum saved *saved, struct fault *fault)
{
    struct article *article = &import->record->article.article;
    const char *slug = import->record->article.section;
    struct section section;
    enum status status = section_find(import->db, slug, strlen(slug), &section);
    if (status == STATUS_ABSENT)
        return fault_set(fault, STATUS_INVALID, "section",
                         "no section has the slug \"%s\"; its line must come before", slug);
    if (status != STATUS_OK)
        return status;
    article->section_id = section.id;
    return article_save(import->db, transaction_changes(import->transaction), article,
                        import->options->now_s, saved, fault);
}

static enum status save_views(struct import *import, enum saved *saved, struct fault *fault)
{
    int64_t id = 0;
    const struct import_line *record = import->record;
    enum status status = article_of(import, "slug", &id, fault);
    if (status == STATUS_OK)
        status = views_set_hour(import->db, id, record->views.hour, record->views.count,
                                import->options->now_s, saved);
    if (status == STATUS_OK && *saved != SAVED_SAME)
        status = article_note_change(import->db, id);
    return status;
}

static enum status save_redirect(struct import *import, enum saved *saved, struct fault *fault)
{
    int64_t id = 0, stored = 0;
    const char *source = import->record->redirect.source;
    enum status status = article_of(import, "to", &id, fault);
    if (status != STATUS_OK)
        return status;
    status = redirect_find(import->db, source, &stored);
    if (status != STATUS_OK && status != STATUS_ABSENT)
        return status;
    *saved = status == STATUS_ABSENT ? SAVED_NEW : stored == id ? SAVED_SAME : SAVED_CHANGED;
    return *saved == SAVED_SAME ? STATUS_OK : redirect_save(import->db, source, id);
}

static enum status save(struct import *import, struct fault *fault)
{
    static enum status (*const savers[IMPORT__MAX])(struct import *, enum saved *,
                                                    struct fault *) = {
        [IMPORT_SECTION] = save_section,
        [IMPORT_ARTICLE] = save_article,
        [IMPORT_VIEWS] = save_views,
        [IMPORT_REDIRECT] = save_redirect,
    };
    enum saved saved = SAVED_SAME;
    int64_t *const counts[] = {
        [SAVED_NEW] = &import->counts->added,
        [SAVED_CHANGED] = &import->counts->changed,
        [SAVED_SAME] = &import->counts->unchanged,
    };
    enum status status = savers[import->record->type](import, &saved, fault);
    if (status == STATUS_OK)
        ++*counts[saved];
    return status;
}

static bool is_one_transaction(const struct import *import)
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

static enum status end_batch(struct import *import, struct fault *fault)
{
    if (import->in_batch) {
        import->in_batch = false;
        enum status status = transaction_commit(import->transaction);
        if (status != STATUS_OK)
            return fault_set(fault, status, "database", "a batch could not be stored: %s",
                             status_text(status));
    }
    import->counts->committed = import->counts->lines;
    return STATUS_OK;
}

static void drop_batch(struct import *import)
{
    if (import->in_batch)
        transaction_rollback(import->transaction);
    import->in_batch = false;
}

static bool batch_is_full(const struct import *import)
{
    return import->batch_lines >= BATCH_LINES ||
           clock_steady_ms() - import->batch_began_ms >= BATCH_MS;
}

/* Stores one line. A fault of the line is STATUS_INVALID; anything else ends the import. */
static enum status store_line(struct import *import, struct import_reader_line *line,
                              struct fault *fault)
{
    enum status status = begin_batch(import, fault);
    if (status != STATUS_OK)
        return status;
    import->record = &line->record;
    *fault = (struct fault){.field = ""};
    status = save(import, fault);
    import->batch_lines++;
    if (status != STATUS_OK && status != STATUS_INVALID)
        return fault_set(fault, status, "database", "the database can't be written: %s",
                         status_text(status));
    return status;
}

static enum status take_line(struct import *import, struct import_reader_line *line,
                             struct fault *fault)
{
    import->counts->lines = line->number;
    import->counts->offset = line->offset;
    import->counts->size = line->size;
    if (line->status == STATUS_OK)
        return store_line(import, line, fault);
    *fault = line->fault;
    return line->status == STATUS_ABSENT ? STATUS_OK : line->status;
}

static bool is_stopped(const struct import *import)
{
    return import->options->stop && *import->options->stop;
}

/* The next line, ending the batch when none comes soon: nobody else shall wait with us. */
static enum status next_line(struct import *import, struct import_reader_line **line,
                             struct fault *fault)
{
    bool shares = !is_one_transaction(import);
    enum status status = STATUS_OK;
    if (shares && import->in_batch && batch_is_full(import))
        status = end_batch(import, fault);
    if (status == STATUS_OK)
        status = import_reader_next(import->intake, QUIET_MS, line);
    while (status == STATUS_BUSY && !is_stopped(import)) {
        enum status stored = shares && import->in_batch ? end_batch(import, fault) : STATUS_OK;
        if (stored != STATUS_OK)
            return stored;
        status = import_reader_next(import->intake, LOOK_MS, line);
    }
    return is_stopped(import) ? fault_set(fault, STATUS_BUSY, "", "stopped") : status;
}

/* A bad line is said, and ends the import only when it is to be strict. */
static enum status tell_fault(struct import *import, const struct fault *fault)
{
    const struct import_options *options = import->options;
    import->counts->faults++;
    options->on_fault(options->arg, import->counts->lines, fault);
    return options->strict ? STATUS_INVALID : STATUS_OK;
}

static enum status read_all(struct import *import, struct fault *fault)
{
    for (;;) {
        struct import_reader_line *line;
        enum status status = next_line(import, &line, fault);
        if (status != STATUS_OK)
            return status == STATUS_ABSENT ? STATUS_OK : status;
        status = take_line(import, line, fault);
        if (status == STATUS_INVALID)
            status = tell_fault(import, fault);
        if (status != STATUS_OK)
            return status;
        import->options->on_progress(import->options->arg, import->counts);
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
    enum status status = import_reader_open(lines, &options->rules, &import.intake);
    if (status != STATUS_OK)
        return fault_set(fault, status, "", "the file can't be read: %s", status_text(status));
    status = read_all(&import, fault);
    if (status == STATUS_OK && !options->dry_run)
        status = end_batch(&import, fault);
    drop_batch(&import);
    import_reader_close(import.intake);
    return status;
}
