/* What a feed says of an article: its summary, or its whole body. */
#include "feed_edition.h"

enum {
    WHOLE_BYTES = 1024 * 1024, /* of Markdown that a feed takes whole */
    MARKUP_BYTES = 8,          /* "<p>", "</p>" and a line's end */
    EXCERPT_BYTES = 600,
};

static void a_summary_is_the_standfirst_or_the_beginning(void **state)
{
    (void)state;
    static const struct {
        const char *name, *body, *standfirst, *expected;
    } cases[] = {
        {"a standfirst", "Body", "Standfirst", "Standfirst"},
        {"a standfirst with marks", "Body", "*S* <b> & \u09CE", "*S* <b> & \u09CE"},
        {"a standfirst alone", "", "Standfirst", "Standfirst"},
        {"the first paragraph", "One\n\nTwo", NULL, "One"},
        {"behind a heading", "# H\n\nOne\n\nTwo", NULL, "One"},
        {"behind a list and a quotation", "- a\n- b\n\n> c\n\nOne", NULL, "One"},
        {"behind a line and code", "***\n\n    code\n\n```\nmore\n```\n\nOne", NULL, "One"},
        {"behind HTML", "<div>x</div>\n\nOne", NULL, "One"},
        {"without marks", "**a** *b* `c` ~~d~~ e\\*", NULL, "a b c ~~d~~ e*"},
        {"a link's words", "See [the *report*](https://a.example \"T\").", NULL, "See the report."},
        {"a link by itself", "<https://a.example>", NULL, "https://a.example"},
        {"an image's words", "![a map](/m.png) b", NULL, "a map b"},
        {"an entity", "a &amp; b &lt;c&gt; &#2453;", NULL, "a & b <c> ক"},
        {"HTML in a line", "a <b>b</b> c", NULL, "a b c"},
        {"lines", "a\nb\nc", NULL, "a b c"},
        {"a line's end", "a  \nb\\\nc", NULL, "a b c"},
        {"marks alone, then words", "<i></i>\n\nOne", NULL, "One"},
        {"nothing", "", NULL, ""},
        {"spaces", " \n\t\n ", NULL, ""},
        {"headings alone", "# A\n\n## B", NULL, ""},
        {"a list alone", "- a\n\n- b", NULL, ""},
        {"a quotation alone", "> a", NULL, ""},
        {"code alone", "```\na\n```", NULL, ""},
        {"an image without words", "![](/m.png)", NULL, ""},
        {"a definition alone", "[a]: /b", NULL, ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char slug[16], more[128] = "";
        snprintf(slug, sizeof slug, "b-%zu", i);
        if (cases[i].standfirst)
            snprintf(more, sizeof more, ",\"standfirst\":\"%s\"", cases[i].standfirst);
        put(slug, cases[i].body, more);
        json_t *document = feed();
        check_text(cases[i].name, text_of(item_of(document, 0), "summary"), cases[i].expected);
        json_decref(document);
    }
}

/* `piece` over and over, and a tail, as a text to be freed. */
static char *repeated(const char *piece, size_t times, const char *tail)
{
    size_t len = strlen(piece);
    char *text = malloc(len * times + strlen(tail) + 1);
    assert_non_null(text);
    for (size_t i = 0; i < times; i++)
        memcpy(text + i * len, piece, len);
    strcpy(text + len * times, tail);
    return text;
}

static void a_long_beginning_is_cut_between_letters(void **state)
{
    (void)state;
    static const struct {
        const char *name, *piece;
        size_t times;
        const char *tail;
        size_t kept; /* pieces in the excerpt; all of them when it is not cut */
        bool is_cut;
    } cases[] = {
        {"one byte less", "a", 599, "", 599, false},
        {"just as long", "a", 600, "", 600, false},
        {"one byte more", "a", 601, "", 600, true},
        {"Bengali, just as long", "ক", 200, "", 200, false},
        {"Bengali, one letter more", "ক", 201, "", 200, true},
        {"Bengali, a byte more", "ক", 200, "a", 200, true},
        {"a vowel sign", "কি", 101, "", 100, true},
        {"a sign that would not fit", "ক", 199, "কিক", 199, true},
        {"a conjunct", "ক্ষ", 67, "", 66, true},
        {"a conjunct of three", "ন্ত্র", 41, "", 40, true},
        {"a nukta", "\u09A1\u09BC", 101, "", 100, true},
        {"a joiner", "র\u200D্য", 51, "", 50, true},
        {"a family", "👨‍👩‍👧", 40, "", 33, true},
        {"a flag", "🇧🇩", 76, "", 75, true},
        {"far over what is looked at", "ক", 40000, "", 200, true},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char slug[16];
        char *body = repeated(cases[i].piece, cases[i].times, cases[i].tail);
        char *expected = repeated(cases[i].piece, cases[i].kept, cases[i].is_cut ? "…" : "");
        snprintf(slug, sizeof slug, "c-%zu", i);
        put(slug, body, "");
        json_t *document = feed();
        const char *summary = text_of(item_of(document, 0), "summary");
        check_text(cases[i].name, summary, expected);
        check_at_most(cases[i].name, (int64_t)strlen(summary), EXCERPT_BYTES + 3);
        json_decref(document);
        free(body);
        free(expected);
    }
}

/* Text after the first 8,000 bytes is no excerpt; nor is a grapheme of 1,000 bytes. */
static void a_beginning_that_can_not_be_had_is_short(void **state)
{
    (void)state;
    char *heading = repeated("# H\n", 2048, "\nOne");
    put("far", heading, "");
    json_t *document = feed();
    check_text("far behind", text_of(item_of(document, 0), "summary"), "");
    json_decref(document);
    free(heading);
    char *letter = repeated("\u0301", 500, "");
    put("letter", letter, "");
    document = feed();
    check_text("one letter", text_of(item_of(document, 0), "summary"), "…");
    json_decref(document);
    free(letter);
}

static void a_summary_is_all_that_there_is_when_it_is_set(void **state)
{
    (void)state;
    put("standfirst", "Body", ",\"standfirst\":\"S\"");
    put("none", "- a", "");
    static const struct {
        size_t item;
        const char *summary, *html;
    } cases[] = {
        {0, "", "<ul>\n<li>a</li>\n</ul>\n"},
        {1, "S", "<p>Body</p>\n"},
        {2, "এক দুই তিন", "<h2>খবর</h2>\n<p>এক <em>দুই</em> তিন</p>\n"},
    };
    for (int is_full = 0; is_full < 2; is_full++) {
        strcpy(edition.paper.config.feeds.content, is_full ? "full" : "summary");
        json_t *document = feed();
        for (size_t i = 0; i < COUNT(cases); i++) {
            const json_t *item = item_of(document, cases[i].item);
            check_text("summary", text_of(item, "summary"), cases[i].summary);
            check_text("text", text_of(item, "content_text"), is_full ? NULL : cases[i].summary);
            check_text("HTML", text_of(item, "content_html"), is_full ? cases[i].html : NULL);
        }
        json_decref(document);
    }
}

/* An article whose HTML has so many bytes. */
static void put_long(const char *slug, size_t bytes)
{
    char *body = repeated("x", bytes, "");
    put(slug, body, "");
    free(body);
}

/* "w" for each item that is whole and "s" for one in summary, the newest first. */
static void check_whole(const char *name, const char *expected)
{
    char got[128] = "";
    size_t whole_bytes = 0;
    json_t *document = feed();
    for (size_t i = 0; i < strlen(expected); i++) {
        const json_t *item = item_of(document, i);
        const char *html = text_of(item, "content_html"), *text = text_of(item, "content_text");
        check_true("one of both", (html == NULL) != (text == NULL));
        check_true("a summary", text_of(item, "summary") != NULL);
        got[i] = html ? 'w' : 's';
        whole_bytes += html ? strlen(html) : 0;
    }
    check_text(name, got, expected);
    check_at_most(name, (int64_t)whole_bytes, WHOLE_BYTES + 2 * MARKUP_BYTES);
    json_decref(document);
}

static void whole_articles_are_given_up_to_a_megabyte(void **state)
{
    (void)state;
    edition.paper.config.feeds.items = 8;
    for (int i = 0; i < 5; i++) {
        char slug[16];
        snprintf(slug, sizeof slug, "l-%d", i);
        put_long(slug, 300 * 1024);
    }
    check_whole("three of five, and small ones behind them", "wwwsswww");
    put_long("l-5", 2 * WHOLE_BYTES);
    check_whole("one that is too long by itself takes nothing", "swwwssww");
    strcpy(edition.paper.config.feeds.content, "summary");
    check_whole("in summary", "ssssssss");
}

static void a_megabyte_is_one_to_the_byte(void **state)
{
    (void)state;
    edition.paper.config.feeds.items = 2;
    put_long("just", WHOLE_BYTES);
    check_whole("just as much, and nothing more", "ws");
    put_long("just", WHOLE_BYTES + 1);
    check_whole("a byte more", "sw");
    put_long("half", WHOLE_BYTES / 2);
    put_long("half-2", WHOLE_BYTES / 2);
    check_whole("two halves", "ww");
    put_long("half", WHOLE_BYTES / 2 + 1);
    check_whole("and a byte", "ws");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_summary_is_the_standfirst_or_the_beginning),
        TEST(a_long_beginning_is_cut_between_letters),
        TEST(a_beginning_that_can_not_be_had_is_short),
        TEST(a_summary_is_all_that_there_is_when_it_is_set),
        TEST(whole_articles_are_given_up_to_a_megabyte),
        TEST(a_megabyte_is_one_to_the_byte),
    };
    return cmocka_run_group_tests_name("page/feed_summary", tests, NULL, NULL);
}
