/* Themes that are refused, with the fault that names the file; links, and files that are ignored. */
#include "loaded_theme.h"

static const char *const no_needs[] = {NULL};

static void put_large(const char *name, char byte, size_t len)
{
    char path[PATH_BYTES];
    char *bytes = malloc(len);
    assert_non_null(bytes);
    memset(bytes, byte, len);
    in_folder(name, path);
    file_write(path, bytes, len);
    free(bytes);
}

/* `target` is a path from the link's own folder. */
static void put_link(const char *name, const char *target)
{
    char path[PATH_BYTES];
    in_folder(name, path);
    check_true(path, symlink(target, path) == 0);
}

/* A field that begins with a slash is a path in the folder, cut as faults cut what is long. */
static void check_fault(const char *name, enum status expected, const char *field, const char *text)
{
    char path[PATH_BYTES];
    struct theme *theme = NULL;
    struct fault fault = {.field = ""}, whole;
    bool is_path = field[0] == '/' || field[0] == '\0';
    snprintf(path, sizeof path, "%s%s", is_path ? folder : "", field);
    fault_fill(&whole, path, "%s", text);
    check_status(name, theme_load(folder, route_templates, &theme, &fault), expected);
    check_true(name, theme == NULL);
    check_text(name, fault.field, whole.field);
    check_text(name, fault.text, whole.text);
}

/* `below` is a path in the folder. */
static void check_no_theme(const char *name, const char *below)
{
    char path[PATH_BYTES];
    struct theme *theme = NULL;
    struct fault fault = {.field = ""}, expected;
    snprintf(path, sizeof path, "%s%s", folder, below);
    fault_fill(&expected, path, "has neither a folder templates nor a folder assets");
    check_status(name, theme_load(path, route_templates, &theme, &fault), STATUS_ABSENT);
    check_true(name, theme == NULL);
    check_text(name, fault.field, expected.field);
    check_text(name, fault.text, expected.text);
}

static void a_folder_that_is_not_there_is_a_fault(void **state)
{
    (void)state;
    put("front.html", "F");
    check_no_theme("nothing there", "/nothing");
    check_no_theme("nothing there, and a slash", "/nothing/");
    check_no_theme("a file", "/front.html");
    check_no_theme("one of its own folders", "/templates");
    remove_all(folder);
    check_true(folder, mkdir(folder, 0700) == 0);
    check_no_theme("an empty one", "");
    put("front.html", "F");
    folder_put("Templates");
    folder_put("asset");
    check_no_theme("others in it", "");
    put("templates", "F");
    put("assets", "F");
    check_no_theme("files of these names", "");
    put_link("link", "nothing");
    check_no_theme("a link that leads nowhere", "/link");
}

static const struct {
    const char *name, *file, *content;
    enum status expected;
    const char *field, *text;
} faults[] = {
    {"a tag without an end", "templates/front.html", "one\ntwo {{lead", STATUS_INVALID,
     "front.html", "line 2: a tag is not closed; it must end with '}}'"},
    {"a section without an end", "templates/front.html", "\n\n{{#lead}}\nfour\n", STATUS_INVALID,
     "front.html", "line 3: the section 'lead' is not closed"},
    {"an end without a section", "templates/own.html", "{{/lead}}", STATUS_INVALID, "own.html",
     "line 1: 'lead' is closed, and no section is open"},
    {"inheritance", "templates/own.html", "1\n2\n3\n{{<a}}{{/a}}", STATUS_INVALID, "own.html",
     "line 4: inheritance, '<', is not supported"},
    {"a partial that is missing", "templates/latest.html", "one\n  {{> nothing.html}}",
     STATUS_INVALID, "latest.html", "line 2: there is no template 'nothing.html'"},
    {"a partial with its folder", "templates/latest.html", "{{> templates/head.html}}",
     STATUS_INVALID, "latest.html", "line 1: there is no template 'templates/head.html'"},
    {"a template with a space", "templates/my front.html", "F", STATUS_INVALID,
     "templates/my front.html", "must be named with letters a to z, digits, '.', '-' and '_'"},
    {"a Bengali name", "assets/ছবি.png", "F", STATUS_INVALID, "assets/ছবি.png",
     "must be named with letters a to z, digits, '.', '-' and '_'"},
    {"a per cent sign", "assets/a%20b.png", "F", STATUS_INVALID, "assets/a%20b.png",
     "must be named with letters a to z, digits, '.', '-' and '_'"},
    {"a control character", "assets/a\nb.png", "F", STATUS_INVALID, "assets/a?b.png",
     "must be named with letters a to z, digits, '.', '-' and '_'"},
    {"an extension that is none", "assets/a.exe", "F", STATUS_INVALID, "assets/a.exe",
     "must end in .css, .js, .svg, .ico, .png, .jpg, .webp, .woff2 or .txt"},
    {"a page among the assets", "assets/a.html", "F", STATUS_INVALID, "assets/a.html",
     "must end in .css, .js, .svg, .ico, .png, .jpg, .webp, .woff2 or .txt"},
    {"no extension", "assets/style", "F", STATUS_INVALID, "assets/style",
     "must end in .css, .js, .svg, .ico, .png, .jpg, .webp, .woff2 or .txt"},
    {"another case", "assets/a.PNG", "F", STATUS_INVALID, "assets/a.PNG",
     "must end in .css, .js, .svg, .ico, .png, .jpg, .webp, .woff2 or .txt"},
};

static void a_broken_file_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(faults); i++) {
        put(faults[i].file, faults[i].content);
        check_fault(faults[i].name, faults[i].expected, faults[i].field, faults[i].text);
        remove_file(faults[i].file);
        theme_unref(loaded(folder));
    }
}

/* A folder can take no template away, so that only a name which Khobor does not have is missing. */
static void a_needed_template_that_is_missing_is_named(void **state)
{
    (void)state;
    static const char *const needed[] = {"front.html", "own.html", "other.html", NULL};
    struct theme *theme = NULL;
    struct fault fault = {.field = ""};
    check_status("missing", theme_load(folder, needed, &theme, &fault), STATUS_ABSENT);
    check_text("missing", fault.field, "own.html");
    check_text("missing", fault.text, "is missing among the templates");
    check_true("no theme", theme == NULL);
    put("templates/own.html", "");
    check_status("the second", theme_load(folder, needed, &theme, &fault), STATUS_ABSENT);
    check_text("the second", fault.field, "other.html");
    put("assets/other.html.txt", "");
    put("templates/other.html", "");
    check_done("none", theme_load(folder, needed, &theme, &fault), &fault);
    theme_unref(theme);
    check_done("none needed", theme_load("", no_needs, &theme, &fault), &fault);
    theme_unref(theme);
}

static void a_file_that_is_too_large_is_named(void **state)
{
    (void)state;
    char hash[THEME_HASH_BYTES];
    static const char too_large[] = "is larger than 4194304 bytes";
    put_large("assets/large.png", 'x', THEME_FILE_BYTES + 1);
    check_fault("an asset", STATUS_FAILED, "assets/large.png", too_large);
    put_large("assets/large.png", 'x', THEME_FILE_BYTES * 2);
    check_fault("a larger one", STATUS_FAILED, "assets/large.png", too_large);
    put_large("assets/large.png", 'x', THEME_FILE_BYTES);
    struct theme *theme = loaded(folder);
    struct representation *representation = theme_asset(theme, "large.png", hash);
    assert_non_null(representation);
    representation_unref(representation);
    theme_unref(theme);
    remove_file("assets/large.png");
    put_large("templates/large.html", 'x', THEME_FILE_BYTES + 1);
    check_fault("a template", STATUS_FAILED, "templates/large.html", too_large);
    put_large("templates/large.html", 'x', TEMPLATE_MAX_BYTES + 1);
    check_fault("over what a template may have", STATUS_INVALID, "large.html",
                "a template has at most 262144 bytes, and this one has 262145");
    put_large("templates/large.html", 'x', TEMPLATE_MAX_BYTES);
    theme_unref(loaded(folder));
}

static size_t built_in_files(const char *of)
{
    size_t count = 0;
    for (const struct embedded *file = embedded_theme; file->name; file++)
        count += file_in(file, of) != NULL;
    return count;
}

static void put_numbered(const char *pattern, size_t from, size_t to)
{
    char name[64];
    for (size_t i = from; i < to; i++) {
        snprintf(name, sizeof name, "%s%03zu.txt", pattern, i);
        put(name, "T");
    }
}

static void a_theme_has_two_hundred_files_at_most(void **state)
{
    (void)state;
    size_t room = THEME_FILES_MAX - built_in_files("");
    check_true("there is room", room > 10 && room < THEME_FILES_MAX);
    put_numbered("assets/a", 0, room);
    put("assets/style.css", "body{}"); /* takes the place of one that is there */
    struct theme *theme = loaded(folder);
    check_built_in(theme, "assets/style.css");
    theme_unref(theme);
    put_numbered("assets/a", room, room + 1);
    struct fault fault = {.field = ""};
    check_status("one more", theme_load(folder, route_templates, &theme, &fault), STATUS_FULL);
    check_text("one more", fault.text, "is one file too many: at most 200");
}

static void a_theme_has_a_hundred_templates_at_most(void **state)
{
    (void)state;
    size_t room = TEMPLATES_MAX - built_in_files("templates/");
    put_numbered("templates/t", 0, room);
    theme_unref(loaded(folder));
    put_numbered("templates/t", room, room + 1);
    struct fault fault = {.field = ""};
    struct theme *theme = NULL;
    check_status("one more", theme_load(folder, route_templates, &theme, &fault), STATUS_INVALID);
    check_text("one more", fault.text, "a set has at most 100 templates, and this one has 101");
}

/* What editors and file managers leave behind, and what is no file. */
static void what_is_no_plain_file_is_passed_over(void **state)
{
    (void)state;
    char hash[THEME_HASH_BYTES];
    put("templates/.front.html.swp", "{{broken");
    put("templates/.hidden", "{{broken");
    put("assets/..exe", "F");
    put("assets/.DS_Store", "F");
    put("front.html", "{{broken");
    folder_put("templates/more");
    put("templates/more/front.html", "{{broken");
    folder_put("assets/more.css");
    put("assets/more.css/a.css", "F");
    folder_put("assets/a bad name");
    char path[PATH_BYTES];
    in_folder("templates/queue.html", path);
    check_true(path, mkfifo(path, 0600) == 0);
    struct theme *theme = loaded(folder);
    check_built_in(theme, "");
    static const char *const none[] = {"more.css", "a.css", ".DS_Store", "more.css/a.css", "..exe"};
    for (size_t i = 0; i < COUNT(none); i++)
        check_true(none[i], theme_asset(theme, none[i], hash) == NULL);
    check_true("a sub folder's", theme_template(theme, "more/front.html") == NULL);
    check_true("a queue", theme_template(theme, "queue.html") == NULL);
    theme_unref(theme);
}

/* A link is what it leads to; one that leads nowhere is no file, so what is built in stays. */
static void links_are_followed(void **state)
{
    (void)state;
    char hash[THEME_HASH_BYTES];
    put("elsewhere.css", "body{}");
    put_link("assets/style.css", "../elsewhere.css");
    put_link("templates/robots.txt", "../nothing.txt");
    put_link("templates/more", "../assets");
    put_link("assets/round.css", "round.css");
    struct theme *theme = loaded(folder);
    check_text_asset(theme, "style.css", "body{}", hash);
    check_built_in(theme, "assets/style.css");
    check_true("a link to itself", theme_asset(theme, "round.css", hash) == NULL);
    theme_unref(theme);
}

/* What others may not read is not served because a link in the theme leads to it. */
static void a_link_out_of_the_folder_is_refused(void **state)
{
    (void)state;
    static const char leaves[] = "is a link that leads out of the folder";
    char below[PATH_BYTES], name[PATH_BYTES];
    static const struct {
        const char *file, *target;
    } links[] = {
        {"assets/passwd.txt", "/etc/passwd"},
        {"assets/passwd.txt", "../../../../../../../../../etc/passwd"},
        {"templates/front.html", "/etc/passwd"},
    };
    for (size_t i = 0; i < COUNT(links); i++) {
        put_link(links[i].file, links[i].target);
        check_fault(links[i].target, STATUS_FAILED, links[i].file, leaves);
        remove_file(links[i].file);
    }
    /* By its own path, too, which is absolute. */
    put("elsewhere.txt", "T");
    in_folder("elsewhere.txt", below);
    put_link("assets/t.txt", below);
    check_fault("an absolute link", STATUS_FAILED, "assets/t.txt", leaves);
    remove_file("assets/t.txt");
    /* A folder is as a file. */
    in_folder("assets", name);
    in_folder("others", below);
    check_true(name, rename(name, below) == 0);
    put("others/own.txt", "T");
    put_link("assets", "others");
    struct theme *theme = loaded(folder);
    char hash[THEME_HASH_BYTES];
    check_text_asset(theme, "own.txt", "T", hash);
    theme_unref(theme);
    remove_file("assets");
    put_link("assets", "/etc");
    check_fault("a folder", STATUS_UNUSABLE, "assets/", leaves);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_folder_that_is_not_there_is_a_fault),
        TEST(a_broken_file_is_named),
        TEST(a_needed_template_that_is_missing_is_named),
        TEST(a_file_that_is_too_large_is_named),
        TEST(a_theme_has_two_hundred_files_at_most),
        TEST(a_theme_has_a_hundred_templates_at_most),
        TEST(what_is_no_plain_file_is_passed_over),
        TEST(links_are_followed),
        TEST(a_link_out_of_the_folder_is_refused),
    };
    return cmocka_run_group_tests_name("render/theme_faults", tests, NULL, NULL);
}
