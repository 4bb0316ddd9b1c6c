/* A theme: what is built in, and which files of a folder replace it or are added. */
#include "loaded_theme.h"

enum {
    PAGE_BYTES = 64 * 1024,
};

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_built_in_is_a_theme),    TEST(an_asset_has_its_media),
        TEST(a_folder_replaces_one_template), TEST(a_folder_replaces_one_asset),
        TEST(a_folder_adds_files_of_its_own), TEST(one_of_both_folders_is_enough),
        TEST(a_hash_goes_with_the_bytes),     TEST(a_theme_lives_as_long_as_its_references),
    };
    return cmocka_run_group_tests_name("render/theme", tests, NULL, NULL);
}
