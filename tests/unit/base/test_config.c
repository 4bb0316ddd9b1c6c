/* Settings: defaults, values that are refused, and which source wins. */
#include "settings_folder.h"

#include <ctype.h>

static const struct {
    const char *key;
    const char *good; /* another allowed value */
    const char *bad;
    const char *may_be; /* what the fault says is allowed */
} settings[] = {
    {"site.name", "প্রথম খবর", "", "1 to 191 bytes"},
    {"site.url", "https://khobor.example", "khobor.example", "http:// or https://"},
    {"site.language", "en", "fr", "bn en"},
    {"site.timezone", "UTC", "", "1 to 191 bytes"},
    {"site.theme", "theme", "a\tb", "UTF-8"},
    {"site.develop", "on", "yes", "off on"},
    {"store.database", "other.db", "", "1 to 191 bytes"},
    {"store.cache_kb", "64", "63", "64 to 4194304"},
    {"store.lock_timeout_ms", "10", "9", "10 to 600000"},
    {"store.queue", "65536", "65537", "1 to 65536"},
    {"http.listen", "[::1]:0", "", "1 to 191 bytes"},
    {"http.threads", "64", "65", "0 to 64"},
    {"http.connections", "1", "0", "1 to 1000000"},
    {"http.connections_per_address", "0", "-1", "0 to 1000000"},
    {"http.backlog", "65535", "65536", "1 to 65535"},
    {"http.header_bytes", "4096", "4095", "4096 to 1048576"},
    {"http.body_bytes", "0", "1073741825", "0 to 1073741824"},
    {"http.idle_timeout_s", "1", "0", "1 to 3600"},
    {"http.request_timeout_s", "86400", "86401", "1 to 86400"},
    {"http.max_age_s", "0", "-1", "0 to 31536000"},
    {"http.stale_while_revalidate_s", "60", "-1", "0 to 31536000"},
    {"http.stale_if_error_s", "86400", "31536001", "0 to 31536000"},
    {"http.cache_tags", "surrogate-key", "on", "must be one of"},
    {"http.cache_kb", "0", "16777217", "0 to 16777216"},
    {"http.cors_origin", "*", "a\tb", "UTF-8"},
    {"http.trusted_proxies", "10.0.0.0/8, ::1", "10.0.0.0/33", "networks like"},
    {"lists.related", "0", "101", "0 to 100"},
    {"lists.latest", "100", "101", "0 to 100"},
    {"lists.most_read", "100", "-1", "0 to 100"},
    {"lists.front", "50", "51", "0 to 50"},
    {"lists.front_section", "20", "21", "0 to 20"},
    {"feeds.items", "1", "0", "1 to 100"},
    {"feeds.content", "summary", "whole", "full summary"},
    {"popularity.pending_views", "1000", "999", "1000 to 100000000"},
    {"popularity.journal", "1024", "1023", "1024 to 16777216"},
    {"popularity.sync_ms", "0", "-1", "0 to 3600000"},
    {"popularity.visitors", "1024", "67108865", "1024 to 67108864"},
    {"popularity.revisit_minutes", "0", "1441", "0 to 1440"},
    {"popularity.address_cap", "0", "-1", "0 to 1000000000"},
    {"popularity.count_reads", "on", "yes", "off on"},
    {"popularity.max_age_days", "36500", "36501", "0 to 36500"},
    {"popularity.half_life_h", "1", "0", "1 to 24"},
    {"popularity.trending_views", "1", "0", "1 to 1000000"},
    {"popularity.history_days", "0", "-1", "0 to 36500"},
    {"process.seccomp", "off", "yes", "on off"},
    {"process.landlock", "off", "yes", "on off"},
};

static const struct {
    const char *key, *value;
    const char *may_be;
} bad_values[] = {
    {"http.max_age_s", "", "whole number"},
    {"http.max_age_s", "ten", "\"ten\""},
    {"http.max_age_s", "10s", "\"10s\""},
    {"http.max_age_s", "1.5", "\"1.5\""},
    {"http.max_age_s", "0x10", "\"0x10\""},
    {"http.max_age_s", "১০", "\"১০\""},
    {"http.max_age_s", "99999999999999999999", "31536000"},
    {"site.language", "", "bn en"},
    {"site.language", "b", "bn en"},
    {"site.language", "BN", "bn en"},
    {"site.language", "bn en", "bn en"},
    {"site.language", "n e", "bn en"},
    {"site.url", "https://", "address"},
    {"site.url", "http:///", "address"},
    {"site.url", "ftp://khobor.example", "http:// or https://"},
    {"site.url", "//khobor.example", "http:// or https://"},
    {"site.url", "https://khobor.example/?a", "? or #"},
    {"site.url", "https://khobor.example/#a", "? or #"},
    {"site.url", "https://khobor.example/paper", "without a path"},
    {"site.url", "https://khobor .example", "spaces"},
    {"site.url", "https://khobor.example/\"", "quotes"},
    {"site.name", "a\nb", "UTF-8"},
    {"site.name", "\x80", "UTF-8"},
};

static enum status read_variable(struct config *config, const char *variable, struct fault *fault)
{
    char copy[512];
    snprintf(copy, sizeof copy, "%s", variable);
    char *environment[] = {(char[]){"PATH=/bin"}, copy, (char[]){"KHOBOR"}, NULL};
    *fault = (struct fault){.field = ""};
    return config_read_environment(config, environment, fault);
}

/* "section.key" as an ini file has it. */
static void put_ini(const char *key, const char *value, char *text, size_t room)
{
    const char *dot = strchr(key, '.');
    snprintf(text, room, "[%.*s]\n%s = %s\n", (int)(dot - key), key, dot + 1, value);
}

/* "section.key" as the environment has it. */
static void put_variable(const char *key, const char *value, char *text, size_t room)
{
    size_t len = (size_t)snprintf(text, room, "KHOBOR_%s", key);
    for (size_t i = 0; i < len; i++)
        text[i] = text[i] == '.' ? '_' : (char)toupper((unsigned char)text[i]);
    snprintf(text + len, room - len, "=%s", value);
}

/* The line of a setting in what `config` prints: "key = value  ; origin". */
static void check_printed(const char *name, const struct config *config, const char *key,
                          const char *value, const char *origin)
{
    char expected[512];
    struct buf printed;
    buf_init(&printed, 100000);
    config_print(config, &printed);
    snprintf(expected, sizeof expected, "%s = %s  ; %s\n", key, value, origin);
    check_holds(name, buf_string(&printed), expected);
    buf_release(&printed);
}

static void the_defaults_are_what_the_table_says(void **state)
{
    (void)state;
    struct config config;
    config_init(&config);
    check_text("name", config.site.name, "খবর");
    check_text("language", config.site.language, "bn");
    check_text("zone", config.site.timezone, "Asia/Dhaka");
    check_text("listen", config.http.listen, "127.0.0.1:8080");
    check_number("related", config.lists.related, 3);
    check_number("pending", config.popularity.pending_views, 1000000);
    check_text("file", config.file, "");
    check_printed("origin", &config, "http.max_age_s", "10", "default");
}

/* Every setting of the example, read back, is its own default; and every one of ours is there. */
static void the_example_holds_every_setting_with_its_default(void **state)
{
    (void)state;
    struct buf example, before, after;
    struct config config, from_file;
    struct fault fault;
    buf_init(&example, 100000);
    buf_init(&before, 100000);
    buf_init(&after, 100000);
    config_print_example(&example);
    config_init(&config);
    config_init(&from_file);
    check_done("read", read_text(&from_file, buf_string(&example), &fault), &fault);
    config_print(&config, &before);
    config_print(&from_file, &after);
    const char *ours = buf_string(&before), *read = buf_string(&after);
    size_t count = 0;
    for (; *ours; count++) {
        size_t len = strcspn(ours, ";"), read_len = strcspn(read, ";");
        check_number("a line's length", (int64_t)read_len, (int64_t)len);
        check_true("the same value", memcmp(ours, read, len) == 0);
        check_true("from the file", strncmp(read + len, "; /", 3) == 0);
        ours += strcspn(ours, "\n") + 1;
        read += strcspn(read, "\n") + 1;
    }
    check_number("settings", (int64_t)count, COUNT(settings));
    for (size_t i = 0; i < COUNT(settings); i++)
        check_holds("printed", buf_string(&before), settings[i].key);
    buf_release(&example);
    buf_release(&before);
    buf_release(&after);
}

static void a_flag_beats_the_environment_which_beats_a_file(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(settings); i++) {
        const char *key = settings[i].key, *good = settings[i].good;
        char text[512], from_file[160], fallback[256];
        struct config config, defaults;
        struct fault fault;
        struct buf printed;
        config_init(&config);
        config_init(&defaults);
        put_ini(key, good, text, sizeof text);
        check_done(key, read_text(&config, text, &fault), &fault);
        snprintf(from_file, sizeof from_file, "%s:2", path);
        check_printed(key, &config, key, good, from_file);

        buf_init(&printed, 100000);
        config_print(&defaults, &printed);
        const char *line = strstr(buf_string(&printed), key) + strlen(key) + 3;
        snprintf(fallback, sizeof fallback, "%.*s", (int)(strstr(line, "  ;") - line), line);
        buf_release(&printed);

        put_variable(key, fallback, text, sizeof text);
        check_done(key, read_variable(&config, text, &fault), &fault);
        check_printed(key, &config, key, fallback, "environment");
        check_done(key, config_set_flag(&config, key, good, &fault), &fault);
        check_printed(key, &config, key, good, "flag");
    }
}

static void a_bad_value_names_its_key_and_what_may_be(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(settings); i++) {
        const char *key = settings[i].key;
        char text[512];
        struct config config;
        struct fault fault = {.field = ""};
        config_init(&config);
        check_status(key, config_set_flag(&config, key, settings[i].bad, &fault), STATUS_INVALID);
        check_text(key, fault.field, key);
        check_holds(key, fault.text, settings[i].may_be);
        put_variable(key, settings[i].bad, text, sizeof text);
        check_status(key, read_variable(&config, text, &fault), STATUS_INVALID);
        check_text(key, fault.field, key);
        check_holds(key, fault.text, settings[i].may_be);
        check_holds(key, fault.text, "KHOBOR_");
        put_ini(key, settings[i].bad, text, sizeof text);
        check_status(key, read_text(&config, text, &fault), STATUS_INVALID);
        check_text(key, fault.field, key);
        check_holds(key, fault.text, settings[i].may_be);
        check_holds(key, fault.text, "khobor.ini:2");
    }
}

static void values_that_only_look_like_one_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_values); i++) {
        char name[256];
        struct config config;
        struct fault fault = {.field = ""};
        config_init(&config);
        snprintf(name, sizeof name, "%s = %s", bad_values[i].key, bad_values[i].value);
        check_status(name, config_set_flag(&config, bad_values[i].key, bad_values[i].value, &fault),
                     STATUS_INVALID);
        check_text(name, fault.field, bad_values[i].key);
        check_holds(name, fault.text, bad_values[i].may_be);
    }
}

static void a_text_fits_up_to_its_maximum(void **state)
{
    (void)state;
    char text[CONFIG_TEXT_BYTES + 1];
    struct config config;
    struct fault fault;
    config_init(&config);
    memset(text, 'a', sizeof text);
    text[CONFIG_TEXT_BYTES - 1] = '\0';
    check_done("191 bytes", config_set_flag(&config, "site.name", text, &fault), &fault);
    check_text("191 bytes", config.site.name, text);
    text[CONFIG_TEXT_BYTES - 1] = 'a';
    text[CONFIG_TEXT_BYTES] = '\0';
    check_status("192 bytes", config_set_flag(&config, "site.name", text, &fault), STATUS_INVALID);
    check_number("what was set stays", (int64_t)strlen(config.site.name), CONFIG_TEXT_BYTES - 1);
}

static void an_address_ends_without_a_slash(void **state)
{
    (void)state;
    static const struct {
        const char *input, *expected;
    } cases[] = {
        {"https://khobor.example", "https://khobor.example"},
        {"https://khobor.example/", "https://khobor.example"},
        {"https://khobor.example:8443///", "https://khobor.example:8443"},
        {"http://a", "http://a"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct config config;
        struct fault fault;
        config_init(&config);
        check_done(cases[i].input, config_set_flag(&config, "site.url", cases[i].input, &fault),
                   &fault);
        check_text(cases[i].input, config.site.url, cases[i].expected);
    }
}

static void other_variables_are_left_alone(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "KHOBOR_PORT=tcp://10.0.0.1:80",
        "KHOBOR_HTTP_LISTENER=x",
        "KHOBOR_=x",
        "KHOBOR_HTTP=x",
        "KHOBORHTTP_MAX_AGE_S=x",
        "XKHOBOR_HTTP_MAX_AGE_S=x",
        "KHOBOR_HTTP_MAX_AGE_S_=x",
        "KHOBOR_HTTP_MAX_AGE_S_IS_A_NAME_THAT_IS_LONGER_THAN_ANY_SETTING_COULD_EVER_BE_AND_THEN_"
        "SOME_"
        "MORE_LETTERS_BEHIND_IT_SO_THAT_NO_ROOM_IS_LEFT_FOR_IT_ANYWHERE=x",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct config config;
        struct fault fault;
        config_init(&config);
        check_done(cases[i], read_variable(&config, cases[i], &fault), &fault);
        check_number(cases[i], config.http.max_age_s, 10);
    }
}

static void a_flag_of_no_setting_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {"", "http", "http.", "http.port", "HTTP.LISTEN", "listen"};
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct config config;
        struct fault fault = {.field = ""};
        config_init(&config);
        check_status(cases[i], config_set_flag(&config, cases[i], "1", &fault), STATUS_INVALID);
        check_text(cases[i], fault.field, cases[i]);
    }
}

int main(void)
{
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, open_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_defaults_are_what_the_table_says),
        WITH_FOLDER(the_example_holds_every_setting_with_its_default),
        WITH_FOLDER(a_flag_beats_the_environment_which_beats_a_file),
        WITH_FOLDER(a_bad_value_names_its_key_and_what_may_be),
        cmocka_unit_test(values_that_only_look_like_one_are_refused),
        cmocka_unit_test(a_text_fits_up_to_its_maximum),
        cmocka_unit_test(an_address_ends_without_a_slash),
        cmocka_unit_test(other_variables_are_left_alone),
        cmocka_unit_test(a_flag_of_no_setting_is_refused),
    };
    return cmocka_run_group_tests_name("base/config", tests, NULL, NULL);
}
