#include "language/outline.h"

#include "check.h"
#include "language/markdown.h"

enum {
    BODY_BYTES = 64 * 1024,
    TURNS = 30000
};

static const struct {
    const char *name;
    const char *input;
    const char *rest; /* NULL: it has to be parsed as it is */
    bool is_plain;
} cases[] = {
    {"nothing", "", NULL, false},
    {"blank lines", "\n\n", NULL, false},
    {"a paragraph", "খবর", "x\n", true},
    {"with its end", "খবর\n", "x\n", true},
    {"of two lines", "a\nb", "x\n", true},
    {"between blank lines", "\n\na\n\n", "\n\nx\n\n", true},
    {"two", "a\n\n\nb", "x\n", true},
    {"a quote and a dash", "\"a\" — (b) - c!", "x\n", true},
    {"a heading", "# a\n\nb\n\nc\n\n## d", "# a\n\nx\n\n## d", false},
    {"emphasis in one of three", "a\n\n*b*\n\nc", "x\n\n*b*\n\nx\n", false},
    {"a list behind", "a\n\n- b\n\n- c\n\nd", "x\n\n- b\n\n- c\n\nx\n", false},
    {"an indented one is a list's", "a\n\n- b\n\n  c", "x\n\n- b\n\n  c", false},
    {"a line that begins with a digit", "a\n\n1. b", "x\n\n1. b", false},
    {"a Bengali digit is text", "১. a", "x\n", true},
    {"a space at a line's end", "a \nb\n\nc", "a \nb\n\nx\n", false},
    {"a blank line with a space", "a\n \nb\n\nc", "a\n \nb\n\nx\n", false},
    {"a tab", "a\tb\n\nc", "a\tb\n\nx\n", false},
    {"a character reference", "a &amp; b\n\nc", "a &amp; b\n\nx\n", false},
    {"an underlined heading", "a\n===\n\nb", "a\n===\n\nx\n", false},
    {"a byte order mark", "\uFEFFa\n\nb", "\uFEFFa\n\nx\n", false},
    {"CRLF", "a\r\n\r\nb", NULL, false},
    {"code in a line", "a `b`\n\nc", NULL, false},
    {"code between fences", "```\na\n\nb\n```\n\nc", NULL, false},
    {"a reference", "[a]\n\n[a]: /b\n\nc", NULL, false},
    {"between tildes", "~~~\na\n\nb\n\nc", NULL, false},
    {"HTML", "<script>\n\na\n\nb", NULL, false},
    {"nothing plain", "# a\n\n> b", NULL, false},
};

static void plain_paragraphs_are_left_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct outline outline;
        bool made = outline_make(cases[i].input, strlen(cases[i].input), &outline);
        check_text(cases[i].name, made ? buf_string(&outline.rest) : NULL, cases[i].rest);
        check_true(cases[i].name, !made || outline.is_plain == cases[i].is_plain);
        outline_release(&outline);
    }
}

static void too_many_stretches_are_none(void **state)
{
    (void)state;
    struct buf body;
    struct outline outline;
    buf_init(&body, BODY_BYTES);
    for (int i = 0; i < OUTLINE_STRETCHES_MAX; i++)
        buf_text(&body, "a\n\n# b\n\n");
    check_true("all that may be", outline_make(buf_string(&body), body.len, &outline));
    check_number("all", outline.stretches_len, OUTLINE_STRETCHES_MAX);
    outline_release(&outline);
    buf_text(&body, "a");
    check_true("one more", !outline_make(buf_string(&body), body.len, &outline));
    outline_release(&outline);
    buf_release(&body);
}

/* A tilde makes a body be parsed as it is, and here it is a paragraph of its own: what comes before
 * it is then what CommonMark says. */
static void check_same(const struct buf *body)
{
    struct buf whole, expected;
    json_t *html = markdown_html(buf_string(body), body->len, NULL);
    buf_init(&whole, BODY_BYTES);
    buf_init(&expected, BODY_BYTES);
    buf_add(&whole, buf_string(body), body->len);
    buf_text(&whole, "\n\n~");
    buf_text(&expected, json_string_value(html));
    buf_text(&expected, "<p>~</p>\n");
    json_t *parsed = markdown_html(buf_string(&whole), whole.len, NULL);
    check_text(buf_string(body), buf_string(&expected), json_string_value(parsed));
    json_decref(html);
    json_decref(parsed);
    buf_release(&whole);
    buf_release(&expected);
}

static void the_html_is_what_commonmark_makes(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "\n\nখবর\n\n", "\n\na b\nc\n\n",
        "\n\n",        "\n",
        "\n",          "খবর",
        "a",           "b c",
        "\"q\"",       " ",
        "  ",          "# ",
        "## ",         "- ",
        "1. ",         "> ",
        "*",           "_",
        "[a]",         "(/b)",
        "!",           "[a]: /c \"t\"",
        "&",           "&lt;",
        "\\",          "=",
        "==",          "---",
        "    ",        "\t",
        "\r\n",        "+ ",
        "১. ",         "'",
        "(",           ")",
        "|",           ":",
        "\u00A0",      "\uFEFF",
        "&#0;",        "x",
    };
    struct random random = random_seeded(2024);
    int outlined = 0;
    for (int turn = 0; turn < TURNS; turn++) {
        struct buf body;
        struct outline outline;
        buf_init(&body, BODY_BYTES);
        for (int64_t i = 1 + random_below(&random, 24); i > 0; i--)
            buf_text(&body, pieces[random_below(&random, COUNT(pieces))]);
        outlined += outline_make(buf_string(&body), body.len, &outline) && !outline.is_plain;
        outline_release(&outline);
        check_same(&body);
        buf_release(&body);
    }
    check_true("many had plain paragraphs among others", outlined > TURNS / 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_paragraphs_are_left_out),
        cmocka_unit_test(too_many_stretches_are_none),
        cmocka_unit_test(the_html_is_what_commonmark_makes),
    };
    return cmocka_run_group_tests_name("language/outline", tests, NULL, NULL);
}
