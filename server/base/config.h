/* The configuration: the value of every setting (base/settings.c has the table), and where it is
 * from.
 *
 * A value is taken from a flag; if there is none, from the environment (KHOBOR_SECTION_NAME), then
 * from the ini file named by --config, then from the table. The configuration is filled once, at
 * start, and only read afterwards, from any thread.
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

/* Where a setting's value is from. */
struct config_origin {
    enum {
        CONFIG_FROM_DEFAULT,
        CONFIG_FROM_FILE,
        CONFIG_FROM_ENVIRONMENT,
        CONFIG_FROM_FLAG,
    } kind;
    int line; /* of the file, from 1; 0 unless CONFIG_FROM_FILE */
};

struct config {
    struct {
        char name[CONFIG_TEXT_BYTES];
        char url[CONFIG_TEXT_BYTES]; /* without a slash at its end */
        char language[CONFIG_TEXT_BYTES];
        char timezone[CONFIG_TEXT_BYTES];
        char theme[CONFIG_TEXT_BYTES];   /* a folder; "": only what is built in */
        char develop[CONFIG_TEXT_BYTES]; /* off, on */
    } site;
    struct {
        char database[CONFIG_TEXT_BYTES];
        int64_t cache_kb; /* for each connection */
        int64_t lock_timeout_ms;
        int64_t queue; /* jobs */
    } store;
    struct {
        char listen[CONFIG_TEXT_BYTES]; /* ADDR:PORT, [ADDR]:PORT */
        int64_t threads;                /* 0: one for each core */
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
        int64_t cache_kb;                        /* of responses, for all threads together */
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
        int64_t address_cap;                 /* views in an hour; 0: no limit */
        char count_reads[CONFIG_TEXT_BYTES]; /* off, on */
        int64_t max_age_days;                /* 0: no limit */
        int64_t half_life_h;
        int64_t trending_views;
        int64_t history_days;
    } popularity;
    struct {
        char seccomp[CONFIG_TEXT_BYTES];  /* on, off */
        char landlock[CONFIG_TEXT_BYTES]; /* on, off */
    } process;
    char file[CONFIG_TEXT_BYTES]; /* the ini file that was read, or "" */
    struct config_origin origins[CONFIG_SETTINGS_MAX];
};

/* Sets every setting to its default. */
void config_init(struct config *config);

/* Takes the values of an ini file. STATUS_INVALID with a fault that names file, line, key and what
 * is allowed; STATUS_ABSENT, with a fault, when the file can't be read. The settings above the
 * fault have been set then. */
enum status config_read_file(struct config *config, const char *path,
                             struct fault *fault) MUST_CHECK;

/* Takes KHOBOR_* from the environment (NULL-terminated). STATUS_INVALID with a fault for a bad
 * value. An unknown variable is logged as a warning and ignored, since container platforms inject
 * such names, as for a service called khobor. */
enum status config_read_environment(struct config *config, char *const *environment,
                                    struct fault *fault) MUST_CHECK;

/* Takes one value given as a flag. `name` is "section.key". STATUS_INVALID with a fault. */
enum status config_set_flag(struct config *config, const char *name, const char *value,
                            struct fault *fault) MUST_CHECK;

/* Appends a line for every setting: its value and where it is from. */
void config_print(const struct config *config, struct buf *to);

/* Appends an ini file that has every setting with its default, bounds and purpose. */
void config_print_example(struct buf *to);

#endif
