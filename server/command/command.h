/* The commands of the binary. Each returns its exit status: 0 done, 1 could not, 2 wrong usage, and
 * has said why in one line on stderr. */
#ifndef KHOBOR_COMMAND_COMMAND_H
#define KHOBOR_COMMAND_COMMAND_H

#include "base/config.h"
#include "base/status.h"
#include "db/sqlite.h"

enum exit_status {
    EXIT_DONE,
    EXIT_COULD_NOT,
    EXIT_USAGE,
};

/* Flags that are no settings; a set of bits. */
enum flag {
    FLAG_HELP = 1,
    FLAG_DEMO = 2,
    FLAG_STRICT = 4,
    FLAG_DRY_RUN = 8,
    FLAG_EXAMPLE = 16,
};

/* A command line, read and checked: the settings are in force, so is the site's zone. */
struct invocation {
    const struct config *config;
    unsigned flags;
    const char *argument; /* NULL when none was given */
};

int command_serve(const struct invocation *invocation);
int command_import(const struct invocation *invocation);
int command_export(const struct invocation *invocation);
int command_migrate(const struct invocation *invocation);
int command_health(const struct invocation *invocation);
int command_views(const struct invocation *invocation);
int command_config(const struct invocation *invocation);
int command_version(const struct invocation *invocation);

/* Writes "khobor: field: text" to stderr and returns EXIT_COULD_NOT. */
int complain(const struct fault *fault);

/* Opens the database for a command that only reads it. */
enum status open_for_reading(const struct config *config, struct db **db,
                             struct fault *fault) MUST_CHECK;

#endif
