/* What the commands share, and the commands that are a few lines: serve, migrate, config, version.
 */
#include "command/command.h"

#include "base/buf.h"
#include "base/log.h"
#include "db/database_file.h"
#include "db/migrate.h"
#include "db/transaction.h"
#include "service/service.h"

#include <assert.h>
#include <stdio.h>

enum {
    CONFIG_PRINTED_BYTES_MAX = 64 * 1024
};

int complain(const struct fault *fault)
{
    log_print(stderr, "khobor: %s%s%s", fault->field, fault->field[0] ? ": " : "", fault->text);
    return EXIT_COULD_NOT;
}

enum status open_for_reading(const struct config *config, struct db **db, struct fault *fault)
{
    struct db *opened;
    enum status status = database_file_check_reading(config->store.database, fault);
    if (status == STATUS_OK)
        status =
            db_open(config->store.database, DB_READER, (int)config->store.cache_kb, &opened, fault);
    if (status != STATUS_OK)
        return status;
    status = migrate_check(opened, fault);
    if (status == STATUS_OK)
        status = db_prepare(opened, fault);
    if (status == STATUS_OK)
        *db = opened;
    else
        db_close(opened);
    return status;
}

int command_serve(const struct invocation *invocation)
{
    struct fault fault;
    return service_run(invocation->config, &fault) == STATUS_OK ? EXIT_DONE : complain(&fault);
}

int command_migrate(const struct invocation *invocation)
{
    int from;
    struct fault fault;
    struct transaction *transaction;
    if (transaction_open(invocation->config, &transaction, &from, &fault) != STATUS_OK)
        return complain(&fault);
    transaction_close(transaction);
    assert(from <= migrate_newest());
    if (from == migrate_newest())
        log_print(stdout, "%s is at version %d already", invocation->config->store.database, from);
    else
        log_print(stdout, "%s was brought from version %d to %d",
                  invocation->config->store.database, from, migrate_newest());
    return EXIT_DONE;
}

int command_config(const struct invocation *invocation)
{
    struct buf text;
    struct fault fault;
    buf_init(&text, CONFIG_PRINTED_BYTES_MAX);
    if (invocation->flags & FLAG_EXAMPLE)
        config_print_example(&text);
    else
        config_print(invocation->config, &text);
    enum status status = buf_status(&text);
    if (status == STATUS_OK)
        fputs(buf_string(&text), stdout);
    else
        fault_set(&fault, status, "", "the settings can't be printed: %s", status_text(status));
    buf_release(&text);
    return status == STATUS_OK ? EXIT_DONE : complain(&fault);
}

int command_version(const struct invocation *invocation)
{
    (void)invocation;
    log_print(stdout, "khobor %s", KHOBOR_VERSION);
    return EXIT_DONE;
}
