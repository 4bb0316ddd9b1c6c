/* `khobor backup` and `khobor restore`: read the options, and say in one line what was done. */
#include "command/command.h"

#include "base/clock.h"
#include "transfer/backup.h"
#include "transfer/restore.h"

#include <assert.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    KEEP_MAX = 10000
};

/* Reads --keep; 0 when it was not given. */
static bool read_keep(const char *text, int64_t *keep)
{
    char *end = NULL;
    *keep = 0;
    if (!text)
        return true;
    if (text[0] >= '1' && text[0] <= '9')
        *keep = strtol(text, &end, 10);
    return end && *end == '\0' && *keep <= KEEP_MAX;
}

int command_backup(const struct invocation *invocation)
{
    struct db *db;
    struct fault fault;
    struct backup_result result;
    struct backup_options options = {.database = invocation->config->store.database,
                                     .target = invocation->argument,
                                     .verify = (invocation->flags & FLAG_VERIFY) != 0,
                                     .now_s = clock_now_s()};
    assert(options.target);
    if (!read_keep(invocation->keep, &options.keep)) {
        fprintf(stderr,
                "khobor: backup: --keep must be a number from 1 to %d, got \"%s\"; see `khobor "
                "backup --help`\n",
                KEEP_MAX, invocation->keep);
        return EXIT_USAGE;
    }
    signal(SIGXFSZ, SIG_IGN);
    if (open_for_reading(invocation->config, &db, &fault) != STATUS_OK)
        return complain(&fault);
    enum status status = backup_run(db, &options, &result, &fault);
    db_close(db);
    if (status != STATUS_OK)
        return complain(&fault);
    printf("%s: %" PRId64 " bytes, %" PRId64 " views from the journal, %" PRId64
           " older backups removed\n",
           result.path, result.bytes, result.views, result.removed);
    return EXIT_DONE;
}

int command_restore(const struct invocation *invocation)
{
    struct fault fault;
    struct restore_result result;
    assert(invocation->argument);
    signal(SIGXFSZ, SIG_IGN);
    if (restore_run(invocation->config, invocation->argument,
                    (invocation->flags & FLAG_VERIFY) != 0, clock_now_s(), &result,
                    &fault) != STATUS_OK)
        return complain(&fault);
    printf("%s is restored from %s, with %" PRId64 " views from its journal%s%s\n",
           invocation->config->store.database, invocation->argument, result.views,
           result.parked[0] ? "; the database before is now " : "", result.parked);
    return EXIT_DONE;
}
