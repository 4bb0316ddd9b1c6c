#include "base/config.h"

#include "base/log.h"
#include "base/utf8.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <ini.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* inih splits longer lines in the middle of a character and miscounts from there on. */
enum {
    LINE_BYTES_MAX = 198
};

enum setting_type {
    SETTING_TEXT,
    SETTING_NUMBER,
    SETTING_CHOICE,
};

struct setting {
    const char *name;
    enum setting_type type;
    size_t offset;
    const char *fallback;
    int64_t least, most; /* of a number; of a text's length in bytes */
    const char *choices; /* of a choice: "bn en" */
    const char *unit;
    const char *purpose;
};

#define TEXT(section, key, fallback, least, purpose)                                            \
    {                                                                                           \
#section "." #key, SETTING_TEXT, offsetof(struct config, section.key), fallback, least, \
            CONFIG_TEXT_BYTES - 1, NULL, "bytes", purpose                                       \
    }
#define NUMBER(section, key, fallback, least, most, unit, purpose)                                \
    {                                                                                             \
#section "." #key, SETTING_NUMBER, offsetof(struct config, section.key), fallback, least, \
            most, NULL, unit, purpose                                                             \
    }
#define CHOICE(section, key, fallback, choices, purpose)                                      \
    {                                                                                         \
#section "." #key, SETTING_CHOICE, offsetof(struct config, section.key), fallback, 1, \
            CONFIG_TEXT_BYTES - 1, choices, NULL, purpose                                     \
    }

static const struct setting settings[] = {
    TEXT(site, name, "খবর", 1, "The paper's name."),
    TEXT(site, url, "http://127.0.0.1:8080", 8,
         "Where readers reach the paper: absolute addresses begin with it, never with a Host "
         "header."),
    CHOICE(site, language, "bn", "bn en",
           "The language of dates, numbers and texts of the paper's own."),
    TEXT(site, timezone, "Asia/Dhaka", 1, "The IANA time zone in which the paper's day begins."),
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
    NUMBER(http, header_bytes, "16384", 4096, 1048576, "bytes",
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
           "How long a cache may use an answer before it asks again."),
    TEXT(
        http, cors_origin, "", 0,
        "The one origin whose scripts may read the API from a browser; * for any, empty for none."),
    NUMBER(lists, related, "3", 0, 100, "articles", "Related articles embedded in an article."),
    NUMBER(lists, latest, "4", 0, 100, "articles", "Latest articles embedded in an article."),
    NUMBER(lists, most_read, "5", 0, 100, "articles", "Most read articles embedded in an article."),
    NUMBER(
        popularity, pending_views, "1000000", 1000, 100000000, "counts",
        "Article counts held in memory until they are stored; beyond them views are answered 503."),
};

enum {
    SETTINGS = sizeof settings / sizeof settings[0]
};
_Static_assert(sizeof settings / sizeof settings[0] <= CONFIG_SETTINGS_MAX, "raise it");

static char *text_of(struct config *config, const struct setting *setting)
{
    return (char *)config + setting->offset;
}

static int64_t *number_of(struct config *config, const struct setting *setting)
{
    return (int64_t *)(void *)((char *)config + setting->offset);
}

static const struct setting *setting_named(const char *name)
{
    for (size_t i = 0; i < SETTINGS; i++) {
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
    *number_of(config, setting) = number;
    return STATUS_OK;
}

static enum status set_text(struct config *config, const struct setting *setting, const char *value,
                            struct fault *fault)
{
    size_t len = strlen(value);
    if (len < (size_t)setting->least || len > (size_t)setting->most)
        return fault_set(fault, STATUS_INVALID, setting->name,
                         "must be a text of %" PRId64 " to %" PRId64 " bytes, got %zu",
                         setting->least, setting->most, len);
    enum utf8_problem problem = utf8_check(value, len, UTF8_ONE_LINE, NULL);
    if (problem != UTF8_FINE)
        return fault_set(fault, STATUS_INVALID, setting->name, "must be plain UTF-8 text, got %s",
                         utf8_problem_text(problem));
    memcpy(text_of(config, setting), value, len + 1);
    return STATUS_OK;
}

static bool is_choice(const char *choices, const char *value)
{
    size_t len = strlen(value);
    for (const char *at = choices; len > 0 && (at = strstr(at, value)); at += len) {
        bool begins = at == choices || at[-1] == ' ';
        bool ends = at[len] == ' ' || at[len] == '\0';
        if (begins && ends && !strchr(value, ' '))
            return true;
    }
    return false;
}

static enum status set_choice(struct config *config, const struct setting *setting,
                              const char *value, struct fault *fault)
{
    if (!is_choice(setting->choices, value))
        return fault_set(fault, STATUS_INVALID, setting->name, "must be one of: %s; got \"%s\"",
                         setting->choices, value);
    return set_text(config, setting, value, fault);
}

/* A setting's text can be in range and still mean nothing; those that can are checked here. */
static enum status check_meaning(struct config *config, const struct setting *setting,
                                 struct fault *fault)
{
    if (setting != setting_named("site.url"))
        return STATUS_OK;
    char *url = config->site.url;
    size_t len = strlen(url);
    if (strncmp(url, "http://", 7) != 0 && strncmp(url, "https://", 8) != 0)
        return fault_set(fault, STATUS_INVALID, setting->name,
                         "must begin with http:// or https://, got \"%s\"", url);
    if (strcspn(url, " \"<>\\?#") != len)
        return fault_set(fault, STATUS_INVALID, setting->name,
                         "must be an address without spaces, quotes, ? or #, got \"%s\"", url);
    if (url[len - 1] == '/')
        url[len - 1] = '\0';
    return STATUS_OK;
}

static enum status set(struct config *config, const struct setting *setting, const char *value,
                       struct config_origin origin, struct fault *fault)
{
    typedef enum status setter(struct config *, const struct setting *, const char *,
                               struct fault *);
    static setter *const setters[] = {
        [SETTING_TEXT] = set_text,
        [SETTING_NUMBER] = set_number,
        [SETTING_CHOICE] = set_choice,
    };
    enum status status = setters[setting->type](config, setting, value, fault);
    if (status == STATUS_OK)
        status = check_meaning(config, setting, fault);
    if (status == STATUS_OK)
        config->origins[setting - settings] = origin;
    return status;
}

void config_init(struct config *config)
{
    *config = (struct config){.file = ""};
    for (size_t i = 0; i < SETTINGS; i++) {
        struct config_origin origin = {CONFIG_FROM_DEFAULT, 0};
        enum status status = set(config, &settings[i], settings[i].fallback, origin, NULL);
        assert(status == STATUS_OK && "a default is out of its own bounds");
        (void)status;
    }
}

/* One reading of an ini file. inih calls back for each key, and reads its lines through
 * next_line, which counts them: the fault must name the line. */
struct ini_reading {
    struct config *config;
    const char *path;
    FILE *file;
    int line;
    enum status status;
    struct fault *fault;
};

static enum status ini_fault(struct ini_reading *reading, const char *key, const char *reason)
{
    if (reading->status == STATUS_OK)
        reading->status = fault_set(reading->fault, STATUS_INVALID, key, "%s:%d: %s", reading->path,
                                    reading->line, reason);
    return reading->status;
}

static char *next_line(char *line, int room, void *stream)
{
    struct ini_reading *reading = stream;
    (void)room; /* inih's room is INI_MAX_LINE, 200: LINE_BYTES_MAX and the NUL */
    char whole[LINE_BYTES_MAX + 2];
    if (reading->status != STATUS_OK || !fgets(whole, sizeof whole, reading->file))
        return NULL;
    reading->line++;
    size_t len = strlen(whole);
    if (len > LINE_BYTES_MAX) {
        ini_fault(reading, "", "a line is at most 198 bytes long");
        return NULL;
    }
    memcpy(line, whole, len + 1);
    return line;
}

static int take_key(void *context, const char *section, const char *key, const char *value)
{
    struct ini_reading *reading = context;
    char name[128];
    snprintf(name, sizeof name, "%s.%s", section, key);
    const struct setting *setting = setting_named(name);
    if (!setting) {
        ini_fault(reading, name, "there is no such setting; `khobor config --example` lists all");
        return 0;
    }
    const struct config_origin *before = &reading->config->origins[setting - settings];
    if (before->kind == CONFIG_FROM_FILE) {
        char reason[64];
        snprintf(reason, sizeof reason, "was already set in line %d", before->line);
        ini_fault(reading, name, reason);
        return 0;
    }
    struct fault fault;
    struct config_origin origin = {CONFIG_FROM_FILE, reading->line};
    if (set(reading->config, setting, value, origin, &fault) != STATUS_OK) {
        ini_fault(reading, name, fault.text);
        return 0;
    }
    return 1;
}

enum status config_read_file(struct config *config, const char *path, struct fault *fault)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return fault_set(fault, STATUS_ABSENT, "--config", "%s can't be read: %s", path,
                         strerror(errno));
    snprintf(config->file, sizeof config->file, "%s", path);
    utf8_scrub(config->file);
    struct ini_reading reading = {
        .config = config, .path = path, .file = file, .status = STATUS_OK, .fault = fault};
    if (ini_parse_stream(next_line, &reading, take_key, &reading) != 0)
        ini_fault(&reading, "", "must be [section], key = value, or a ; comment");
    if (reading.status == STATUS_OK && ferror(file))
        reading.status = fault_set(fault, STATUS_ABSENT, "--config", "%s can't be read: %s", path,
                                   strerror(errno));
    fclose(file);
    return reading.status;
}

/* KHOBOR_HTTP_MAX_AGE_S=… is http.max_age_s: the section ends at the first underscore. */
static const struct setting *setting_of_variable(const char *variable, size_t len)
{
    static const char prefix[] = "KHOBOR_";
    char name[128];
    if (len >= sizeof name)
        return NULL;
    bool in_section = true;
    size_t to = 0;
    for (size_t i = sizeof prefix - 1; i < len; i++) {
        bool ends_section = in_section && variable[i] == '_';
        name[to] = '.';
        if (!ends_section)
            name[to] = (char)tolower((unsigned char)variable[i]);
        in_section &= !ends_section;
        to++;
    }
    name[to] = '\0';
    return setting_named(name);
}

enum status config_read_environment(struct config *config, char *const *environment,
                                    struct fault *fault)
{
    for (; *environment; environment++) {
        const char *equals = strchr(*environment, '=');
        if (strncmp(*environment, "KHOBOR_", 7) != 0 || !equals)
            continue;
        size_t len = (size_t)(equals - *environment);
        const struct setting *setting = setting_of_variable(*environment, len);
        if (!setting) {
            log_write(LOG_WARNING, "the environment's %.*s is no setting of Khobor's", (int)len,
                      *environment);
            continue;
        }
        struct fault reason;
        struct config_origin origin = {CONFIG_FROM_ENVIRONMENT, 0};
        enum status status = set(config, setting, equals + 1, origin, &reason);
        if (status != STATUS_OK)
            return fault_set(fault, status, setting->name, "in %.*s: %s", (int)len, *environment,
                             reason.text);
    }
    return STATUS_OK;
}

enum status config_set_flag(struct config *config, const char *name, const char *value,
                            struct fault *fault)
{
    const struct setting *setting = setting_named(name);
    if (!setting)
        return fault_set(fault, STATUS_INVALID, name, "there is no such setting");
    struct config_origin origin = {CONFIG_FROM_FLAG, 0};
    return set(config, setting, value, origin, fault);
}

static void print_value(const struct config *config, const struct setting *setting, struct buf *to)
{
    const char *at = (const char *)config + setting->offset;
    if (setting->type == SETTING_NUMBER)
        buf_format(to, "%" PRId64, *(const int64_t *)(const void *)at);
    else
        buf_text(to, at);
}

static void print_origin(const struct config *config, struct config_origin origin, struct buf *to)
{
    static const char *const words[] = {
        [CONFIG_FROM_DEFAULT] = "default",
        [CONFIG_FROM_FILE] = "",
        [CONFIG_FROM_ENVIRONMENT] = "environment",
        [CONFIG_FROM_FLAG] = "flag",
    };
    if (origin.kind == CONFIG_FROM_FILE)
        buf_format(to, "%s:%d", config->file, origin.line);
    else
        buf_text(to, words[origin.kind]);
}

void config_print(const struct config *config, struct buf *to)
{
    for (size_t i = 0; i < SETTINGS; i++) {
        buf_format(to, "%s = ", settings[i].name);
        print_value(config, &settings[i], to);
        buf_text(to, "  ; ");
        print_origin(config, config->origins[i], to);
        buf_char(to, '\n');
    }
}

static void print_bounds(const struct setting *setting, struct buf *to)
{
    if (setting->type == SETTING_NUMBER)
        buf_format(to, "; %" PRId64 " to %" PRId64 " %s\n", setting->least, setting->most,
                   setting->unit);
    else if (setting->type == SETTING_CHOICE)
        buf_format(to, "; one of: %s\n", setting->choices);
}

void config_print_example(struct buf *to)
{
    buf_text(to, "; Every setting of Khobor with its default. A flag beats the environment\n"
                 "; (KHOBOR_SECTION_KEY), which beats a file named by --config.\n"
                 "; Made by `khobor config --example`.\n");
    size_t section_len = 0;
    for (size_t i = 0; i < SETTINGS; i++) {
        const char *name = settings[i].name;
        const char *key = strchr(name, '.') + 1;
        size_t len = (size_t)(key - name);
        if (i == 0 || len != section_len || strncmp(name, settings[i - 1].name, len) != 0)
            buf_format(to, "\n[%.*s]\n", (int)len - 1, name);
        section_len = len;
        buf_format(to, "\n; %s\n", settings[i].purpose);
        print_bounds(&settings[i], to);
        buf_format(to, "%s = %s\n", key, settings[i].fallback);
    }
}
