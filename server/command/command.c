#include "command/command.h"

#include "db/migrate.h"

#include <stdio.h>

int complain(const struct fault *fault)
{
    if (fault->field[0])
        fprintf(stderr, "khobor: %s: %s\n", fault->field, fault->text);
    else
        fprintf(stderr, "khobor: %s\n", fault->text);
    return EXIT_COULD_NOT;
}

enum status open_for_reading(const struct config *config, struct db **db, struct fault *fault)
{
    struct db *opened;
    enum status status =
        db_open(config->store.database, DB_READER, (int)config->store.cache_kb, &opened, fault);
    if (status != STATUS_OK)
        return status;
    status = migrate_check(opened, fault);
    if (status == STATUS_OK) {
        status = db_prepare(opened);
        if (status != STATUS_OK)
            fault_set(fault, status, "database", "%s is damaged", config->store.database);
    }
    if (status != STATUS_OK) {
        db_close(opened);
        return status;
    }
    *db = opened;
    return STATUS_OK;
}
