/* Files that tools/embed puts into the binary, so that it needs no other file to run. */
#ifndef KHOBOR_BASE_EMBEDDED_H
#define KHOBOR_BASE_EMBEDDED_H

#include <stdint.h>

/* *end is a NUL, which is not part of the file. */
struct embedded {
    const char *name;
    const char *begin;
    const char *end;
};

/* Each table ends with a row whose name is NULL. */
extern const struct embedded embedded_queries[];    /* sql/query, in the order of enum sql */
extern const struct embedded embedded_migrations[]; /* sql/schema, in the order they are applied */
extern const struct embedded embedded_theme[];      /* static/, "templates/…" and "assets/…" */
extern const struct embedded embedded_demo;         /* sql/demo.ndjson */
extern const struct embedded embedded_bots;         /* config/bots.txt */

/* When the newest article of the demo edition is published: 2024-04-16T12:00:00+06:00. Loading the
 * edition adds to every time in it the whole hours from this instant to the current hour. */
#define EMBEDDED_DEMO_AT INT64_C(1713247200)

#endif
