/* `khobor backup` and `khobor restore`. */
#include "command/command.h"

#include "base/clock.h"
#include "base/log.h"
#include "transfer/backup.h"
#include "transfer/restore.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    KEEP_MAX = 10000,
};

/* The number of --keep; -1 for a bad one. */
static int64_t keep_of(const char *text)
{
    char *end;
    if (!text)
        return 0;
    long keep = strtol(text, &end, 10);
    return *text >= '1' && *text <= '9' && *end == '\0' && keep <= KEEP_MAX ? keep : -1;
}

int command_backup(const struct invocation *invocation)
{
    struct db *db;
    struct fault fault;
    char path[PATH_MAX];
    signal(SIGXFSZ, SIG_IGN);
    const struct config *config = invocation->config;
    struct backup_request request = {.database = config->store.database,
                                     .target = invocation->argument,
                                     .keep = keep_of(invocation->keep),
                                     .verify = invocation->flags & FLAG_VERIFY,
                                     .now_s = clock_now_s()};
    if (request.keep < 0) {
        fault_set(&fault, STATUS_INVALID, "", "--keep must be a number from 1 to %d, got \"%s\"",
                  KEEP_MAX, invocation->keep);
        complain(&fault);
        return EXIT_USAGE;
    }
    if (open_for_reading(config, &db, &fault) != STATUS_OK)
        return complain(&fault);
    request.db = db;
    enum status status = backup_make(&request, path, &fault);
    db_close(db);
    if (status != STATUS_OK)
        return complain(&fault);
    log_print(stdout, "%s", path);
    return EXIT_DONE;
}

int command_restore(const struct invocation *invocation)
{
    struct fault fault;
    char aside[PATH_MAX];
    signal(SIGXFSZ, SIG_IGN);
    if (restore_run(invocation->config, invocation->argument, invocation->flags & FLAG_VERIFY,
                    clock_now_s(), aside, &fault) != STATUS_OK)
        return complain(&fault);
    log_print(stdout, "%s is restored%s%s%s", invocation->config->store.database,
              aside[0] ? "; what was there before is " : "", aside,
              aside[0] ? ", with the files next to it" : "");
    return EXIT_DONE;
}
