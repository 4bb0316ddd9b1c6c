/* The table of targets, and what all of them need. */
#include "fuzz.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct fuzz_target fuzz_targets[] = {
    {"target", fuzz_target_parse},
    {"fields", fuzz_fields},
    {"import", fuzz_import},
    {"template", fuzz_template},
    {"markdown", fuzz_markdown},
    {"slug", fuzz_slug},
    {"json", fuzz_json},
    {"config", fuzz_config},
    {"journal", fuzz_journal},
    {"rankings", fuzz_rankings},
    {"gzip", fuzz_gzip},
    {"serve", fuzz_serve},
    {NULL, NULL},
};

char *fuzz_line(char **rest)
{
    char *line = *rest, *end = strchr(line, '\n');
    if (end)
        *end++ = '\0';
    *rest = end;
    return line;
}

const struct fuzz_target *fuzz_find(const char *name)
{
    for (const struct fuzz_target *target = fuzz_targets; name && target->name; target++) {
        if (strcmp(name, target->name) == 0)
            return target;
    }
    fprintf(stderr, "fuzz: there is no target '%s'\n", name ? name : "");
    exit(2);
}

void fuzz_run(const struct fuzz_target *target, const void *bytes, size_t len)
{
    char *copy = malloc(len + 1);
    assert(copy);
    if (len > 0)
        memcpy(copy, bytes, len);
    copy[len] = '\0';
    target->run(copy, len);
    free(copy);
}
