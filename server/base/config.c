#include "base/config.h"

#include "base/log.h"
#include "base/settings.h"
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

void config_init(struct config *config)
{
    *config = (struct config){.file = ""};
    for (size_t i = 0; settings[i].name; i++) {
        struct config_origin origin = {CONFIG_FROM_DEFAULT, 0};
        enum status status = setting_set(config, &settings[i], settings[i].fallback, origin, NULL);
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

/* inih goes on behind a line that it can't read, and names the first such at the end: a fault that
 * was met further down gives way to it. */
static void ini_unreadable(struct ini_reading *reading, int line)
{
    if (line <= 0 || (reading->status != STATUS_OK && line >= reading->line))
        return;
    reading->line = line;
    reading->status = STATUS_OK;
    ini_fault(reading, "", "must be [section], key = value, or a ; comment");
}

/* Reads one line, with its line feed, into `line`; its length, 0 at the end of the file. Of one
 * that is too long only so much is read that this can be seen. */
static size_t read_line(FILE *file, char line[LINE_BYTES_MAX + 2])
{
    size_t len = 0;
    for (int c = 0; len <= LINE_BYTES_MAX && c != '\n' && (c = getc(file)) != EOF;)
        line[len++] = (char)(unsigned char)c;
    line[len] = '\0';
    return len;
}

static char *next_line(char *line, int room, void *stream)
{
    struct ini_reading *reading = stream;
    (void)room; /* inih's room is INI_MAX_LINE, 200: LINE_BYTES_MAX, a line feed and the NUL */
    char whole[LINE_BYTES_MAX + 2];
    size_t len = reading->status == STATUS_OK ? read_line(reading->file, whole) : 0;
    if (len == 0)
        return NULL;
    reading->line++;
    const char *wrong = NULL;
    if (len > LINE_BYTES_MAX && whole[len - 1] != '\n')
        wrong = "a line is at most 198 bytes long";
    else if (memchr(whole, '\0', len))
        wrong = "a NUL character may not be in it";
    if (wrong) {
        ini_fault(reading, "", wrong);
        return NULL;
    }
    /* inih would take an indented line for more of the value before it. */
    size_t indent = strspn(whole, " \t");
    memcpy(line, whole + indent, len - indent + 1);
    return line;
}

static int take_key(void *arg, const char *section, const char *key, const char *value)
{
    struct ini_reading *reading = arg;
    char name[128];
    snprintf(name, sizeof name, "%s.%s", section, key);
    const struct setting *setting = setting_named(name);
    if (!setting) {
        ini_fault(reading, name, "there is no such setting; `khobor config --example` lists all");
        return 0;
    }
    const struct config_origin *before = setting_origin(reading->config, setting);
    if (before->kind == CONFIG_FROM_FILE) {
        char reason[64];
        snprintf(reason, sizeof reason, "was already set in line %d", before->line);
        ini_fault(reading, name, reason);
        return 0;
    }
    struct fault fault;
    struct config_origin origin = {CONFIG_FROM_FILE, reading->line};
    if (setting_set(reading->config, setting, value, origin, &fault) != STATUS_OK) {
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
    ini_unreadable(&reading, ini_parse_stream(next_line, &reading, take_key, &reading));
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
        enum status status = setting_set(config, setting, equals + 1, origin, &reason);
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
    return setting_set(config, setting, value, origin, fault);
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
    for (size_t i = 0; settings[i].name; i++) {
        buf_format(to, "%s = ", settings[i].name);
        setting_print(config, &settings[i], to);
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
    for (size_t i = 0; settings[i].name; i++) {
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
