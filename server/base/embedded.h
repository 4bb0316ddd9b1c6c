/* Files that travel inside the binary (made by tools/embed), so that it needs none beside it. */
#ifndef KHOBOR_BASE_EMBEDDED_H
#define KHOBOR_BASE_EMBEDDED_H

#include <stdint.h>

/* `end` is behind the last byte, where a NUL stands. */
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

/* When the demo edition's newest article is published: 2024-04-16T12:00:00+06:00. Loading moves
 * every time in it by as many hours as lie between this and the hour of loading. */
#define EMBEDDED_DEMO_AT INT64_C(1713247200)

#endif
