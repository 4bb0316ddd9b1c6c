#include "render/media.h"

#include "check.h"

static const struct {
    const char *name;
    const char *input;
    enum media expected; /* MEDIA__MAX: no asset */
} names[] = {
    {"css", "style.css", MEDIA_CSS},
    {"js", "page.js", MEDIA_JAVASCRIPT},
    {"svg", "icon.svg", MEDIA_SVG},
    {"ico", "favicon.ico", MEDIA_ICON},
    {"png", "icon-192.png", MEDIA_PNG},
    {"jpg", "a.jpg", MEDIA_JPEG},
    {"webp", "a.webp", MEDIA_WEBP},
    {"woff2", "a.woff2", MEDIA_WOFF2},
    {"txt", "a.txt", MEDIA_TEXT},
    {"two extensions", "style.css.txt", MEDIA_TEXT},
    {"two extensions, the other way round", "style.txt.css", MEDIA_CSS},
    {"two of the same", "a.css.css", MEDIA_CSS},
    {"one behind an unknown one", "page.min.js", MEDIA_JAVASCRIPT},
    {"one behind two dots", "a..png", MEDIA_PNG},
    {"nothing but an extension", ".css", MEDIA_CSS},
    {"an unknown one behind a known one", "style.css.bak", MEDIA__MAX},
    {"nothing", "", MEDIA__MAX},
    {"no dot", "style", MEDIA__MAX},
    {"an extension without a dot", "css", MEDIA__MAX},
    {"a dot", ".", MEDIA__MAX},
    {"a dot at the end", "style.", MEDIA__MAX},
    {"a dot at the end behind an extension", "style.css.", MEDIA__MAX},
    {"unknown", "a.exe", MEDIA__MAX},
    {"a page", "a.html", MEDIA__MAX},
    {"a document", "a.json", MEDIA__MAX},
    {"a feed", "a.xml", MEDIA__MAX},
    {"another kind of JPEG", "a.jpeg", MEDIA__MAX},
    {"an older font", "a.woff", MEDIA__MAX},
    {"the beginning of one", "a.cs", MEDIA__MAX},
    {"more than one", "a.csss", MEDIA__MAX},
    {"upper case", "a.CSS", MEDIA__MAX},
    {"a space behind", "a.css ", MEDIA__MAX},
    {"a slash behind the dot", "a.b/css", MEDIA__MAX},
};

static void an_assets_type_goes_by_its_last_extension(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        enum media media = MEDIA__MAX;
        bool is_asset = media_of_asset(names[i].input, &media);
        check_number(names[i].name, is_asset, names[i].expected != MEDIA__MAX);
        check_number(names[i].name, media, names[i].expected);
    }
}

static const struct {
    enum media media;
    const char *type;
    bool is_compressible;
} types[] = {
    {MEDIA_JSON, "application/json", true},
    {MEDIA_PROBLEM, "application/problem+json", true},
    {MEDIA_HTML, "text/html; charset=utf-8", true},
    {MEDIA_RSS, "application/rss+xml; charset=utf-8", true},
    {MEDIA_ATOM, "application/atom+xml; charset=utf-8", true},
    {MEDIA_JSON_FEED, "application/feed+json", true},
    {MEDIA_XML, "application/xml; charset=utf-8", true},
    {MEDIA_TEXT, "text/plain; charset=utf-8", true},
    {MEDIA_MANIFEST, "application/manifest+json", true},
    {MEDIA_CSS, "text/css; charset=utf-8", true},
    {MEDIA_JAVASCRIPT, "text/javascript; charset=utf-8", true},
    {MEDIA_SVG, "image/svg+xml", true},
    {MEDIA_ICON, "image/vnd.microsoft.icon", true},
    {MEDIA_PNG, "image/png", false},
    {MEDIA_JPEG, "image/jpeg", false},
    {MEDIA_WEBP, "image/webp", false},
    {MEDIA_WOFF2, "font/woff2", false},
};

static void each_media_has_its_type(void **state)
{
    (void)state;
    check_number("all of them", COUNT(types), MEDIA__MAX);
    for (size_t i = 0; i < COUNT(types); i++) {
        check_number(types[i].type, types[i].media, (int64_t)i);
        check_text(types[i].type, media_type(types[i].media), types[i].type);
    }
}

static void what_is_compressed_already_is_not_compressed_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(types); i++)
        check_number(types[i].type, media_is_compressible(types[i].media),
                     types[i].is_compressible);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_assets_type_goes_by_its_last_extension),
        cmocka_unit_test(each_media_has_its_type),
        cmocka_unit_test(what_is_compressed_already_is_not_compressed_again),
    };
    return cmocka_run_group_tests_name("render/media", tests, NULL, NULL);
}
