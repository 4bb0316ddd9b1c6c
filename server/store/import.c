#include "store/import.h"

#include "base/clock.h"
#include "store/sections.h"
#include "store/views.h"

#include <string.h>

/* A batch ends at whichever comes first, so that a server beside the import waits little. */
enum {
    BATCH_LINES = 1000,
    BATCH_MS = 100
};

static const char byte_order_mark[] = "\xEF\xBB\xBF";

struct import {
    struct writing *writing;
    struct db *db;
    const struct import_options *options;
    struct import_counts *counts;
    struct record record;
    bool in_batch;
    int64_t batch_lines, batch_began_ms;
};

/* The id of the article that a line of views or a redirect names. */
static enum status article_of(struct import *import, const char *field, int64_t *id,
                              struct fault *fault)
{
    enum status status = article_id_of_key(import->db, import->record.slug_key, id);
    if (status == STATUS_ABSENT)
        return fault_set(fault, STATUS_INVALID, field,
                         "no article has the slug \"%s\"; its line must come before",
                         import->record.slug);
    return status;
}

static void count_change(struct import *import, bool changed)
{
    if (changed)
        import->counts->changed++;
    else
        import->counts->unchanged++;
}

static enum status save_section(struct import *import, struct fault *fault)
{
    const struct record *record = &import->record;
    struct section section = {
        .slug = record->slug, .name = record->section.name, .position = record->section.position};
    enum status status = section_save(import->db, &section, record->slug_key, fault);
    if (status == STATUS_OK)
        count_change(import, db_changed(import->db) > 0);
    return status;
}

static enum status save_article(struct import *import, struct fault *fault)
{
    struct article *article = &import->record.article.article;
    const char *slug = import->record.article.section;
    struct section section;
    enum status status = section_find(import->db, slug, strlen(slug), &section);
    if (status == STATUS_ABSENT)
        return fault_set(fault, STATUS_INVALID, "section",
                         "no section has the slug \"%s\"; its line must come before", slug);
    if (status != STATUS_OK)
        return status;
    article->section_id = section.id;
    enum article_saved saved;
    status = article_save(import->db, article, import->options->now_s, &saved, fault);
    if (status != STATUS_OK)
        return status;
    if (saved == ARTICLE_NEW)
        import->counts->added++;
    else
        count_change(import, saved == ARTICLE_CHANGED);
    return STATUS_OK;
}

static enum status save_views(struct import *import, struct fault *fault)
{
    int64_t id;
    bool changed = false;
    const struct record *record = &import->record;
    enum status status = article_of(import, "slug", &id, fault);
    if (status == STATUS_OK)
        status = views_set_hour(import->db, id, record->views.hour, record->views.count,
                                import->options->now_s, &changed);
    if (status == STATUS_OK && changed)
        status = change_note(import->db, id);
    if (status == STATUS_OK)
        count_change(import, changed);
    return status;
}

static enum status save_redirect(struct import *import, struct fault *fault)
{
    int64_t id;
    enum status status = article_of(import, "to", &id, fault);
    if (status != STATUS_OK)
        return status;
    struct query *query = db_query(import->db, SQL_REDIRECT_SAVE);
    query_bind_string(query, "source", import->record.redirect.source);
    query_bind_number(query, "article_id", id);
    status = query_run(query);
    if (status == STATUS_OK)
        count_change(import, db_changed(import->db) > 0);
    return status;
}

static enum status save(struct import *import, struct fault *fault)
{
    static enum status (*const savers[RECORD__MAX])(struct import *, struct fault *) = {
        [RECORD_SECTION] = save_section,
        [RECORD_ARTICLE] = save_article,
        [RECORD_VIEWS] = save_views,
        [RECORD_REDIRECT] = save_redirect,
    };
    return savers[import->record.type](import, fault);
}

static bool is_one_transaction(const struct import *import)
{
    return import->options->strict || import->options->dry_run;
}

static enum status begin_batch(struct import *import, struct fault *fault)
{
    if (import->in_batch)
        return STATUS_OK;
    enum status status = writing_begin(import->writing);
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
        enum status status = writing_commit(import->writing);
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
        writing_rollback(import->writing);
    import->in_batch = false;
}

static bool batch_is_full(const struct import *import)
{
    return import->batch_lines >= BATCH_LINES ||
           clock_steady_ms() - import->batch_began_ms >= BATCH_MS;
}

static bool is_blank(const char *line, size_t len)
{
    size_t at = 0;
    while (at < len && strchr(" \t\r", line[at]) && line[at])
        at++;
    return at == len;
}

/* Stores one line. A fault of the line is STATUS_INVALID; anything else ends the import. */
static enum status take_line(struct import *import, const char *line, size_t len,
                             struct fault *fault)
{
    if (import->counts->lines == 1 && len >= 3 && memcmp(line, byte_order_mark, 3) == 0) {
        line += 3;
        len -= 3;
    }
    if (is_blank(line, len))
        return STATUS_OK;
    enum status status = record_parse(&import->record, line, len, &import->options->rules, fault);
    if (status == STATUS_OK)
        status = begin_batch(import, fault);
    if (status != STATUS_OK)
        return status;
    *fault = (struct fault){.field = ""};
    status = save(import, fault);
    import->batch_lines++;
    if (status != STATUS_OK && status != STATUS_INVALID && fault->text[0] == '\0')
        return fault_set(fault, status, "database", "the database can't be written: %s",
                         status_text(status));
    return status;
}

static bool is_stopped(const struct import *import)
{
    return import->options->stop && *import->options->stop;
}

/* Reads the next line and stores it; STATUS_ABSENT at the end of the file. */
static enum status step(struct import *import, struct lines *lines, struct fault *fault)
{
    const char *line;
    size_t len;
    enum status status;
    do /* a signal that is none of ours may interrupt a read */
        status = lines_next(lines, &line, &len);
    while (status == STATUS_BUSY && !is_stopped(import));
    import->counts->lines = lines->number;
    if (status == STATUS_OK)
        return take_line(import, line, len, fault);
    if (status == STATUS_FULL)
        return fault_set(fault, STATUS_INVALID, "", "the line is longer than %d bytes",
                         RECORD_LINE_BYTES);
    if (status ==
        STATUS_INVALID) /* no line but the file is bad, and it can't be read any further */
        return fault_set(fault, STATUS_UNUSABLE, "", "the gzip data is damaged or ends early");
    if (status == STATUS_FAILED)
        return fault_set(fault, STATUS_FAILED, "", "the file can't be read");
    return status;
}

static enum status read_all(struct import *import, struct lines *lines, struct fault *fault)
{
    const struct import_options *options = import->options;
    for (;;) {
        /* A pipe may keep us waiting; nobody else shall wait with us. */
        bool pause = !is_one_transaction(import) && (batch_is_full(import) || !lines_ready(lines));
        enum status status = import->in_batch && pause ? end_batch(import, fault) : STATUS_OK;
        if (status == STATUS_OK)
            status = is_stopped(import) ? STATUS_BUSY : step(import, lines, fault);
        if (status == STATUS_INVALID) {
            import->counts->faults++;
            options->on_fault(options->context, import->counts->lines, fault);
            status = options->strict ? STATUS_INVALID : STATUS_OK;
        }
        if (status == STATUS_BUSY && is_stopped(import))
            return fault_set(fault, STATUS_BUSY, "", "stopped");
        if (status != STATUS_OK)
            return status == STATUS_ABSENT ? STATUS_OK : status;
        options->on_progress(options->context, import->counts);
    }
}

enum status import_run(struct writing *writing, struct lines *lines,
                       const struct import_options *options, struct import_counts *counts,
                       struct fault *fault)
{
    *counts = (struct import_counts){.lines = 0};
    struct import import = {
        .writing = writing, .db = writing_db(writing), .options = options, .counts = counts};
    record_init(&import.record);
    enum status status = read_all(&import, lines, fault);
    if (status == STATUS_OK && !options->dry_run)
        status = end_batch(&import, fault);
    drop_batch(&import);
    record_release(&import.record);
    return status;
}
