/* Every setting, from one table (base/settings.c): name, type, default, bounds, what it is for.
 *
 * A value comes from a flag, else from the environment (KHOBOR_SECTION_NAME), else from the ini
 * file named by --config, else from the table. Filled once at start, read-only afterwards.
 */
#ifndef KHOBOR_BASE_CONFIG_H
#define KHOBOR_BASE_CONFIG_H

#include "base/buf.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

enum {
    CONFIG_TEXT_BYTES = 192,
    CONFIG_LIST_BYTES = 1536,
    CONFIG_SETTINGS_MAX = 64
};

/* Where a setting's value came from; `line` counts for CONFIG_FROM_FILE. */
struct config_origin {
    enum {
        CONFIG_FROM_DEFAULT,
        CONFIG_FROM_FILE,
        CONFIG_FROM_ENVIRONMENT,
        CONFIG_FROM_FLAG,
    } kind;
    int line;
};

struct config {
    struct {
        char name[CONFIG_TEXT_BYTES];
        char url[CONFIG_TEXT_BYTES]; /* without a slash at its end */
        char language[CONFIG_TEXT_BYTES];
        char timezone[CONFIG_TEXT_BYTES];
        char theme[CONFIG_TEXT_BYTES]; /* a folder; "": only what is built in */
    } site;
    struct {
        char database[CONFIG_TEXT_BYTES];
        int64_t cache_kb; /* a connection */
        int64_t lock_timeout_ms;
        int64_t queue; /* jobs */
    } store;
    struct {
        char listen[CONFIG_TEXT_BYTES]; /* ADDR:PORT, [ADDR]:PORT */
        int64_t threads;                /* 0: one a core */
        int64_t connections;
        int64_t connections_per_address;
        int64_t backlog;
        int64_t header_bytes;
        int64_t body_bytes;
        int64_t idle_timeout_s;
        int64_t request_timeout_s;
        int64_t max_age_s;
        int64_t stale_while_revalidate_s;
        int64_t stale_if_error_s;
        char cache_tags[CONFIG_TEXT_BYTES];      /* off, cache-tag, surrogate-key */
        int64_t cache_kb;                        /* of answers, all threads together */
        char cors_origin[CONFIG_TEXT_BYTES];     /* "": no CORS; "*"; or one origin */
        char trusted_proxies[CONFIG_LIST_BYTES]; /* addresses and networks */
    } http;
    struct {
        int64_t related, latest, most_read;
        int64_t front, front_section;
    } lists;
    struct {
        int64_t items;
        char content[CONFIG_TEXT_BYTES]; /* full, summary */
    } feeds;
    struct {
        int64_t pending_views;
        int64_t journal; /* records */
        int64_t sync_ms;
        int64_t visitors; /* visits */
        int64_t revisit_minutes;
        int64_t address_cap;                 /* views an hour; 0: none */
        char count_reads[CONFIG_TEXT_BYTES]; /* off, on */
        int64_t max_age_days;                /* 0: any */
        int64_t half_life_h;
        int64_t trending_views;
        int64_t history_days;
    } popularity;
    char file[CONFIG_TEXT_BYTES]; /* the ini file that was read, or "" */
    struct config_origin origins[CONFIG_SETTINGS_MAX];
};

/* Sets every default. */
void config_init(struct config *config);

/* Takes the values of an ini file. STATUS_INVALID with a fault that names file, line, key and what
 * may stand there; STATUS_ABSENT when the file can't be read. Settings before the fault are set. */
enum status config_read_file(struct config *config, const char *path,
                             struct fault *fault) MUST_CHECK;

/* Takes KHOBOR_* from the environment. A bad value is a fault; an unknown variable is logged as a
 * warning and left alone, since some container platforms inject such names. */
enum status config_read_environment(struct config *config, char *const *environment,
                                    struct fault *fault) MUST_CHECK;

/* Takes one value given as a flag. `name` is "section.key". */
enum status config_set_flag(struct config *config, const char *name, const char *value,
                            struct fault *fault) MUST_CHECK;

/* Appends every setting with its effective value and where it came from, a line each. */
void config_print(const struct config *config, struct buf *to);

/* Appends an ini file that holds every setting with its default, bounds and purpose. */
void config_print_example(struct buf *to);

#endif
