/* The table: a row is a setting, with its field in struct config as an offset. A value is parsed
 * and checked by its type, and by a function of its own if it has more rules than a range. */
#include "base/settings.h"

#include "base/address.h"
#include "base/utf8.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define ROW(section, key, type, fallback, least, most, choices, unit, purpose)                \
    {                                                                                         \
#section "." #key, type, offsetof(struct config, section.key), fallback, least, most, \
            choices, unit, purpose                                                            \
    }
#define TEXT(section, key, fallback, least, purpose) \
    ROW(section, key, SETTING_TEXT, fallback, least, CONFIG_TEXT_BYTES - 1, NULL, "bytes", purpose)
#define LIST(section, key, fallback, purpose) \
    ROW(section, key, SETTING_TEXT, fallback, 0, CONFIG_LIST_BYTES - 1, NULL, "bytes", purpose)
#define NUMBER(section, key, fallback, least, most, unit, purpose) \
    ROW(section, key, SETTING_NUMBER, fallback, least, most, NULL, unit, purpose)
#define CHOICE(section, key, fallback, choices, purpose) \
    ROW(section, key, SETTING_CHOICE, fallback, 1, CONFIG_TEXT_BYTES - 1, choices, NULL, purpose)

const struct setting settings[] = {
    TEXT(site, name, "খবর", 1, "The paper's name."),
    TEXT(site, url, "http://127.0.0.1:8080", 8,
         "Where readers reach the paper: absolute addresses begin with it, never with a Host "
         "header."),
    CHOICE(site, language, "bn", "bn en",
           "The language of dates, numbers and texts of the paper's own."),
    TEXT(site, timezone, "Asia/Dhaka", 1, "The IANA time zone in which the paper's day begins."),
    TEXT(site, theme, "", 0,
         "A folder with templates/ and assets/ that replace Khobor's own, file by file; read at "
         "start."),
    CHOICE(
        site, develop, "off", "off on",
        "Whether the folder is read again when a file in it changes, and a browser on this machine "
        "is shown what is wrong with it: for work on a theme."),
    TEXT(store, database, "khobor.db", 1, "The SQLite file that holds the paper."),
    NUMBER(store, cache_kb, "4096", 64, 4194304, "KiB",
           "Pages kept in memory by each connection to the database."),
    NUMBER(store, lock_timeout_ms, "10000", 10, 600000, "ms",
           "How long a write waits while another process writes."),
    NUMBER(store, queue, "1024", 1, 65536, "jobs",
           "Writes that may wait for the writer; one more is refused."),
    TEXT(http, listen, "127.0.0.1:8080", 1,
         "Address and port to serve on; [::]:8080 for IPv6, port 0 for a free one."),
    NUMBER(http, threads, "0", 0, 64, "threads", "Serving threads; 0 is one for each processor."),
    NUMBER(http, connections, "10000", 1, 1000000, "connections",
           "Connections that may be open at once."),
    NUMBER(http, connections_per_address, "256", 0, 1000000, "connections",
           "The same for one address, loopback excepted; 0 is no limit. Behind a proxy every "
           "reader has its address."),
    NUMBER(http, backlog, "1024", 1, 65535, "connections",
           "Connections the kernel may hold until they are accepted."),
    NUMBER(http, header_bytes, "32768", 4096, 1048576, "bytes",
           "Memory for a request's line and headers; a longer address is answered 414, longer "
           "headers 431."),
    NUMBER(http, body_bytes, "65536", 0, 1073741824, "bytes",
           "The longest request body; a longer one is answered 413."),
    NUMBER(http, idle_timeout_s, "30", 1, 3600, "s",
           "A connection on which nothing moves for so long is closed."),
    NUMBER(
        http, request_timeout_s, "60", 1, 86400, "s",
        "A connection that completes no request for so long is closed, however busily it sends."),
    NUMBER(http, max_age_s, "10", 0, 31536000, "s",
           "How long a cache may use a response before it asks again."),
    NUMBER(http, stale_while_revalidate_s, "0", 0, 31536000, "s",
           "How much longer a cache may use a response while it asks for a new one (RFC 5861)."),
    NUMBER(http, stale_if_error_s, "0", 0, 31536000, "s",
           "How much longer a cache may use a response when it gets no new one (RFC 5861)."),
    CHOICE(
        http, cache_tags, "off", "off cache-tag surrogate-key",
        "The header field that names what a response is made from, so that a CDN can be told what "
        "to evict."),
    NUMBER(http, cache_kb, "16384", 0, 16777216, "KiB",
           "Memory for cached responses, for all threads together; 0 caches none."),
    TEXT(
        http, cors_origin, "", 0,
        "The one origin whose scripts may read the API from a browser; * for any, empty for none."),
    LIST(
        http, trusted_proxies, "",
        "Addresses and networks of proxies and frontends, separated by commas: only from these are "
        "X-Forwarded-For and Forwarded believed."),
    NUMBER(lists, related, "3", 0, 100, "articles", "Related articles embedded in an article."),
    NUMBER(lists, latest, "4", 0, 100, "articles", "Latest articles embedded in an article."),
    NUMBER(lists, most_read, "5", 0, 100, "articles", "Most read articles embedded in an article."),
    NUMBER(lists, front, "8", 0, 50, "articles",
           "Newest articles on the front page, below the lead."),
    NUMBER(lists, front_section, "4", 0, 20, "articles",
           "Articles of each section on the front page."),
    NUMBER(feeds, items, "20", 1, 100, "articles", "Articles in a feed."),
    CHOICE(feeds, content, "full", "full summary", "Whether feeds hold whole articles."),
    NUMBER(
        popularity, pending_views, "1000000", 1000, 100000000, "counts",
        "Article counts held in memory until they are stored; beyond them views are answered 503."),
    NUMBER(popularity, journal, "262144", 1024, 16777216, "views",
           "Views that the journal next to the database holds until they are stored, in 32 bytes "
           "each; further ones are held in memory."),
    NUMBER(popularity, sync_ms, "0", 0, 3600000, "ms",
           "How often the journal is brought to the disk; 0 leaves that to the system. A power cut "
           "may cost the views since then; at 0 those of half a second and the time of a commit."),
    NUMBER(
        popularity, visitors, "1048576", 1024, 67108864, "visits",
        "Visits remembered, in 8 bytes each, so that a reader who comes again soon counts once."),
    NUMBER(popularity, revisit_minutes, "30", 0, 1440, "minutes",
           "A reader counts once per article in this time; 0 counts every view."),
    NUMBER(popularity, address_cap, "60000", 0, 1000000000, "views",
           "Views of one address that count in an hour, IPv6 by its /64; one more is answered 429. "
           "0 is no limit."),
    CHOICE(popularity, count_reads, "off", "off on",
           "Whether an article that is read over the API counts as viewed, for frontends that post "
           "no views."),
    NUMBER(popularity, max_age_days, "0", 0, 36500, "days",
           "Articles published longer ago are in no most read list; 0 is no limit."),
    NUMBER(popularity, half_life_h, "6", 1, 24, "hours",
           "After this time a view counts half for what is trending."),
    NUMBER(popularity, trending_views, "5", 1, 1000000, "views",
           "Views in 24 hours that it takes to be trending."),
    NUMBER(popularity, history_days, "400", 0, 36500, "days",
           "How long the rankings of each hour are kept, for what was most read then; 0 keeps "
           "none."),
    CHOICE(process, seccomp, "on", "on off",
           "Whether a running server is limited to the system calls it needs; any other fails."),
    CHOICE(process, landlock, "on", "on off",
           "Whether a running server is limited to the folders of the database and the theme."),
    {NULL, SETTING_TEXT, 0, NULL, 0, 0, NULL, NULL, NULL},
};

_Static_assert(sizeof settings / sizeof settings[0] <= CONFIG_SETTINGS_MAX + 1, "raise it");

bool has_word(const char *words, const char *word)
{
    size_t len = strlen(word);
    for (const char *at = words; len > 0 && (at = strstr(at, word)); at += len) {
        bool begins = at == words || at[-1] == ' ';
        if (begins && (at[len] == ' ' || at[len] == '\0') && !strchr(word, ' '))
            return true;
    }
    return false;
}

const struct setting *setting_named(const char *name)
{
    for (size_t i = 0; settings[i].name; i++) {
        if (strcmp(settings[i].name, name) == 0)
            return &settings[i];
    }
    return NULL;
}

static enum status set_number(struct config *config, const struct setting *setting,
                              const char *value, struct fault *fault)
{
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (value[0] == '\0' || *end != '\0' || errno != 0 || number < setting->least ||
        number > setting->most)
        return fault_set(fault, STATUS_INVALID, setting->name,
                         "must be a whole number from %" PRId64 " to %" PRId64 " (%s), got \"%s\"",
                         setting->least, setting->most, setting->unit, value);
    assert(setting->offset % sizeof(int64_t) == 0 && setting->offset < sizeof *config);
    *(int64_t *)(void *)((char *)config + setting->offset) = number;
    return STATUS_OK;
}

static enum status set_text(struct config *config, const struct setting *setting, const char *value,
                            struct fault *fault)
{
    size_t len = strlen(value);
    if (setting->type == SETTING_CHOICE && !has_word(setting->choices, value))
        return fault_set(fault, STATUS_INVALID, setting->name, "must be one of: %s; got \"%s\"",
                         setting->choices, value);
    if (len < (size_t)setting->least || len > (size_t)setting->most)
        return fault_set(fault, STATUS_INVALID, setting->name,
                         "must be a text of %" PRId64 " to %" PRId64 " bytes, got %zu",
                         setting->least, setting->most, len);
    enum utf8_problem problem = utf8_check(value, len, UTF8_ONE_LINE, NULL);
    if (problem != UTF8_FINE)
        return fault_set(fault, STATUS_INVALID, setting->name, "must be plain UTF-8 text, got %s",
                         utf8_problem_text(problem));
    assert(setting->offset + (size_t)setting->most < sizeof *config);
    memcpy((char *)config + setting->offset, value, len + 1);
    return STATUS_OK;
}

/* Checks the URL of the site and removes the slashes at its end. */
static enum status check_url(char *url, const struct setting *setting, struct fault *fault)
{
    size_t len = strlen(url);
    const char *reason = NULL, *scheme_end = strstr(url, "://");
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        reason = "must begin with http:// or https://,";
    else if (scheme_end[3] == '\0' || scheme_end[3] == '/')
        reason = "must be an address with a host,";
    else if (strcspn(url, " \"<>\\?#") != len)
        reason = "must be an address without spaces, quotes, ? or #,";
    while (!reason && url[len - 1] == '/')
        url[--len] = '\0';
    if (!reason && strchr(scheme_end + 3, '/'))
        reason = "must be an address without a path, as a paper has a host of its own;";
    return reason ? fault_set(fault, STATUS_INVALID, setting->name, "%s got \"%s\"", reason, url)
                  : STATUS_OK;
}

struct config_origin *setting_origin(struct config *config, const struct setting *setting)
{
    assert(setting >= settings && setting - settings < CONFIG_SETTINGS_MAX);
    return &config->origins[setting - settings];
}

enum status setting_set(struct config *config, const struct setting *setting, const char *value,
                        struct config_origin origin, struct fault *fault)
{
    struct networks networks;
    enum status status = setting->type == SETTING_NUMBER ? set_number(config, setting, value, fault)
                                                         : set_text(config, setting, value, fault);
    if (status == STATUS_OK && strcmp(setting->name, "site.url") == 0)
        status = check_url(config->site.url, setting, fault);
    if (status == STATUS_OK && strcmp(setting->name, "http.trusted_proxies") == 0)
        status = networks_parse(config->http.trusted_proxies, setting->name, &networks, fault);
    if (status == STATUS_OK)
        *setting_origin(config, setting) = origin;
    return status;
}

void setting_print(const struct config *config, const struct setting *setting, struct buf *to)
{
    const char *at = (const char *)config + setting->offset;
    if (setting->type == SETTING_NUMBER)
        buf_format(to, "%" PRId64, *(const int64_t *)(const void *)at);
    else
        buf_text(to, at);
}
