#include "http/message/negotiate.h"

#include "check.h"

#include <stdio.h>

static const struct {
    const char *name;
    const char *input;
    bool expected;
} accepts[] = {
    {"absent", NULL, true},
    {"empty", "", true},
    {"spaces", "  ", true},
    {"the type", "application/json", true},
    {"in capitals", "Application/JSON", true},
    {"anything", "*/*", true},
    {"any application", "application/*", true},
    {"another type", "text/html", false},
    {"any text", "text/*", false},
    {"a type that begins alike", "application/json5", false},
    {"a type that ends alike", "xapplication/json", false},
    {"half of it", "application/js", false},
    {"the main type alone", "application", false},
    {"problem details alone", "application/problem+json", false},
    {"a browser's", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true},
    {"a browser's without anything", "text/html,application/xml;q=0.9", false},
    {"among others", "text/html, application/json", true},
    {"with a parameter", "application/json;charset=utf-8", true},
    {"with spaces", " text/html ,\tapplication/json ", true},
    {"a weight", "application/json;q=0.5", true},
    {"the least weight", "application/json;q=0.001", true},
    {"not wanted", "application/json;q=0", false},
    {"not wanted, to the thousandth", "application/json;q=0.000", false},
    {"not wanted, with spaces", "application/json ; q=0", false},
    {"not wanted, in capitals", "application/json;Q=0", false},
    {"not wanted behind a parameter", "application/json;charset=utf-8;q=0", false},
    {"anything but it", "*/*, application/json;q=0", false},
    {"anything but it, the other way round", "application/json;q=0, */*", false},
    {"anything but applications", "*/*;q=1, application/*;q=0", false},
    {"it, but no other application", "application/*;q=0, application/json", true},
    {"nothing at all", "*/*;q=0", false},
    {"a weight that is none", "application/json;q=high", true},
    {"the weight of another", "text/html;q=0, application/json", true},
    {"the weight of the next", "application/json, text/html;q=0", true},
    {"a parameter whose name ends in q", "application/json;aq=0", true},
    {"a star in front", "*, application/json", true},
    {"half a range", "*/json", false},
    {"empty elements", ",,application/json,,", true},
};

static void json_is_accepted_or_not(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(accepts); i++)
        check_number(accepts[i].name, accepts_type(accepts[i].input, "application/json"),
                     accepts[i].expected);
}

static const struct {
    const char *name;
    const char *input;
    enum encoding expected;
} encodings[] = {
    {"absent", NULL, ENCODING_IDENTITY},
    {"empty", "", ENCODING_IDENTITY},
    {"gzip", "gzip", ENCODING_GZIP},
    {"gzip's old name", "x-gzip", ENCODING_GZIP},
    {"brotli", "br", ENCODING_BROTLI},
    {"in capitals", "GZIP", ENCODING_GZIP},
    {"identity", "identity", ENCODING_IDENTITY},
    {"one we have not", "zstd", ENCODING_IDENTITY},
    {"deflate is not gzip", "deflate", ENCODING_IDENTITY},
    {"a name that begins alike", "gzip2", ENCODING_IDENTITY},
    {"a name that ends alike", "xbr", ENCODING_IDENTITY},
    {"a browser's", "gzip, deflate, br, zstd", ENCODING_BROTLI},
    {"an old browser's", "gzip, deflate", ENCODING_GZIP},
    {"any", "*", ENCODING_BROTLI},
    {"both equally", "br;q=0.5, gzip;q=0.5", ENCODING_BROTLI},
    {"gzip rather", "br;q=0.5, gzip;q=0.8", ENCODING_GZIP},
    {"gzip a little rather", "br;q=0.998, gzip;q=0.999", ENCODING_GZIP},
    {"gzip, for sure", "br;q=0.9, gzip", ENCODING_GZIP},
    {"brotli rather", "gzip;q=0.1, br;q=0.2", ENCODING_BROTLI},
    {"identity rather", "gzip;q=0.5, identity", ENCODING_IDENTITY},
    {"identity as much", "gzip, identity", ENCODING_GZIP},
    {"identity less", "gzip;q=0.5, identity;q=0.1", ENCODING_GZIP},
    {"not gzip", "gzip;q=0", ENCODING_IDENTITY},
    {"not gzip, nor brotli", "gzip;q=0, br;q=0.0", ENCODING_IDENTITY},
    {"any but brotli", "*, br;q=0", ENCODING_GZIP},
    {"any but gzip", "gzip;q=0, *", ENCODING_BROTLI},
    {"nothing else", "gzip, *;q=0", ENCODING_GZIP},
    {"none at all", "*;q=0", ENCODING_IDENTITY},
    {"others a little", "br, *;q=0.1", ENCODING_BROTLI},
    {"spaces", " gzip ; q=0.5 ,\tbr ; q=0.4 ", ENCODING_GZIP},
    {"empty elements", ",,gzip,,", ENCODING_GZIP},
    {"another parameter", "gzip;level=9", ENCODING_GZIP},
    {"a weight over one", "gzip;q=1.5, br", ENCODING_BROTLI},
    {"identity among any others, rather", "gzip;q=0.5, br;q=0.1, *;q=0.9", ENCODING_IDENTITY},
};

static void the_best_encoding_is_chosen(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(encodings); i++)
        check_number(encodings[i].name, accepted_encoding(encodings[i].input),
                     encodings[i].expected);
}

/* %p stands for the tag of the plain body, %g and %b for those of gzip and brotli. */
static const struct {
    const char *name;
    const char *input;
    bool expected;
    enum encoding encoding;
} matches[] = {
    {"absent", NULL, false, 0},
    {"empty", "", false, 0},
    {"commas", ", ,", false, 0},
    {"the plain one", "%p", true, ENCODING_IDENTITY},
    {"gzip's", "%g", true, ENCODING_GZIP},
    {"brotli's", "%b", true, ENCODING_BROTLI},
    {"any", "*", true, ENCODING_GZIP},
    {"any, with spaces", " * ", true, ENCODING_GZIP},
    {"another", "\"abc\"", false, 0},
    {"weak", "W/%p", true, ENCODING_IDENTITY},
    {"weak gzip", "W/%g", true, ENCODING_GZIP},
    {"weak in small letters", "w/%p", false, 0},
    {"among others", "\"abc\", %b, \"def\"", true, ENCODING_BROTLI},
    {"without spaces", "\"abc\",%b,\"def\"", true, ENCODING_BROTLI},
    {"at the end", "\"abc\", W/\"d\", %g", true, ENCODING_GZIP},
    {"the first that fits", "%b, %p", true, ENCODING_BROTLI},
    {"empty elements", ",, %p ,,", true, ENCODING_IDENTITY},
    {"a tab", "\t%p\t", true, ENCODING_IDENTITY},
    {"without quotes", "r7", false, 0},
    {"with something behind", "%px", false, 0},
    {"the mark of weakness alone", "W/", false, 0},
    {"a quote alone", "\"", false, 0},
    {"an empty tag", "\"\"", false, 0},
    {"a star in another's tag", "\"*\"", false, 0},
    {"a star between commas in another's tag", "\"a,*,b\"", false, 0},
};

static void fill_in(const char *pattern, const struct representation *representation,
                    struct buf *to)
{
    for (; *pattern; pattern++) {
        if (*pattern != '%') {
            buf_char(to, *pattern);
            continue;
        }
        pattern++;
        buf_text(to, representation_tag(representation, *pattern == 'p'   ? ENCODING_IDENTITY
                                                        : *pattern == 'g' ? ENCODING_GZIP
                                                                          : ENCODING_BROTLI));
    }
}

static struct representation *make_rep(int64_t revision, const char *text)
{
    struct buf body;
    struct representation *representation;
    buf_init(&body, 4096);
    buf_text(&body, text);
    buf_format(&body, "%1000s", ""); /* enough to be worth encoding */
    check_status("rep", representation_make(MEDIA_JSON, revision, &body, &representation),
                 STATUS_OK);
    return representation;
}

static void a_tag_of_any_variant_matches(void **state)
{
    (void)state;
    int wrong = 0;
    for (int64_t revision = 0; revision < 2; revision++) {
        struct representation *representation = make_rep(revision, "{}");
        for (size_t i = 0; i < COUNT(matches); i++) {
            struct buf field;
            enum encoding encoding = ENCODING__MAX;
            buf_init(&field, 1024);
            fill_in(matches[i].input ? matches[i].input : "", representation, &field);
            bool got = matches_tag(matches[i].input ? buf_string(&field) : NULL, representation,
                                   ENCODING_GZIP, &encoding);
            enum encoding expected = matches[i].expected ? matches[i].encoding : ENCODING__MAX;
            if (got != matches[i].expected || encoding != expected) {
                print_error("%s: got %d and variant %d, not %d and %d\n", matches[i].name, got,
                            encoding, matches[i].expected, expected);
                wrong++;
            }
            buf_release(&field);
        }
        representation_unref(representation);
    }
    if (wrong > 0)
        fail();
}

/* What is never encoded has no variants, whatever a client makes up. */
static void a_variant_that_there_is_not_does_not_match(void **state)
{
    (void)state;
    static const enum media media[] = {MEDIA_PNG, MEDIA_JSON};
    for (size_t i = 0; i < COUNT(media); i++) {
        size_t len;
        struct buf body;
        struct representation *representation;
        enum encoding encoding = ENCODING__MAX;
        buf_init(&body, 4096);
        buf_format(&body, i == 0 ? "%1000s" : "%10s", "");
        check_status("rep", representation_make(media[i], 0, &body, &representation), STATUS_OK);
        const char *tag = representation_tag(representation, ENCODING_GZIP);
        check_true("gzip", !matches_tag(tag, representation, ENCODING_IDENTITY, &encoding));
        tag = representation_tag(representation, ENCODING_IDENTITY);
        check_true("itself", matches_tag(tag, representation, ENCODING_IDENTITY, &encoding));
        check_true("no bytes of it",
                   representation_body(representation, ENCODING_BROTLI, &len) == NULL);
        representation_unref(representation);
    }
}

static void another_body_or_revision_does_not_match(void **state)
{
    (void)state;
    struct representation *representation = make_rep(1, "{}");
    struct representation *others[] = {make_rep(1, "[]"), make_rep(2, "{}"), make_rep(0, "{}")};
    for (size_t i = 0; i < COUNT(others); i++) {
        enum encoding encoding;
        const char *tag = representation_tag(others[i], ENCODING_IDENTITY);
        check_true("another's", !matches_tag(tag, representation, ENCODING_IDENTITY, &encoding));
        representation_unref(others[i]);
    }
    representation_unref(representation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_is_accepted_or_not),
        cmocka_unit_test(the_best_encoding_is_chosen),
        cmocka_unit_test(a_tag_of_any_variant_matches),
        cmocka_unit_test(a_variant_that_there_is_not_does_not_match),
        cmocka_unit_test(another_body_or_revision_does_not_match),
    };
    return cmocka_run_group_tests_name("http/negotiate", tests, NULL, NULL);
}
