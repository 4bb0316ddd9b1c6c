/* `khobor check`: looks at the database, the files next to it and its disk, and prints a line for
 * each fault, with what to do. */
#include "command/command.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "counting/view_journal.h"
#include "db/transaction.h"
#include "store/consistency.h"
#include "store/state.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

enum {
    FREE_BYTES_MIN = 64 << 20,
};

static void print_fault(void *arg, const char *what, const char *advice)
{
    int64_t *count = arg;
    ++*count;
    log_print(stdout, "%s; %s", what, advice);
}

/* Owner, permissions and kind of the files next to the database. */
static void check_side_files(const char *database, int64_t *count)
{
    static const char *const suffixes[] = {"serve", "gate", "write", "versions", "views"};
    struct stat owner, found;
    if (stat(database, &owner) != 0)
        return;
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        char path[PATH_MAX], what[PATH_MAX + 64];
        if (!file_path_with_suffix(database, suffixes[i], path) || lstat(path, &found) != 0)
            continue;
        bool is_lock = strcmp(suffixes[i], "gate") == 0 || strcmp(suffixes[i], "write") == 0;
        const char *why = is_lock && found.st_size > 0 ? "is not a file of Khobor's"
                          : !S_ISREG(found.st_mode)    ? "is not a regular file"
                          : found.st_nlink > 1         ? "has a second name (a hard link)"
                          : found.st_uid != owner.st_uid
                              ? "belongs to another user than the database"
                          : (found.st_mode & 0666) != ((owner.st_mode & 0666) | 0600)
                              ? "has other permissions than the database"
                              : NULL;
        if (!why)
            continue;
        snprintf(what, sizeof what, "%s %s", path, why);
        print_fault(count, what, "correct it, or remove the file while nothing runs");
    }
}

static void check_disk(const char *database, int64_t *count)
{
    struct statvfs disk;
    if (statvfs(database, &disk) == 0 &&
        (uint64_t)disk.f_bavail * disk.f_frsize < (uint64_t)FREE_BYTES_MIN)
        print_fault(count, "the disk has less than 64 MiB free", "make room");
}

static enum status count_record(void *arg, const struct journal_record *record)
{
    (void)arg;
    (void)record;
    return STATUS_OK;
}

static void check_journal(struct db *db, const char *database, int64_t *count)
{
    int64_t id = 0, applied = 0;
    if (state_get(db, STATE_JOURNAL_ID, &id) != STATUS_OK ||
        state_get(db, STATE_JOURNAL_APPLIED, &applied) != STATUS_OK)
        return;
    enum status status = view_journal_peek(database, id, applied, count_record, NULL);
    if (status != STATUS_OK && status != STATUS_BUSY)
        print_fault(count, "the position in the journal of views is damaged",
                    "start the server: it begins a new journal");
}

static int repair(const struct config *config)
{
    struct fault fault;
    struct transaction *transaction;
    if (transaction_open(config, &transaction, NULL, &fault) != STATUS_OK)
        return complain(&fault);
    enum status status = transaction_begin(transaction);
    if (status == STATUS_OK) {
        status = consistency_repair(transaction_db(transaction));
        if (status == STATUS_OK)
            status = transaction_commit(transaction);
        else
            transaction_rollback(transaction);
    }
    /* What it changed is in no set of changes. */
    if (status == STATUS_OK)
        versions_invalidate_all(transaction_versions(transaction));
    transaction_close(transaction);
    if (status == STATUS_OK)
        return EXIT_DONE;
    fault_set(&fault, status, "database", "it can't be repaired: %s", status_text(status));
    return complain(&fault);
}

int command_check(const struct invocation *invocation)
{
    struct db *db;
    struct fault fault;
    int64_t count = 0;
    const struct config *config = invocation->config;
    if (invocation->flags & FLAG_REPAIR) {
        int exit_status = repair(config);
        if (exit_status != EXIT_DONE)
            return exit_status;
    }
    if (open_for_reading(config, &db, &fault) != STATUS_OK)
        return complain(&fault);
    enum status status = consistency_check(db, clock_now_s(), print_fault, &count);
    (void)status; /* it was told as a fault */
    check_journal(db, config->store.database, &count);
    db_close(db);
    check_side_files(config->store.database, &count);
    check_disk(config->store.database, &count);
    if (count == 0) {
        log_print(stdout, "%s: no fault was found", config->store.database);
        return EXIT_DONE;
    }
    fault_set(&fault, STATUS_INVALID, "database", "%" PRId64 " %s found in %s", count,
              count == 1 ? "fault was" : "faults were", config->store.database);
    return complain(&fault);
}
