/* The settings file: how it may be written, and which line a fault names. */
#include "settings_folder.h"

static const struct {
    const char *name, *input;
    const char *field, *text;
} bad_files[] = {
    {"an unknown key", "[http]\nport = 80\n", "http.port", ":2: there is no such setting"},
    {"an unknown section", "[web]\nlisten = a\n", "web.listen", ":2: "},
    {"a key before any section", "listen = a\n", ".listen", ":1: "},
    {"a key twice", "[http]\nmax_age_s = 1\n\nmax_age_s = 2\n", "http.max_age_s",
     ":4: was already set in line 2"},
    {"a key twice in two sections of one name", "[http]\nmax_age_s = 1\n[http]\nmax_age_s = 2\n",
     "http.max_age_s", ":4: "},
    {"a line without a value", "[http]\nmax_age_s\n", "", ":2: "},
    {"a section that does not end", "[http\n", "", ":1: "},
    {"a line without a value, then others", "[http]\nmax_age_s\nthreads = 2\n\n", "", ":2: "},
    {"a bad value behind good ones", "; a comment\n[http]\nthreads = 2\nmax_age_s = x\n",
     "http.max_age_s", ":4: "},
};

static void a_bad_file_names_line_and_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_files); i++) {
        struct config config;
        struct fault fault;
        config_init(&config);
        check_status(bad_files[i].name, read_text(&config, bad_files[i].input, &fault),
                     STATUS_INVALID);
        check_text(bad_files[i].name, fault.field, bad_files[i].field);
        check_holds(bad_files[i].name, fault.text, bad_files[i].text);
        check_holds(bad_files[i].name, fault.text, path);
    }
}

static void a_file_may_be_written_in_many_ways(void **state)
{
    (void)state;
    static const struct {
        const char *name, *input;
        int64_t expected;
    } cases[] = {
        {"nothing", "", 10},
        {"spaces", "[http]\nmax_age_s   =   7  \n", 7},
        {"no spaces", "[http]\nmax_age_s=7", 7},
        {"a colon", "[http]\nmax_age_s: 7\n", 7},
        {"carriage returns", "[http]\r\nmax_age_s = 7\r\n", 7},
        {"comments", "; one\n# two\n[http] ; three\nmax_age_s = 7 ; four\n", 7},
        {"a byte order mark", "\xEF\xBB\xBF[http]\nmax_age_s = 7\n", 7},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct config config;
        struct fault fault;
        config_init(&config);
        check_done(cases[i].name, read_text(&config, cases[i].input, &fault), &fault);
        check_number(cases[i].name, config.http.max_age_s, cases[i].expected);
        check_text(cases[i].name, config.file, path);
    }
}

/* inih would split a longer line, in the middle of a character at that. */
static void a_line_is_at_most_198_bytes_long(void **state)
{
    (void)state;
    for (size_t len = 190; len < 205; len++) {
        char text[300], name[32];
        struct config config;
        struct fault fault;
        config_init(&config);
        strcpy(text, "[site]\n");
        size_t at = strlen(text);
        memset(text + at, ' ', len);
        memcpy(text + at, "name = খবর ;", strlen("name = খবর ;"));
        strcpy(text + at + len, "\n[http]\nmax_age_s = 7\n");
        snprintf(name, sizeof name, "%zu bytes", len);
        enum status status = read_text(&config, text, &fault);
        check_status(name, status, len <= 198 ? STATUS_OK : STATUS_INVALID);
        if (status == STATUS_OK)
            check_number(name, config.http.max_age_s, 7);
        else
            check_holds(name, fault.text, ":2: ");
    }
}

static void a_file_that_is_not_there_is_absent(void **state)
{
    (void)state;
    struct config config;
    struct fault fault = {.field = ""};
    config_init(&config);
    check_status("none", config_read_file(&config, path, &fault), STATUS_ABSENT);
    check_text("none", fault.field, "--config");
    check_holds("none", fault.text, path);
    check_status("a folder", config_read_file(&config, folder, &fault), STATUS_ABSENT);
}

int main(void)
{
#define WITH_FOLDER(test) cmocka_unit_test_setup_teardown(test, open_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        WITH_FOLDER(a_bad_file_names_line_and_key),
        WITH_FOLDER(a_file_may_be_written_in_many_ways),
        WITH_FOLDER(a_line_is_at_most_198_bytes_long),
        WITH_FOLDER(a_file_that_is_not_there_is_absent),
    };
    return cmocka_run_group_tests_name("base/config_file", tests, NULL, NULL);
}
