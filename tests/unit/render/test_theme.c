#include "render/theme.h"

#include "base/crypto.h"
#include "base/embedded.h"
#include "http/route/routes.h"
#include "paper.h"

#include <sys/stat.h>

enum {
    PATH_BYTES = 512,
    PAGE_BYTES = 64 * 1024,
    HASH_CHARACTERS = THEME_HASH_BYTES - 1,
};

static const char *const no_needs[] = {NULL};

static char folder[64];

static void in_folder(const char *name, char path[PATH_BYTES])
{
    assert_true(snprintf(path, PATH_BYTES, "%s/%s", folder, name) < PATH_BYTES);
}

/* Folders of the theme are made as they are needed. */
static void folder_put(const char *name)
{
    char path[PATH_BYTES];
    in_folder(name, path);
    check_true(path, mkdir(path, 0700) == 0 || access(path, F_OK) == 0);
}

/* A file of the theme: "templates/front.html", in a folder that is there. */
static void put(const char *name, const char *bytes)
{
    char path[PATH_BYTES];
    in_folder(name, path);
    file_write(path, bytes, strlen(bytes));
}

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

static void take_away(const char *name)
{
    char path[PATH_BYTES];
    in_folder(name, path);
    check_true(path, unlink(path) == 0);
}

static int set_up(void **state)
{
    (void)state;
    folder_make(folder);
    folder_put("templates");
    folder_put("assets");
    return 0;
}

/* Removes a folder with what is in it, hidden files and folders too. */
static void remove_all(const char *path)
{
    char inner[PATH_BYTES * 2];
    struct dirent *entry;
    DIR *dir = opendir(path);
    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%.500s/%s", path, entry->d_name);
        if (unlink(inner) != 0)
            remove_all(inner);
    }
    closedir(dir);
    rmdir(path);
}

static int tear_down(void **state)
{
    (void)state;
    remove_all(folder);
    return 0;
}

static struct theme *loaded(const char *path)
{
    struct theme *theme = NULL;
    struct fault fault = {.field = ""};
    check_done(path, theme_load(path, route_templates, &theme, &fault), &fault);
    return theme;
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

/* A template filled with a document that says "field": "a & b", and the assets. */
static void check_template(const char *name, const struct theme *theme, const char *template,
                           const char *expected)
{
    struct buf page;
    json_t *document = json_pack("{s:s}", "field", "a & b");
    const json_t *contexts[] = {theme_context(theme), document};
    buf_init(&page, PAGE_BYTES);
    assert_non_null(theme_template(theme, template));
    template_render(theme_template(theme, template), contexts, COUNT(contexts), &page);
    check_text(name, buf_string(&page), expected);
    buf_release(&page);
    json_decref(document);
}

/* Compares an asset's bytes; `hash` gets its hash. */
static void check_asset(const struct theme *theme, const char *name, const void *bytes, size_t len,
                        char hash[THEME_HASH_BYTES])
{
    size_t got_len;
    struct representation *representation = theme_asset(theme, name, hash);
    assert_non_null(representation);
    const void *got = representation_body(representation, ENCODING_IDENTITY, &got_len);
    check_number(name, (int64_t)got_len, (int64_t)len);
    check_true(name, memcmp(got, bytes, len) == 0);
    representation_unref(representation);
}

static void check_text_asset(const struct theme *theme, const char *name, const char *text,
                             char hash[THEME_HASH_BYTES])
{
    check_asset(theme, name, text, strlen(text), hash);
}

/* The address that pages find under assets.STEM.EXTENSION. */
static const char *address_of(const struct theme *theme, const char *name)
{
    char stem[PATH_BYTES];
    const char *dot = strrchr(name, '.');
    snprintf(stem, sizeof stem, "%.*s", (int)(dot - name), name);
    const json_t *assets = json_object_get(theme_context(theme), "assets");
    return json_string_value(json_object_get(json_object_get(assets, stem), dot + 1));
}

static void check_address(const struct theme *theme, const char *name,
                          const char hash[THEME_HASH_BYTES])
{
    char expected[PATH_BYTES];
    snprintf(expected, sizeof expected, "/assets/%s/%s", hash, name);
    check_text(name, address_of(theme, name), expected);
}

static const char *file_in(const struct embedded *file, const char *of)
{
    size_t len = strlen(of);
    return strncmp(file->name, of, len) == 0 ? file->name + len : NULL;
}

/* A theme has whatever is built in, `but` one file, byte for byte. */
static void check_built_in(const struct theme *theme, const char *but)
{
    int templates = 0, assets = 0;
    for (const struct embedded *file = embedded_theme; file->name; file++) {
        char hash[THEME_HASH_BYTES], whole[HASH_TEXT_BYTES];
        size_t len = (size_t)(file->end - file->begin);
        const char *template = file_in(file, "templates/"), *asset = file_in(file, "assets/");
        check_true(file->name, (template == NULL) != (asset == NULL));
        templates += template != NULL;
        assets += asset != NULL;
        if (template)
            check_true(file->name, theme_template(theme, template) != NULL);
        if (!asset || strcmp(file->name, but) == 0)
            continue;
        check_asset(theme, asset, file->begin, len, hash);
        hash_text(file->begin, len, whole);
        check_number(file->name, strncmp(hash, whole, HASH_CHARACTERS), 0);
        check_number(file->name, (int64_t)strlen(hash), HASH_CHARACTERS);
        check_address(theme, asset, hash);
    }
    check_true("templates", templates > 20);
    check_true("assets", assets > 5);
}

static void what_is_built_in_is_a_theme(void **state)
{
    (void)state;
    struct theme *theme = loaded("");
    char hash[THEME_HASH_BYTES] = "untouched";
    check_built_in(theme, "");
    check_number("one context", (int64_t)json_object_size(theme_context(theme)), 1);
    check_true("no such template", theme_template(theme, "nothing.html") == NULL);
    check_true("no template with its folder", theme_template(theme, "templates/head.html") == NULL);
    static const char *const none[] = {"nothing.css",  "",         "style", "assets/style.css",
                                       "../style.css", "head.html"};
    for (size_t i = 0; i < COUNT(none); i++)
        check_true(none[i], theme_asset(theme, none[i], hash) == NULL);
    check_text("its hash", hash, "untouched");
    theme_unref(theme);
}

static void an_asset_has_its_media(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum media media;
    } cases[] = {
        {"style.css", MEDIA_CSS},    {"page.js", MEDIA_JAVASCRIPT}, {"icon.svg", MEDIA_SVG},
        {"favicon.ico", MEDIA_ICON}, {"icon-192.png", MEDIA_PNG},
    };
    struct theme *theme = loaded("");
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t len;
        char hash[THEME_HASH_BYTES], of_bytes[HASH_TEXT_BYTES];
        struct representation *representation = theme_asset(theme, cases[i].name, hash);
        assert_non_null(representation);
        check_number(cases[i].name, representation_media(representation), cases[i].media);
        const void *bytes = representation_body(representation, ENCODING_IDENTITY, &len);
        hash_text(bytes, len, of_bytes);
        check_number("its address is its bytes' hash", strncmp(of_bytes, hash, strlen(hash)), 0);
        representation_unref(representation);
    }
    theme_unref(theme);
}

static void a_folder_replaces_one_template(void **state)
{
    (void)state;
    put("templates/robots.txt", "Mine: {{field}} & {{> anchor.html}}");
    put("templates/anchor.html", "<a>{{field}}</a>");
    struct theme *theme = loaded(folder);
    check_template("replaced", theme, "robots.txt", "Mine: a & b & <a>a &amp; b</a>");
    check_built_in(theme, "");
    struct theme *built_in = loaded("");
    struct buf page;
    buf_init(&page, PAGE_BYTES);
    template_render(theme_template(built_in, "broken.html"), NULL, 0, &page);
    struct buf same;
    buf_init(&same, PAGE_BYTES);
    template_render(theme_template(theme, "broken.html"), NULL, 0, &same);
    check_text("the others stay", buf_string(&same), buf_string(&page));
    check_holds("the others stay", buf_string(&same), "<main");
    buf_release(&page);
    buf_release(&same);
    theme_unref(built_in);
    theme_unref(theme);
}

static void a_folder_replaces_one_asset(void **state)
{
    (void)state;
    char hash[THEME_HASH_BYTES];
    put("assets/style.css", "body{}");
    struct theme *theme = loaded(folder);
    check_text_asset(theme, "style.css", "body{}", hash);
    check_address(theme, "style.css", hash);
    check_built_in(theme, "assets/style.css");
    theme_unref(theme);
}

static void a_folder_adds_files_of_its_own(void **state)
{
    (void)state;
    char hash[THEME_HASH_BYTES];
    put("templates/own.html", "{{field}} {{assets.font.woff2}} {{assets.A-1_b.txt}}");
    put("assets/font.woff2", "F");
    put("assets/A-1_b.txt", "T");
    put("assets/empty.txt", "");
    struct theme *theme = loaded(folder);
    char expected[PATH_BYTES], font[THEME_HASH_BYTES];
    check_text_asset(theme, "font.woff2", "F", font);
    check_text_asset(theme, "A-1_b.txt", "T", hash);
    snprintf(expected, sizeof expected, "a &amp; b /assets/%s/font.woff2 /assets/%s/A-1_b.txt",
             font, hash);
    check_template("its own", theme, "own.html", expected);
    check_text_asset(theme, "empty.txt", "", hash);
    check_address(theme, "empty.txt", hash);
    check_built_in(theme, "");
    theme_unref(theme);
}

static void one_of_both_folders_is_enough(void **state)
{
    (void)state;
    static const char *const folders[] = {"templates", "assets"};
    for (size_t i = 0; i < COUNT(folders); i++) {
        char path[PATH_BYTES];
        in_folder(folders[i], path);
        check_true(path, rmdir(path) == 0);
        struct theme *theme = loaded(folder);
        check_built_in(theme, "");
        theme_unref(theme);
        folder_put(folders[i]);
    }
}

/* An address means the same bytes for ever, and other bytes have another one. */
static void a_hash_goes_with_the_bytes(void **state)
{
    (void)state;
    static const char *const contents[] = {"", "a", "b", "aa", "a\n", "A"};
    char hashes[COUNT(contents)][THEME_HASH_BYTES], again[THEME_HASH_BYTES];
    for (size_t i = 0; i < COUNT(contents); i++) {
        put("assets/a.txt", contents[i]);
        put("assets/b.txt", contents[i]);
        struct theme *theme = loaded(folder);
        check_text_asset(theme, "a.txt", contents[i], hashes[i]);
        check_text_asset(theme, "b.txt", contents[i], again);
        check_text("the same under another name", again, hashes[i]);
        for (size_t j = 0; j < i; j++)
            check_true("another", strcmp(hashes[i], hashes[j]) != 0);
        theme_unref(theme);
    }
    put("assets/a.txt", contents[1]);
    struct theme *theme = loaded(folder);
    check_text_asset(theme, "a.txt", contents[1], again);
    check_text("and back", again, hashes[1]);
    theme_unref(theme);
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
        take_away(faults[i].file);
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
    take_away("assets/large.png");
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

/* Who holds a reference has the theme, whatever others do with theirs. */
static void a_theme_lives_as_long_as_its_references(void **state)
{
    (void)state;
    char hash[THEME_HASH_BYTES];
    put("templates/robots.txt", "{{field}}");
    put("assets/a.txt", "T");
    struct theme *theme = loaded(folder);
    struct theme *again = theme_ref(theme);
    assert_ptr_equal(again, theme);
    struct representation *representation = theme_asset(theme, "a.txt", hash);
    theme_unref(theme);
    check_template("by the second", again, "robots.txt", "a & b");
    theme_unref(again);
    size_t len;
    const char *body = representation_body(representation, ENCODING_IDENTITY, &len);
    check_text("an asset outlives its theme", body, "T");
    representation_unref(representation);
    theme_unref(NULL);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_built_in_is_a_theme),
        TEST(an_asset_has_its_media),
        TEST(a_folder_replaces_one_template),
        TEST(a_folder_replaces_one_asset),
        TEST(a_folder_adds_files_of_its_own),
        TEST(one_of_both_folders_is_enough),
        TEST(a_hash_goes_with_the_bytes),
        TEST(a_folder_that_is_not_there_is_a_fault),
        TEST(a_broken_file_is_named),
        TEST(a_needed_template_that_is_missing_is_named),
        TEST(a_file_that_is_too_large_is_named),
        TEST(a_theme_has_two_hundred_files_at_most),
        TEST(a_theme_has_a_hundred_templates_at_most),
        TEST(what_is_no_plain_file_is_passed_over),
        TEST(links_are_followed),
        TEST(a_theme_lives_as_long_as_its_references),
    };
    return cmocka_run_group_tests_name("render/theme", tests, NULL, NULL);
}
