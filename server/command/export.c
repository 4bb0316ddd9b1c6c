/* `khobor export`: to standard output, or to a file that is complete or unchanged: the lines go to
 * PATH.new, which is renamed to PATH when all of them are on disk. */
#include "command/command.h"

#include "transfer/export.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int complain_of_writing(const char *name, const char *why)
{
    struct fault fault;
    fault_set(&fault, STATUS_FAILED, "", "%s: can't be written: %s", name, why);
    return complain(&fault);
}

static int export_to(const struct invocation *invocation, FILE *file, const char *name)
{
    struct db *db;
    struct fault fault;
    if (open_for_reading(invocation->config, &db, &fault) != STATUS_OK)
        return complain(&fault);
    errno = 0;
    enum status status = export_run(db, file);
    int error = errno;
    db_close(db);
    if (status == STATUS_OK)
        return EXIT_DONE;
    return complain_of_writing(name, error ? strerror(error) : status_text(status));
}

static int export_file(const struct invocation *invocation, const char *path)
{
    char new_path[PATH_MAX];
    FILE *file = NULL;
    errno = ENAMETOOLONG;
    if (snprintf(new_path, sizeof new_path, "%s.new", path) < (int)sizeof new_path)
        file = fopen(new_path, "we");
    if (!file)
        return complain_of_writing(path, strerror(errno));
    int exit_status = export_to(invocation, file, path);
    bool stored = fsync(fileno(file)) == 0;
    stored &= fclose(file) == 0;
    if (exit_status == EXIT_DONE && (!stored || rename(new_path, path) != 0))
        exit_status = complain_of_writing(path, strerror(errno));
    if (exit_status != EXIT_DONE)
        unlink(new_path);
    return exit_status;
}

int command_export(const struct invocation *invocation)
{
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    const char *path = invocation->argument;
    if (!path || strcmp(path, "-") == 0)
        return export_to(invocation, stdout, "standard output");
    return export_file(invocation, path);
}
