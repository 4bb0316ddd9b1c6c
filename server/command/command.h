/* The commands. Each returns the exit status of the process; unless that is EXIT_DONE, the command
 * has written the reason to stderr, in one line. */
#ifndef KHOBOR_COMMAND_COMMAND_H
#define KHOBOR_COMMAND_COMMAND_H

#include "base/config.h"
#include "base/status.h"
#include "db/sqlite.h"

enum exit_status {
    EXIT_DONE = 0,
    EXIT_COULD_NOT = 1,
    EXIT_USAGE = 2,
};

/* Options that are not settings, as bits of a set. */
enum flag {
    FLAG_HELP = 1,
    FLAG_DEMO = 2,
    FLAG_STRICT = 4,
    FLAG_DRY_RUN = 8,
    FLAG_EXAMPLE = 16,
    FLAG_VERIFY = 32,
    FLAG_REPAIR = 64,
};

/* A checked command line. The site's time zone is in use (zone_use). */
struct invocation {
    const struct config *config;
    unsigned flags;       /* bits of enum flag */
    const char *argument; /* NULL when none was given */
    const char *keep;     /* the value of --keep; NULL when none was given */
};

int command_serve(const struct invocation *invocation);
int command_import(const struct invocation *invocation);
int command_export(const struct invocation *invocation);
int command_backup(const struct invocation *invocation);
int command_restore(const struct invocation *invocation);
int command_check(const struct invocation *invocation);
int command_migrate(const struct invocation *invocation);
int command_health(const struct invocation *invocation);
int command_views(const struct invocation *invocation);
int command_config(const struct invocation *invocation);
int command_version(const struct invocation *invocation);

/* Writes "khobor: field: text" to stderr, without the field when it is empty, and returns
 * EXIT_COULD_NOT. */
int complain(const struct fault *fault);

/* Opens the database for a command that only reads it; the caller closes *db. Fails with a fault
 * when it does not exist, is damaged, or has another version. */
enum status open_for_reading(const struct config *config, struct db **db,
                             struct fault *fault) MUST_CHECK;

#endif
