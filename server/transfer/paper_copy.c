/* The steps from a file to a paper: open and migrate it, add what waits in a journal, and give it a
 * new journal number, so that no journal is ever counted onto it again. */
#include "transfer/paper_copy.h"

#include "base/crypto.h"
#include "base/file.h"
#include "counting/pending_views.h"
#include "db/migrate.h"
#include "store/state.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
    CACHE_KB = 8 * 1024,
    PAIRS_MAX = 100000, /* of article and slot, in memory at a time */
    HEADER_BYTES = 100, /* https://sqlite.org/fileformat2.html#the_database_header */
    APPLICATION_ID_AT = 68,
};

enum status paper_copy_check_header(const char *path, struct fault *fault)
{
    char header[HEADER_BYTES];
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, errno == ENOENT ? STATUS_ABSENT : STATUS_UNUSABLE, "",
                         "%s can't be opened: %s", path, strerror(errno));
    ssize_t got = read(fd, header, sizeof header);
    close(fd);
    if (got != HEADER_BYTES || memcmp(header, "SQLite format 3", 16) != 0 ||
        memcmp(header + APPLICATION_ID_AT, "Khbr", 4) != 0)
        return fault_set(fault, STATUS_UNUSABLE, "", "%s is not a database of Khobor's", path);
    return STATUS_OK;
}

enum status paper_copy_open(const char *path, struct db **copy, struct fault *fault)
{
    int from;
    struct db *opened;
    enum status status = db_open(path, DB_WRITER, CACHE_KB, &opened, fault);
    if (status != STATUS_OK)
        return status;
    status = migrate(opened, &from, fault);
    /* VACUUM INTO writes a file without it. */
    if (status == STATUS_OK && (status = db_run(opened, "PRAGMA journal_mode = WAL")) != STATUS_OK)
        fault_set(fault, status, "", "it can't be written: %s", status_text(status));
    if (status == STATUS_OK)
        status = db_prepare(opened, fault);
    if (status != STATUS_OK) {
        db_close(opened);
        return status;
    }
    *copy = opened;
    return STATUS_OK;
}

/* Views on their way from a journal into a copy. */
struct views_copier {
    struct db *copy;
    struct pending_views *pending;
    int64_t views;
};

static enum status store_pending(struct views_copier *copier)
{
    size_t len;
    const struct pending_count *counts = pending_views_batch(copier->pending, &len);
    enum status status = pending_counts_store(copier->copy, counts, len);
    if (status == STATUS_OK)
        pending_views_stored(copier->pending);
    return status;
}

static enum status take_view(void *arg, const struct journal_record *record)
{
    struct views_copier *copier = arg;
    enum status status =
        pending_views_add(copier->pending, record->article_id, record->verdict, record->at);
    if (status == STATUS_FULL) {
        status = store_pending(copier);
        if (status == STATUS_OK)
            status =
                pending_views_add(copier->pending, record->article_id, record->verdict, record->at);
    }
    copier->views++;
    return status;
}

enum status paper_copy_add_views(struct db *copy, const char *journal_path, int64_t *views,
                                 int64_t *complete_to, struct fault *fault)
{
    int64_t id, applied;
    struct views_copier copier = {.copy = copy};
    enum status status = state_get(copy, JOURNAL_ID, &id);
    if (status == STATUS_OK)
        status = state_get(copy, JOURNAL_APPLIED, &applied);
    if (status == STATUS_OK)
        status = pending_views_open(PAIRS_MAX, &copier.pending);
    if (status == STATUS_OK)
        status = db_run(copy, "BEGIN IMMEDIATE");
    if (status == STATUS_OK)
        status = view_journal_copy(journal_path, id, applied, take_view, &copier, complete_to);
    if (status == STATUS_OK)
        status = store_pending(&copier);
    if (status == STATUS_OK)
        status = db_run(copy, "COMMIT");
    pending_views_close(copier.pending);
    if (status != STATUS_OK)
        return fault_set(fault, status, "", "the views in %s can't be added: %s", journal_path,
                         status_text(status));
    assert(*complete_to >= applied);
    *views = copier.views;
    return STATUS_OK;
}

static enum status set_new_journal(struct db *copy)
{
    int64_t id;
    enum status status = random_fill(&id, sizeof id);
    if (status == STATUS_OK)
        status = db_run(copy, "BEGIN IMMEDIATE");
    if (status == STATUS_OK)
        status = state_set(copy, JOURNAL_ID, id != 0 ? id : 1);
    if (status == STATUS_OK)
        status = state_set(copy, JOURNAL_APPLIED, 0);
    return status == STATUS_OK ? db_run(copy, "COMMIT") : status;
}

/* Runs a statement whose rows say what is wrong. */
static enum status check_none(struct db *copy, enum sql which, const char *what,
                              struct fault *fault)
{
    size_t len = 0;
    struct query *query = db_query(copy, which);
    enum status status = query_step(query);
    if (status == STATUS_OK) {
        const char *finding = query_text(query, "finding", &len);
        fault_set(fault, STATUS_UNUSABLE, "", "it is damaged: %s%.*s", what,
                  len < 200 ? (int)len : 200, finding ? finding : "");
        return query_end(query, STATUS_UNUSABLE);
    }
    if (status != STATUS_ABSENT)
        fault_set(fault, status, "", "it can't be checked: %s", status_text(status));
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

static enum status check_all(struct db *copy, enum paper_check check, struct fault *fault)
{
    if (check == CHECK_OPENS)
        return STATUS_OK;
    if (check == CHECK_PAGES)
        return check_none(copy, SQL_CHECK_PAGES, "", fault);
    enum status status = check_none(copy, SQL_CHECK_ALL, "", fault);
    if (status == STATUS_OK)
        status =
            check_none(copy, SQL_CHECK_REFERENCES, "a row refers to none, in the table ", fault);
    return status;
}

enum status paper_copy_finish(struct db *copy, const char *path, enum paper_check check,
                              struct fault *fault)
{
    char wal[PATH_MAX];
    enum status status = check_all(copy, check, fault);
    if (status == STATUS_OK && (status = set_new_journal(copy)) != STATUS_OK)
        fault_set(fault, status, "", "it can't be written: %s", status_text(status));
    db_close(copy);
    if (status != STATUS_OK)
        return status;
    if (!file_path_with_suffix(path, "wal", wal) || file_exists(wal))
        return fault_set(fault, STATUS_FAILED, "", "its last changes can't be written");
    if (file_sync(path) != STATUS_OK)
        return fault_set(fault, STATUS_FAILED, "", "it can't be brought to the disk: %s",
                         strerror(errno));
    return STATUS_OK;
}
