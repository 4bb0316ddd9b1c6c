/* A folder with a database's file of versions, opened twice as two processes open it. */
#ifndef KHOBOR_TESTS_VERSIONS_FILE_H
#define KHOBOR_TESTS_VERSIONS_FILE_H

#include "db/versions.h"
#include "paper.h"

enum {
    PATH_BYTES = CONFIG_TEXT_BYTES,
};

static char folder[64], database[PATH_BYTES], file[PATH_BYTES + 16];
static struct versions *mine, *others;
static struct change_set changes;
static struct fault fault;

static inline int set_up(void **state)
{
    (void)state;
    folder_make(folder);
    snprintf(database, sizeof database, "%s/paper.db", folder);
    snprintf(file, sizeof file, "%s-versions", database);
    check_status("open", versions_open(database, false, &mine, &fault), STATUS_OK);
    check_status("open", versions_open(database, false, &others, &fault), STATUS_OK);
    memset(&changes, 0, sizeof changes);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    versions_close(mine);
    versions_close(others);
    folder_remove(folder);
    return 0;
}

static inline uint32_t number(const struct versions *versions, enum topic topic, int64_t id)
{
    return versions_at(versions, version_index(topic, id));
}

#endif
