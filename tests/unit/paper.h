/* A paper to try things on: a folder of its own, settings, and an opened database. */
#ifndef KHOBOR_TESTS_PAPER_H
#define KHOBOR_TESTS_PAPER_H

#include "base/clock.h"
#include "base/config.h"
#include "base/lines.h"
#include "check.h"
#include "db/transaction.h"
#include "transfer/import.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* 2024-04-16T12:00:00+06:00, a whole hour in UTC. */
#define PAPER_NOW INT64_C(1713247200)

struct paper {
    char folder[64];
    struct config config;
    struct transaction *transaction; /* NULL until paper_open */
    struct db *db;                   /* writing's */
};

/* What the last import said of bad lines: "LINE:field: text\n" each. */
struct paper_report {
    struct buf faults;
    struct import_counts counts;
    struct fault fault;
};

static inline void folder_make(char folder[64])
{
    const char *root = getenv("TMPDIR");
    snprintf(folder, 64, "%.40s/khobor-unit.XXXXXX", root && *root ? root : "/tmp");
    assert_non_null(mkdtemp(folder));
}

/* Removes a folder of plain files. */
static inline void folder_remove(const char *folder)
{
    char path[512];
    DIR *dir = opendir(folder);
    struct dirent *entry;
    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] != '.' && unlink(path) != 0)
            rmdir(path);
    }
    closedir(dir);
    rmdir(folder);
}

static inline void file_write(const char *path, const void *bytes, size_t len)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

/* The bytes of a file, to be freed; NULL when there is none. */
static inline char *file_read(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    *len = 0;
    if (!file)
        return NULL;
    fseek(file, 0, SEEK_END);
    *len = (size_t)ftell(file);
    rewind(file);
    char *bytes = malloc(*len + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *len, file), *len);
    bytes[*len] = '\0';
    fclose(file);
    return bytes;
}

/* A folder and settings for a database that is not there yet. */
static inline void paper_begin(struct paper *paper)
{
    *paper = (struct paper){.transaction = NULL};
    folder_make(paper->folder);
    config_init(&paper->config);
    snprintf(paper->config.store.database, sizeof paper->config.store.database, "%s/paper.db",
             paper->folder);
    check_status("the zone", zone_use(paper->config.site.timezone), STATUS_OK);
}

static inline void paper_open(struct paper *paper)
{
    struct fault fault = {.field = ""};
    paper_begin(paper);
    check_done("opening", transaction_open(&paper->config, &paper->transaction, NULL, &fault),
               &fault);
    paper->db = transaction_db(paper->transaction);
}

static inline void paper_close(struct paper *paper)
{
    transaction_close(paper->transaction);
    folder_remove(paper->folder);
}

/* Closes the database and opens it again, as a process that starts again does. */
static inline void paper_again(struct paper *paper)
{
    struct fault fault = {.field = ""};
    transaction_close(paper->transaction);
    check_done("opening", transaction_open(&paper->config, &paper->transaction, NULL, &fault),
               &fault);
    paper->db = transaction_db(paper->transaction);
}

/* A connection as a serving thread has it. */
static inline struct db *paper_reader(const struct paper *paper)
{
    struct db *db;
    struct fault fault = {.field = ""};
    check_done("reader", db_open(paper->config.store.database, DB_READER, 1024, &db, &fault),
               &fault);
    check_done("reader", db_prepare(db, &fault), &fault);
    return db;
}

static inline void paper_begin_write(struct paper *paper)
{
    check_status("begin", transaction_begin(paper->transaction), STATUS_OK);
}

static inline void paper_commit(struct paper *paper)
{
    check_status("commit", transaction_commit(paper->transaction), STATUS_OK);
}

static inline void paper_on_fault(void *arg, int64_t line, const struct fault *fault)
{
    struct paper_report *report = arg;
    buf_format(&report->faults, "%lld:%s: %s\n", (long long)line, fault->field, fault->text);
}

static inline void paper_on_progress(void *arg, const struct import_counts *counts)
{
    (void)arg;
    (void)counts;
}

static inline const char *const *paper_route_words(void)
{
    static const char *const words[] = {"api", "latest", NULL};
    return words;
}

static inline struct import_options paper_options(struct paper_report *report, int64_t now_s)
{
    return (struct import_options){
        .rules = {.language = "bn"},
        .route_words = paper_route_words(),
        .now_s = now_s,
        .on_fault = paper_on_fault,
        .on_progress = paper_on_progress,
        .arg = report,
    };
}

/* Imports lines from memory; what came of it is in the report, to be released. */
static inline enum status paper_import_as(struct paper *paper, const char *text, size_t len,
                                          const struct import_options *options,
                                          struct paper_report *report)
{
    struct lines lines;
    *report = (struct paper_report){.fault = {.field = ""}};
    buf_init(&report->faults, 1024 * 1024);
    lines_open_memory(&lines, text, len);
    enum status status =
        import_run(paper->transaction, &lines, options, &report->counts, &report->fault);
    lines_close(&lines);
    return status;
}

static inline void paper_report_release(struct paper_report *report)
{
    buf_release(&report->faults);
}

/* Imports lines that must all be good. */
static inline void paper_import_at(struct paper *paper, const char *text, int64_t now_s)
{
    struct paper_report report;
    struct import_options options = paper_options(&report, now_s);
    enum status status = paper_import_as(paper, text, strlen(text), &options, &report);
    check_done("import", status, &report.fault);
    check_text("import", buf_string(&report.faults), "");
    paper_report_release(&report);
}

static inline void paper_import(struct paper *paper, const char *text)
{
    paper_import_at(paper, text, PAPER_NOW);
}

/* One number by SQL of a test's own. */
static inline int64_t paper_number(const struct paper *paper, const char *sql)
{
    int64_t number = 0;
    check_status(sql, db_number(paper->db, sql, &number), STATUS_OK);
    return number;
}

static inline int64_t paper_id(const struct paper *paper, const char *slug)
{
    int64_t id = 0;
    check_status(slug, article_id_of_slug(paper->db, slug, strlen(slug), &id), STATUS_OK);
    return id;
}

#endif
