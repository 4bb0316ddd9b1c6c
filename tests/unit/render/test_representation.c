#include "render/representation.h"

#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum {
    HASH_LEN = 22,
    LEAST_BYTES = 512, /* that are encoded: docs/API.md */
    MOST_BYTES = 1024 * 1024,
    THREADS = 4,
    TURNS = 20000,
};

/* A representation of `len` times the same letter. */
static struct representation *rep_of(char letter, size_t len, int64_t revision)
{
    struct buf body;
    struct representation *representation;
    buf_init(&body, 2 * MOST_BYTES);
    char *room = buf_reserve(&body, len);
    assert_non_null(room);
    memset(room, letter, len);
    buf_grew(&body, len);
    check_status("make", representation_make(MEDIA_JSON, revision, &body, &representation),
                 STATUS_OK);
    check_number("the buffer was emptied", (int64_t)body.len, 0);
    assert_null(body.bytes);
    return representation;
}

static void check_tag(const char *name, const struct representation *representation,
                      enum encoding encoding, const char *prefix, const char *suffix)
{
    char end[16];
    const char *tag = representation_tag(representation, encoding);
    static const char base64url[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    check_true(name, strncmp(tag, prefix, strlen(prefix)) == 0);
    const char *hash = tag + strlen(prefix);
    check_true(name, strspn(hash, base64url) >= HASH_LEN);
    snprintf(end, sizeof end, "%s\"", suffix);
    check_text(name, hash + HASH_LEN, end);
}

static void a_tag_is_quoted_and_names_its_variant(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t revision;
        enum encoding encoding;
        const char *prefix, *suffix;
    } cases[] = {
        {"plain", 0, ENCODING_IDENTITY, "\"", ""},
        {"gzip", 0, ENCODING_GZIP, "\"", "-gz"},
        {"brotli", 0, ENCODING_BROTLI, "\"", "-br"},
        {"an article", 1, ENCODING_IDENTITY, "\"r1-", ""},
        {"an article in gzip", 12, ENCODING_GZIP, "\"r12-", "-gz"},
        {"an article in brotli", 12, ENCODING_BROTLI, "\"r12-", "-br"},
        {"the last revision", INT64_MAX, ENCODING_BROTLI, "\"r9223372036854775807-", "-br"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct representation *representation = rep_of('a', 10, cases[i].revision);
        check_tag(cases[i].name, representation, cases[i].encoding, cases[i].prefix,
                  cases[i].suffix);
        representation_unref(representation);
    }
}

static void tags_differ_when_bytes_or_revision_differ(void **state)
{
    (void)state;
    struct representation *reps[] = {rep_of('a', 10, 0), rep_of('b', 10, 0), rep_of('a', 11, 0),
                                     rep_of('a', 10, 1), rep_of('a', 10, 2), rep_of('a', 0, 0)};
    const char *tags[COUNT(reps)];
    for (size_t i = 0; i < COUNT(reps); i++) {
        tags[i] = representation_tag(reps[i], ENCODING_IDENTITY);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(tags[i], tags[j]);
    }
    struct representation *same = rep_of('a', 10, 0);
    check_text("the same bytes", representation_tag(same, ENCODING_IDENTITY), tags[0]);
    representation_unref(same);
    for (size_t i = 0; i < COUNT(reps); i++)
        representation_unref(reps[i]);
}

static void it_keeps_type_and_bytes(void **state)
{
    (void)state;
    size_t len;
    struct representation *representation = rep_of('a', 3, 0);
    check_text("type", representation_type(representation), "application/json");
    const char *body = representation_body(representation, ENCODING_IDENTITY, &len);
    check_number("length", (int64_t)len, 3);
    assert_memory_equal(body, "aaa", 3);
    representation_unref(representation);
    representation = rep_of('a', 0, 0);
    assert_non_null(representation_body(representation, ENCODING_IDENTITY, &len));
    check_number("empty", (int64_t)len, 0);
    representation_unref(representation);
}

static void an_encoding_is_made_once(void **state)
{
    (void)state;
    char out[4096];
    size_t len, again;
    uLongf out_len = sizeof out;
    z_stream stream = {0};
    struct representation *representation = rep_of('a', 2000, 0);
    const char *gzip = representation_body(representation, ENCODING_GZIP, &len);
    assert_non_null(gzip);
    check_at_most("gzip", (int64_t)len, 100);
    assert_ptr_equal(representation_body(representation, ENCODING_GZIP, &again), gzip);
    check_number("again", (int64_t)again, (int64_t)len);
    assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
    stream.next_in = (Bytef *)gzip;
    stream.avail_in = (uInt)len;
    stream.next_out = (Bytef *)out;
    stream.avail_out = (uInt)out_len;
    check_number("gunzip", inflate(&stream, Z_FINISH), Z_STREAM_END);
    check_number("gunzip", (int64_t)stream.total_out, 2000);
    inflateEnd(&stream);
    const char *brotli = representation_body(representation, ENCODING_BROTLI, &len);
    assert_non_null(brotli);
    assert_ptr_not_equal(brotli, gzip);
    check_at_most("brotli", (int64_t)len, 100);
    assert_ptr_equal(representation_body(representation, ENCODING_BROTLI, &again), brotli);
    const char *plain = representation_body(representation, ENCODING_IDENTITY, &len);
    check_number("plain", (int64_t)len, 2000);
    check_true("plain", plain[0] == 'a' && plain[1999] == 'a');
    representation_unref(representation);
}

static void encodings_have_the_names_of_content_encoding(void **state)
{
    (void)state;
    check_text("gzip", encoding_name(ENCODING_GZIP), "gzip");
    check_text("brotli", encoding_name(ENCODING_BROTLI), "br");
    check_text("identity", encoding_name(ENCODING_IDENTITY), NULL);
}

static void small_and_huge_bodies_are_not_encoded(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t len;
        bool expected;
    } cases[] = {
        {"nothing", 0, false},
        {"a byte below", LEAST_BYTES - 1, false},
        {"the least", LEAST_BYTES, true},
        {"between", 10 * LEAST_BYTES, true},
        {"the most", MOST_BYTES, true},
        {"a byte over", MOST_BYTES + 1, false},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct representation *representation = rep_of('a', cases[i].len, 0);
        check_number(cases[i].name, representation_is_worth_encoding(representation),
                     cases[i].expected);
        representation_unref(representation);
    }
}

static void a_failed_body_makes_none(void **state)
{
    (void)state;
    struct buf body;
    struct representation *representation = NULL;
    buf_init(&body, 3);
    buf_text(&body, "abc");
    buf_text(&body, "d");
    check_status("failed", representation_make(MEDIA_JSON, 0, &body, &representation),
                 STATUS_NO_MEMORY);
    assert_null(representation);
    assert_null(body.bytes);
}

/* It lives until the last reference is given back; the sanitizers see it when it does not, and
 * leaks. */
static void it_lives_until_the_last_reference(void **state)
{
    (void)state;
    size_t len;
    struct representation *representation = rep_of('a', 1000, 0);
    assert_ptr_equal(representation_ref(representation), representation);
    assert_ptr_equal(representation_ref(representation), representation);
    representation_unref(representation);
    representation_unref(representation);
    assert_memory_equal(representation_body(representation, ENCODING_IDENTITY, &len), "aaaa", 4);
    check_number("still there", (int64_t)len, 1000);
    representation_unref(representation);
    representation_unref(NULL);
}

static void *ref_and_unref(void *argument)
{
    struct representation *representation = argument;
    for (int i = 0; i < TURNS; i++) {
        representation_ref(representation);
        representation_unref(representation);
    }
    representation_unref(representation);
    return NULL;
}

static void references_are_counted_by_many_threads(void **state)
{
    (void)state;
    size_t len;
    pthread_t threads[THREADS];
    struct representation *representation = rep_of('a', 100, 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, ref_and_unref, representation_ref(representation)),
            0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_memory_equal(representation_body(representation, ENCODING_IDENTITY, &len), "aaaa", 4);
    representation_unref(representation);
}

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
        struct buf body;
        struct representation *representation;
        buf_init(&body, 2 * LEAST_BYTES);
        for (int j = 0; j < LEAST_BYTES; j++)
            buf_char(&body, 'a');
        check_number(types[i].type, types[i].media, (int64_t)i);
        check_status(types[i].type, representation_make(types[i].media, 0, &body, &representation),
                     STATUS_OK);
        check_text(types[i].type, representation_type(representation), types[i].type);
        check_number(types[i].type, representation_is_worth_encoding(representation),
                     types[i].is_compressible);
        representation_unref(representation);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_assets_type_goes_by_its_last_extension),
        cmocka_unit_test(each_media_has_its_type),
        cmocka_unit_test(a_tag_is_quoted_and_names_its_variant),
        cmocka_unit_test(tags_differ_when_bytes_or_revision_differ),
        cmocka_unit_test(it_keeps_type_and_bytes),
        cmocka_unit_test(an_encoding_is_made_once),
        cmocka_unit_test(encodings_have_the_names_of_content_encoding),
        cmocka_unit_test(small_and_huge_bodies_are_not_encoded),
        cmocka_unit_test(a_failed_body_makes_none),
        cmocka_unit_test(it_lives_until_the_last_reference),
        cmocka_unit_test(references_are_counted_by_many_threads),
    };
    return cmocka_run_group_tests_name("render/rep", tests, NULL, NULL);
}
