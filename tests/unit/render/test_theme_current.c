#include "render/theme_current.h"

#include "http/route/routes.h"
#include "paper.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

enum {
    PATH_BYTES = 128,
    TEXT_BYTES = 128,
    READERS = 2,
    SWAPS = 200,
};

static char folder[64];
static struct theme_current *theme_current;

static void in_folder(const char *name, char path[PATH_BYTES])
{
    assert_true(snprintf(path, PATH_BYTES, "%s/%s", folder, name) < PATH_BYTES);
}

static void folder_put(const char *name)
{
    char path[PATH_BYTES];
    in_folder(name, path);
    check_true(path, mkdir(path, 0700) == 0);
}

static void put(const char *name, const char *text)
{
    char path[PATH_BYTES];
    in_folder(name, path);
    file_write(path, text, strlen(text));
}

/* Writes a file and says when, so that no test waits for a clock to move. */
static void put_at(const char *name, const char *text, int64_t at_ns)
{
    char path[PATH_BYTES];
    const struct timespec at = {.tv_sec = at_ns / 1000000000, .tv_nsec = at_ns % 1000000000};
    const struct timespec times[] = {at, at};
    put(name, text);
    in_folder(name, path);
    check_true(path, utimensat(AT_FDCWD, path, times, 0) == 0);
}

static void take_away(const char *name)
{
    char path[PATH_BYTES];
    in_folder(name, path);
    check_true(path, unlink(path) == 0);
}

static void folder_open(void)
{
    folder_make(folder);
    folder_put("templates");
    folder_put("assets");
}

static void folder_close(void)
{
    char path[PATH_BYTES];
    static const char *const folders[] = {"templates", "assets"};
    for (size_t i = 0; i < COUNT(folders); i++) {
        in_folder(folders[i], path);
        folder_remove(path);
    }
    folder_remove(folder);
}

/* A stage on a folder with an asset and a template that say "first". */
static int set_up(void **state)
{
    (void)state;
    struct fault fault = {.field = ""};
    folder_open();
    put("assets/a.txt", "first");
    put("templates/robots.txt", "first");
    check_done("open", theme_current_open(folder, route_templates, &theme_current, &fault), &fault);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    theme_current_close(theme_current);
    folder_close();
    return 0;
}

/* What a theme's asset holds; "" for none. */
static void asset_text(const struct theme *theme, const char *name, char text[TEXT_BYTES])
{
    size_t len;
    char hash[THEME_HASH_BYTES];
    struct representation *representation = theme_asset(theme, name, hash);
    text[0] = '\0';
    if (!representation)
        return;
    const char *body = representation_body(representation, ENCODING_IDENTITY, &len);
    snprintf(text, TEXT_BYTES, "%.*s", (int)len, body);
    representation_unref(representation);
}

static void template_text(const struct theme *theme, const char *name, char text[TEXT_BYTES])
{
    struct buf page;
    json_t *document = json_object();
    const json_t *contexts[] = {theme_context(theme), document};
    buf_init(&page, 64 * 1024);
    template_render(theme_template(theme, name), contexts, COUNT(contexts), &page);
    snprintf(text, TEXT_BYTES, "%s", buf_string(&page));
    buf_release(&page);
    json_decref(document);
}

static void check_theme(const char *name, const struct theme *theme, const char *asset,
                        const char *template)
{
    char text[TEXT_BYTES];
    asset_text(theme, "a.txt", text);
    check_text(name, text, asset);
    template_text(theme, "robots.txt", text);
    if (template)
        check_text(name, text, template);
    else
        check_holds(name, text, "User-agent");
}

/* The theme in use; NULL for the template is what is built in. */
static void check_stage(const char *name, const char *asset, const char *template)
{
    struct theme *theme = theme_current_ref(theme_current);
    check_theme(name, theme, asset, template);
    theme_unref(theme);
}

static void check_whole(const char *name)
{
    struct fault fault = {.field = "untouched"};
    check_true(name, !theme_current_fault(theme_current, &fault));
    check_text(name, fault.field, "untouched");
}

static void check_broken(const char *name, const char *field, const char *text)
{
    struct fault fault = {.field = ""};
    check_true(name, theme_current_fault(theme_current, &fault));
    check_text(name, fault.field, field);
    check_text(name, fault.text, text);
}

/* Watches, and says whether another theme came. */
static bool watch(void)
{
    struct theme *before = theme_current_ref(theme_current);
    theme_current_watch(theme_current);
    struct theme *after = theme_current_ref(theme_current);
    bool is_another = before != after;
    theme_unref(before);
    theme_unref(after);
    return is_another;
}

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

static void a_folder_that_stays_is_not_read_again(void **state)
{
    (void)state;
    check_stage("at first", "first", "first");
    check_true("as it is", !watch());
    check_true("and again", !watch());
    put("readme", "beside the folders");
    put("assets/.hidden", "x");
    check_true("what is no part of it", !watch());
    take_away("assets/.hidden");
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
    take_away("templates/robots.txt");
    check_true("a file less", watch());
    check_stage("what is built in is back", "second one", NULL);
    take_away("assets/a.txt");
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
        take_away(cases[i].file);
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
    take_away("assets/a.txt");
    take_away("templates/robots.txt");
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

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stage_without_a_folder_has_what_is_built_in),
        TEST(a_stage_is_not_opened_on_a_broken_theme),
        TEST(a_folder_that_stays_is_not_read_again),
        TEST(a_change_is_read),
        TEST(a_change_of_time_alone_is_read),
        TEST(a_change_of_name_is_read),
        TEST(a_broken_theme_leaves_the_last_good_one),
        TEST(a_theme_is_broken_in_many_ways_and_mended),
        TEST(what_is_built_in_is_never_replaced),
        TEST(a_theme_that_was_taken_stays_usable),
        TEST(a_theme_outlives_its_stage),
        TEST(a_folder_that_goes_comes_back),
        TEST(an_empty_folder_that_goes_is_missed),
        TEST(one_folder_of_two_may_go),
        TEST(readers_have_one_theme_or_the_other),
    };
    return cmocka_run_group_tests_name("render/stage", tests, NULL, NULL);
}
