/* Fills struct config from the four sources, weakest first: the table's defaults, an ini file
 * (inih), the environment, flags. Each value goes through setting_set, which checks it and notes
 * its origin. */
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

enum {
    LINE_BYTES_MAX = 198, /* inih splits a longer line and then counts lines wrongly */
    NAME_BYTES = 128,     /* of a setting, as a file or the environment spells it */
};

void config_init(struct config *config)
{
    *config = (struct config){.file = ""};
    for (size_t i = 0; settings[i].name; i++) {
        struct config_origin origin = {CONFIG_FROM_DEFAULT, 0};
        enum status status = setting_set(config, &settings[i], settings[i].fallback, origin, NULL);
        assert(status == STATUS_OK && "a default is out of its bounds");
        (void)status;
    }
}

/* The state of reading one ini file. inih calls take_key for each key, and gets its lines from
 * next_line, which counts them because a fault has to name the line. */
struct ini_reading {
    struct config *config;
    const char *path;
    FILE *file;
    int line;
    enum status status;
    struct fault *fault;
};

/* Notes the first fault of the file, and returns 0, which ends inih's reading. */
static int ini_fault(struct ini_reading *reading, const char *key, const char *reason)
{
    assert(reading->line > 0);
    if (reading->status == STATUS_OK)
        reading->status = fault_set(reading->fault, STATUS_INVALID, key, "%s:%d: %s", reading->path,
                                    reading->line, reason);
    return 0;
}

/* inih goes on after a line that it can't parse, and returns the first such line at the end. It
 * replaces a fault in a later line, so that the first fault in the file is reported. */
static void ini_unparsable(struct ini_reading *reading, int line)
{
    if (line <= 0 || (reading->status != STATUS_OK && line >= reading->line))
        return;
    reading->line = line;
    reading->status = STATUS_OK;
    ini_fault(reading, "", "must be [section], key = value, or a ; comment");
}

/* Gives inih one line with its line feed; NULL at the end of the file, or after a fault. A line
 * that is too long is read up to one byte over the maximum. */
static char *next_line(char *line, int room, void *stream)
{
    struct ini_reading *reading = stream;
    char whole[LINE_BYTES_MAX + 2];
    size_t len = 0;
    assert((size_t)room >= sizeof whole); /* of inih's own: INI_MAX_LINE, 200 */
    (void)room;
    if (reading->status != STATUS_OK)
        return NULL;
    for (int c = 0; len <= LINE_BYTES_MAX && c != '\n' && (c = getc(reading->file)) != EOF;)
        whole[len++] = (char)(unsigned char)c;
    whole[len] = '\0';
    if (len == 0)
        return NULL;
    reading->line++;
    if (len > LINE_BYTES_MAX && whole[len - 1] != '\n')
        ini_fault(reading, "", "a line is at most 198 bytes long");
    else if (memchr(whole, '\0', len))
        ini_fault(reading, "", "a NUL character may not be in it");
    if (reading->status != STATUS_OK)
        return NULL;
    /* inih would append an indented line to the value before it. */
    size_t indent = strspn(whole, " \t");
    memcpy(line, whole + indent, len - indent + 1);
    return line;
}

static int take_key(void *arg, const char *section, const char *key, const char *value)
{
    struct ini_reading *reading = arg;
    char name[NAME_BYTES];
    snprintf(name, sizeof name, "%s.%s", section, key);
    const struct setting *setting = setting_named(name);
    if (!setting)
        return ini_fault(reading, name,
                         "there is no such setting; `khobor config --example` lists all");
    const struct config_origin *before = setting_origin(reading->config, setting);
    if (before->kind == CONFIG_FROM_FILE) {
        char reason[64];
        snprintf(reason, sizeof reason, "was already set in line %d", before->line);
        return ini_fault(reading, name, reason);
    }
    struct fault fault;
    struct config_origin origin = {CONFIG_FROM_FILE, reading->line};
    if (setting_set(reading->config, setting, value, origin, &fault) != STATUS_OK)
        return ini_fault(reading, name, fault.text);
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
    ini_unparsable(&reading, ini_parse_stream(next_line, &reading, take_key, &reading));
    if (reading.status == STATUS_OK && ferror(file))
        reading.status = fault_set(fault, STATUS_ABSENT, "--config", "%s can't be read: %s", path,
                                   strerror(errno));
    fclose(file);
    return reading.status;
}

enum status config_read_environment(struct config *config, char *const *environment,
                                    struct fault *fault)
{
    static const char prefix[] = "KHOBOR_";
    const size_t prefix_len = sizeof prefix - 1;
    char name[NAME_BYTES];
    for (; *environment; environment++) {
        const char *equals = strchr(*environment, '=');
        if (strncmp(*environment, prefix, prefix_len) != 0 || !equals)
            continue;
        /* KHOBOR_HTTP_MAX_AGE_S is http.max_age_s: the section ends at the first underscore. */
        size_t len = (size_t)(equals - *environment), name_len = len - prefix_len;
        for (size_t i = 0; i < name_len && i < sizeof name; i++)
            name[i] = (char)tolower((unsigned char)(*environment)[prefix_len + i]);
        name[name_len < sizeof name ? name_len : 0] = '\0';
        char *underscore = strchr(name, '_');
        if (underscore)
            *underscore = '.';
        const struct setting *setting = setting_named(name);
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

void config_print(const struct config *config, struct buf *to)
{
    static const char *const names[] = {
        [CONFIG_FROM_DEFAULT] = "default",
        [CONFIG_FROM_FILE] = "",
        [CONFIG_FROM_ENVIRONMENT] = "environment",
        [CONFIG_FROM_FLAG] = "flag",
    };
    for (size_t i = 0; settings[i].name; i++) {
        struct config_origin origin = config->origins[i];
        assert((origin.kind == CONFIG_FROM_FILE) == (origin.line > 0));
        buf_format(to, "%s = ", settings[i].name);
        setting_print(config, &settings[i], to);
        if (origin.kind == CONFIG_FROM_FILE)
            buf_format(to, "  ; %s:%d\n", config->file, origin.line);
        else
            buf_format(to, "  ; %s\n", names[origin.kind]);
    }
}

void config_print_example(struct buf *to)
{
    buf_text(to, "; Every setting of Khobor with its default. A flag beats the environment\n"
                 "; (KHOBOR_SECTION_KEY), which beats a file named by --config.\n"
                 "; Made by `khobor config --example`.\n");
    for (size_t i = 0; settings[i].name; i++) {
        const struct setting *setting = &settings[i];
        const char *key = strchr(setting->name, '.') + 1;
        size_t len = (size_t)(key - setting->name);
        if (i == 0 || strncmp(setting->name, settings[i - 1].name, len) != 0)
            buf_format(to, "\n[%.*s]\n", (int)len - 1, setting->name);
        buf_format(to, "\n; %s\n", setting->purpose);
        if (setting->type == SETTING_NUMBER)
            buf_format(to, "; %" PRId64 " to %" PRId64 " %s\n", setting->least, setting->most,
                       setting->unit);
        else if (setting->type == SETTING_CHOICE)
            buf_format(to, "; one of: %s\n", setting->choices);
        buf_format(to, "%s = %s\n", key, setting->fallback);
    }
}
