/* The theme in use: who holds it, what a broken one leaves in use, and readers in other threads. */
#include "watched_theme.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    READERS = 2,
    SWAPS = 200,
};

static void a_stage_without_a_folder_has_what_is_built_in(void **state)
{
    (void)state;
    struct fault fault = {.field = ""};
    check_done("open", theme_current_open("", route_templates, &theme_current, &fault), &fault);
    check_stage("as it is", "", NULL);
    check_true("nothing to watch", !watch());
    check_whole("as it is");
    check_theme("the built-in one", theme_current_built_in(theme_current), "", NULL);
    theme_current_close(theme_current);
    theme_current_close(NULL);
}

static void a_stage_is_not_opened_on_a_broken_theme(void **state)
{
    (void)state;
    static const char *const needed[] = {"own.html", NULL};
    struct theme_current *none = NULL;
    struct fault fault = {.field = ""};
    put("templates/front.html", "\n{{#lead}}");
    check_status("a section", theme_current_open(folder, route_templates, &none, &fault),
                 STATUS_INVALID);
    check_text("its file", fault.field, "front.html");
    check_text("its line", fault.text, "line 2: the section 'lead' is not closed");
    check_status("no folder", theme_current_open("/nowhere", route_templates, &none, &fault),
                 STATUS_ABSENT);
    check_text("no folder", fault.field, "/nowhere");
    check_status("what is needed", theme_current_open("", needed, &none, &fault), STATUS_ABSENT);
    check_text("what is needed", fault.field, "own.html");
    check_true("none", none == NULL);
}

static void a_broken_theme_leaves_the_last_good_one(void **state)
{
    (void)state;
    put("templates/latest.html", "one\n{{#items}}");
    put("assets/a.txt", "second one");
    check_true("the last stays", !watch());
    check_stage("the last stays", "first", "first");
    check_broken("a section", "latest.html", "line 2: the section 'items' is not closed");
    check_true("it is told", !watch());
    check_broken("as long as it is so", "latest.html", "line 2: the section 'items' is not closed");
    put("templates/latest.html", "{{> nothing.html}}");
    check_true("broken in another way", !watch());
    check_broken("in another way", "latest.html", "line 1: there is no template 'nothing.html'");
    check_stage("the last stays", "first", "first");
    put("templates/latest.html", "good");
    check_true("mended", watch());
    check_whole("mended");
    check_stage("with what had changed before", "second one", "first");
}

static void a_theme_is_broken_in_many_ways_and_mended(void **state)
{
    (void)state;
    static const struct {
        const char *file, *text;
    } cases[] = {
        {"assets/a.exe", "must end in .css, .js, .svg, .ico, .png, .jpg, .webp, .woff2 or .txt"},
        {"assets/a b.css", "must be named with letters a to z, digits, '.', '-' and '_'"},
        {"assets/style.css.txt", "begins like another asset; give it a name of its own"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fault fault = {.field = ""};
        put(cases[i].file, "x");
        check_true(cases[i].file, !watch());
        check_true(cases[i].file, theme_current_fault(theme_current, &fault));
        check_text(cases[i].file, fault.text, cases[i].text);
        check_stage(cases[i].file, "first", "first");
        remove_file(cases[i].file);
        check_true(cases[i].file, watch());
        check_whole(cases[i].file);
    }
}

/* Error pages are made from it when a theme is broken. */
static void what_is_built_in_is_never_replaced(void **state)
{
    (void)state;
    const struct theme *built_in = theme_current_built_in(theme_current);
    check_theme("under a folder", built_in, "", NULL);
    put("templates/robots.txt", "second one");
    check_true("a change", watch());
    assert_ptr_equal(theme_current_built_in(theme_current), built_in);
    check_theme("after a change", built_in, "", NULL);
    put("templates/robots.txt", "{{");
    check_true("broken", !watch());
    assert_ptr_equal(theme_current_built_in(theme_current), built_in);
    check_theme("when it is broken", built_in, "", NULL);
}

/* A request that began with a theme ends with it. */
static void a_theme_that_was_taken_stays_usable(void **state)
{
    (void)state;
    struct theme *first = theme_current_ref(theme_current);
    put("assets/a.txt", "second one");
    put("templates/robots.txt", "second one");
    check_true("another", watch());
    struct theme *second = theme_current_ref(theme_current);
    check_theme("the first", first, "first", "first");
    check_theme("the second", second, "second one", "second one");
    put("assets/a.txt", "third");
    check_true("a third", watch());
    check_theme("the first", first, "first", "first");
    theme_unref(first);
    check_theme("the second", second, "second one", "second one");
    check_stage("the third", "third", "second one");
    theme_unref(second);
}

static void a_theme_outlives_its_stage(void **state)
{
    (void)state;
    struct fault fault = {.field = ""};
    struct theme *theme = theme_current_ref(theme_current);
    theme_current_close(theme_current);
    check_theme("closed", theme, "first", "first");
    theme_unref(theme);
    check_done("open", theme_current_open(folder, route_templates, &theme_current, &fault), &fault);
}

/* What a serving thread does, over and over. */
struct reading_thread {
    const atomic_bool *stop;
    long themes; /* that it saw, */
    bool torn;   /* and whether one was of two editions */
};

/* Threads share an asset's encodings, which were made when the theme was loaded: ThreadSanitizer
 * tells when one is made here. */
static bool has_encodings(const struct theme *theme)
{
    size_t len, encoded_len;
    char hash[THEME_HASH_BYTES];
    struct representation *representation = theme_asset(theme, "style.css", hash);
    bool has =
        representation && representation_body(representation, ENCODING_IDENTITY, &len) &&
        representation_body(representation, ENCODING_GZIP, &encoded_len) && encoded_len < len &&
        representation_body(representation, ENCODING_BROTLI, &encoded_len) && encoded_len < len;
    representation_unref(representation);
    return has;
}

static void *read_on(void *arg)
{
    struct reading_thread *thread = arg;
    const struct theme *last = NULL;
    char asset[TEXT_BYTES], template[TEXT_BYTES];
    while (!atomic_load(thread->stop)) {
        struct fault fault;
        struct theme *theme = theme_current_ref(theme_current);
        asset_text(theme, "a.txt", asset);
        template_text(theme, "robots.txt", template);
        thread->torn |= strcmp(asset, template) != 0 ||
                        theme_current_fault(theme_current, &fault) || !has_encodings(theme);
        thread->themes += theme != last;
        last = theme;
        theme_unref(theme);
    }
    return NULL;
}

static void readers_have_one_theme_or_the_other(void **state)
{
    (void)state;
    atomic_bool stop;
    pthread_t threads[READERS];
    struct reading_thread readers[READERS];
    char text[TEXT_BYTES];
    int swapped = 0;
    atomic_init(&stop, false);
    for (int i = 0; i < READERS; i++) {
        readers[i] = (struct reading_thread){.stop = &stop};
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readers[i]), 0);
    }
    for (int i = 1; i <= SWAPS; i++) {
        snprintf(text, sizeof text, "edition %d", i);
        put_at("assets/a.txt", text, i);
        put_at("templates/robots.txt", text, i);
        swapped += watch();
    }
    atomic_store(&stop, true);
    for (int i = 0; i < READERS; i++)
        pthread_join(threads[i], NULL);
    check_number("swapped", swapped, SWAPS);
    for (int i = 0; i < READERS; i++) {
        check_true("whole", !readers[i].torn);
        check_true("more than one", readers[i].themes > 1);
    }
    check_stage("the last", text, text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stage_without_a_folder_has_what_is_built_in),
        TEST(a_stage_is_not_opened_on_a_broken_theme),
        TEST(a_broken_theme_leaves_the_last_good_one),
        TEST(a_theme_is_broken_in_many_ways_and_mended),
        TEST(what_is_built_in_is_never_replaced),
        TEST(a_theme_that_was_taken_stays_usable),
        TEST(a_theme_outlives_its_stage),
        TEST(readers_have_one_theme_or_the_other),
    };
    return cmocka_run_group_tests_name("render/theme_current", tests, NULL, NULL);
}
