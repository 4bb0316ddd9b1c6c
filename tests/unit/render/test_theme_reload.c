/* Which changes of a theme's folder are noticed. */
#include "watched_theme.h"

static void a_folder_that_stays_is_not_read_again(void **state)
{
    (void)state;
    check_stage("at first", "first", "first");
    check_true("as it is", !watch());
    check_true("and again", !watch());
    put("readme", "beside the folders");
    put("assets/.hidden", "x");
    check_true("what is no part of it", !watch());
    remove_file("assets/.hidden");
    check_stage("still", "first", "first");
    check_whole("still");
}

static void a_change_is_read(void **state)
{
    (void)state;
    put("assets/a.txt", "second one");
    check_true("an asset", watch());
    check_stage("an asset", "second one", "first");
    check_true("once", !watch());
    put("templates/robots.txt", "second one");
    check_true("a template", watch());
    check_stage("a template", "second one", "second one");
    put("assets/b.txt", "b");
    check_true("a file more", watch());
    check_stage("a file more", "second one", "second one");
    remove_file("templates/robots.txt");
    check_true("a file less", watch());
    check_stage("what is built in is back", "second one", NULL);
    remove_file("assets/a.txt");
    check_true("another file less", watch());
    check_stage("an asset goes", "", NULL);
    check_whole("all the time");
}

/* A size may stay the same, and so may the second. */
static void a_change_of_time_alone_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        int64_t at_ns;
        bool is_read;
    } cases[] = {
        {"a second later", "later", INT64_C(1700000001000000000), true},
        {"as it was", "later", INT64_C(1700000001000000000), false},
        {"a nanosecond later", "nanos", INT64_C(1700000001000000001), true},
        {"an older file", "older", INT64_C(1600000000000000000), true},
        {"the same size and time", "never", INT64_C(1600000000000000000), false},
        {"before 1970", "epoch", INT64_C(-1000000000), true},
        {"another size at the time", "longer", INT64_C(-1000000000), true},
    };
    const char *expected = "first";
    put_at("assets/a.txt", "first", INT64_C(1700000000000000000));
    theme_current_watch(theme_current);
    for (size_t i = 0; i < COUNT(cases); i++) {
        put_at("assets/a.txt", cases[i].text, cases[i].at_ns);
        check_number(cases[i].name, watch(), cases[i].is_read);
        if (cases[i].is_read)
            expected = cases[i].text;
        check_stage(cases[i].name, expected, "first");
    }
}

/* The same size and time under another name. */
static void a_change_of_name_is_read(void **state)
{
    (void)state;
    char from[PATH_BYTES], to[PATH_BYTES], text[TEXT_BYTES];
    in_folder("assets/a.txt", from);
    in_folder("assets/c.txt", to);
    check_true(from, rename(from, to) == 0);
    check_true("renamed", watch());
    struct theme *theme = theme_current_ref(theme_current);
    asset_text(theme, "a.txt", text);
    check_text("the old name", text, "");
    asset_text(theme, "c.txt", text);
    check_text("the new name", text, "first");
    theme_unref(theme);
    in_folder("templates/c.txt", from);
    check_true(to, rename(to, from) == 0);
    check_true("moved", watch());
    theme = theme_current_ref(theme_current);
    asset_text(theme, "c.txt", text);
    check_text("no asset any more", text, "");
    template_text(theme, "c.txt", text);
    check_text("a template", text, "first");
    theme_unref(theme);
}

static void a_folder_that_goes_comes_back(void **state)
{
    (void)state;
    char there[PATH_BYTES], away[sizeof there + 8];
    struct fault expected;
    fault_fill(&expected, folder, "has neither a folder templates nor a folder assets");
    snprintf(there, sizeof there, "%s", folder);
    snprintf(away, sizeof away, "%s.away", folder);
    check_true(away, rename(there, away) == 0);
    check_true("gone", !watch());
    check_broken("gone", expected.field, expected.text);
    check_stage("the last stays", "first", "first");
    check_true(away, rename(away, there) == 0);
    check_true("back", watch());
    check_whole("back");
    check_stage("back", "first", "first");
    put("assets/a.txt", "second one");
    check_true("changes are read as before", watch());
    check_stage("as before", "second one", "first");
}

/* Nothing in it and nothing there are not the same. */
static void an_empty_folder_that_goes_is_missed(void **state)
{
    (void)state;
    char there[PATH_BYTES], away[sizeof there + 8];
    struct fault fault;
    remove_file("assets/a.txt");
    remove_file("templates/robots.txt");
    check_true("empty", watch());
    check_whole("empty");
    check_stage("empty", "", NULL);
    snprintf(there, sizeof there, "%s", folder);
    snprintf(away, sizeof away, "%s.away", folder);
    check_true(away, rename(there, away) == 0);
    check_true("gone", !watch());
    check_true("gone", theme_current_fault(theme_current, &fault));
    check_true(away, rename(away, there) == 0);
    check_true("back", watch());
    check_whole("back");
}

static void one_folder_of_two_may_go(void **state)
{
    (void)state;
    char there[PATH_BYTES], away[PATH_BYTES];
    in_folder("assets", there);
    in_folder("away", away);
    check_true(away, rename(there, away) == 0);
    check_true("without assets", watch());
    check_whole("without assets");
    check_stage("without assets", "", "first");
    check_true(away, rename(away, there) == 0);
    check_true("with them", watch());
    check_stage("with them", "first", "first");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_folder_that_stays_is_not_read_again),
        TEST(a_change_is_read),
        TEST(a_change_of_time_alone_is_read),
        TEST(a_change_of_name_is_read),
        TEST(a_folder_that_goes_comes_back),
        TEST(an_empty_folder_that_goes_is_missed),
        TEST(one_folder_of_two_may_go),
    };
    return cmocka_run_group_tests_name("render/theme_reload", tests, NULL, NULL);
}
