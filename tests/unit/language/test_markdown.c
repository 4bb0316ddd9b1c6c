#include "language/markdown.h"

#include "base/utf8.h"

#include "check.h"
#include "seen_text.h"

#include <stdio.h>

#define OMITTED "<!-- raw HTML omitted -->"

static const struct {
    const char *name;
    const char *input;
    const char *expected;
} bodies[] = {
    {"nothing", "", ""},
    {"a paragraph", "খবর", "<p>খবর</p>\n"},
    {"two paragraphs", "খবর\n\nবাংলা\n", "<p>খবর</p>\n<p>বাংলা</p>\n"},
    {"CRLF", "a\r\n\r\nb\r\n", "<p>a</p>\n<p>b</p>\n"},
    {"lone carriage returns end lines", "এক *দুই*\r\rতিন\n\nচার\n\nপাঁচ *ছয়*\n\nসাত\n",
     "<p>এক <em>দুই</em></p>\n<p>তিন</p>\n<p>চার</p>\n<p>পাঁচ <em>ছয়</em></p>\n<p>সাত</p>\n"},
    {"a line separator ends no line", "a b\n\nc\u2028d\u2029e",
     "<p>a b</p>\n<p>c\u2028d\u2029e</p>\n"},
    {"a definition after its use", "a\n\n[b]\n\nc\n\n[b]: /d",
     "<p>a</p>\n<p><a href=\"/d\">b</a></p>\n<p>c</p>\n"},
    {"a heading", "## খবর", "<h2>খবর</h2>\n"},
    {"emphasis", "*a* **b**", "<p><em>a</em> <strong>b</strong></p>\n"},
    {"a quotation", "> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"},
    {"a list", "- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"},
    {"code", "`a<b>`", "<p><code>a&lt;b&gt;</code></p>\n"},
    {"quotes stay as they are", "\"a\" -- 'b'...", "<p>&quot;a&quot; -- 'b'...</p>\n"},
    {"marks of HTML", "1 < 2 & 3 > 2", "<p>1 &lt; 2 &amp; 3 &gt; 2</p>\n"},
    {"joiners", "র\u200Dয", "<p>র\u200Dয</p>\n"},
    {"a link", "[a](https://b.example/c)", "<p><a href=\"https://b.example/c\">a</a></p>\n"},
    {"a link in the paper", "[a](/national/66/b)", "<p><a href=\"/national/66/b\">a</a></p>\n"},
    {"a link by mail", "[a](mailto:b@c.example)", "<p><a href=\"mailto:b@c.example\">a</a></p>\n"},
    {"a link with a title", "[a](/b \"c\")", "<p><a href=\"/b\" title=\"c\">a</a></p>\n"},
    {"an address", "<https://b.example>",
     "<p><a href=\"https://b.example\">https://b.example</a></p>\n"},
    {"an image", "![a](/b.jpg)", "<p><img src=\"/b.jpg\" alt=\"a\" /></p>\n"},
    {"an element", "a <b>c</b> d", "<p>a " OMITTED "c" OMITTED " d</p>\n"},
    {"a script", "<script>alert(1)</script>", OMITTED "\n"},
    {"a script in a paragraph", "a <script>alert(1)</script>",
     "<p>a " OMITTED "alert(1)" OMITTED "</p>\n"},
    {"an image with a handler", "<img src=x onerror=alert(1)>", OMITTED "\n"},
    {"a comment", "<!-- a -->", OMITTED "\n"},
    {"a frame over lines", "<iframe\nsrc=\"https://b.example\">\n</iframe>", OMITTED "\n"},
    {"CDATA", "<![CDATA[ a ]]>", OMITTED "\n"},
    {"a processing instruction", "<?php a ?>", OMITTED "\n"},
    {"HTML in a heading", "# a <i>b</i>", "<h2>a " OMITTED "b" OMITTED "</h2>\n"},
    {"HTML in a link's text", "[<b>a</b>](/c)",
     "<p><a href=\"/c\">" OMITTED "a" OMITTED "</a></p>\n"},
    {"HTML in entities", "&lt;script&gt;", "<p>&lt;script&gt;</p>\n"},
    {"HTML in code", "```\n<script>\n```", "<pre><code>&lt;script&gt;\n</code></pre>\n"},
    {"HTML as a code's language", "```\"><script>\na\n```",
     "<pre><code class=\"language-&quot;&gt;&lt;script&gt;\">a\n</code></pre>\n"},
    {"a javascript link", "[a](javascript:alert(1))", "<p><a href=\"\">a</a></p>\n"},
    {"in capitals", "[a](JaVaScRiPt:alert(1))", "<p><a href=\"\">a</a></p>\n"},
    {"in entities", "[a](javascript&#58;alert(1))", "<p><a href=\"\">a</a></p>\n"},
    {"with an escape", "[a](javascript\\:alert(1))", "<p><a href=\"\">a</a></p>\n"},
    {"in brackets", "[a](<javascript:alert(1)>)", "<p><a href=\"\">a</a></p>\n"},
    {"with spaces in front", "[a](<  javascript:alert(1)>)", "<p><a href=\"\">a</a></p>\n"},
    {"as an address", "<javascript:alert(1)>", "<p><a href=\"\">javascript:alert(1)</a></p>\n"},
    {"by reference", "[a]\n\n[a]: javascript:alert(1)", "<p><a href=\"\">a</a></p>\n"},
    {"as an image", "![a](javascript:alert(1))", "<p>a</p>\n"},
    {"an image of nothing", "b ![*a* c]()", "<p>b <em>a</em> c</p>\n"},
    {"an image that is a page", "![a](data:text/html,b)", "<p>a</p>\n"},
    {"an image in itself", "![a](data:image/png;base64,aaaa)",
     "<p><img src=\"data:image/png;base64,aaaa\" alt=\"a\" /></p>\n"},
    {"an image in an image", "![a ![b](file:///c) d](vbscript:e)", "<p>a b d</p>\n"},
    {"headings below the headline", "# a\n## b\n###### c", "<h2>a</h2>\n<h3>b</h3>\n<h4>c</h4>\n"},
    {"headings from the second level", "## a\n### b", "<h2>a</h2>\n<h3>b</h3>\n"},
    {"the highest comes later", "### a\n# b\n### c", "<h2>a</h2>\n<h2>b</h2>\n<h3>c</h3>\n"},
    {"headings from further below", "#### a\n##### b", "<h2>a</h2>\n<h3>b</h3>\n"},
    {"another script", "[a](vbscript:b)", "<p><a href=\"\">a</a></p>\n"},
    {"a file", "[a](file:///etc/passwd)", "<p><a href=\"\">a</a></p>\n"},
    {"data", "[a](data:text/html;base64,PHNjcmlwdD4=)", "<p><a href=\"\">a</a></p>\n"},
    {"a quote in a link", "[a](/b\"onclick=\"c)", "<p><a href=\"/b%22onclick=%22c\">a</a></p>\n"},
    {"a quote in a title", "[a](/b 'c\" onclick=\"d')",
     "<p><a href=\"/b\" title=\"c&quot; onclick=&quot;d\">a</a></p>\n"},
    {"a quote in an image's text", "![a\" onerror=\"b](/c)",
     "<p><img src=\"/c\" alt=\"a&quot; onerror=&quot;b\" /></p>\n"},
};

static void markdown_becomes_safe_html(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        json_t *html = markdown_html(bodies[i].input, strlen(bodies[i].input), NULL);
        assert_non_null(html);
        if (strcmp(json_string_value(html), bodies[i].expected) != 0) {
            print_error("%s: got \"%s\", not \"%s\"\n", bodies[i].name, json_string_value(html),
                        bodies[i].expected);
            wrong++;
        }
        json_decref(html);
    }
    if (wrong > 0)
        fail();
}

/* Character references that cmark renders as bytes that no stored text may have. */
static void references_leave_no_broken_text(void **state)
{
    (void)state;
    static const struct {
        const char *name, *input, *html, *excerpt;
    } cases[] = {
        {"a control character", "a&#1;b", "<p>a\uFFFDb</p>\n", "a\uFFFDb"},
        {"a noncharacter", "a&#xFFFE;b&#xFFFF;", NULL, NULL},
        {"NUL", "a&#0;b", "<p>a\uFFFDb</p>\n", "a\uFFFDb"},
        {"a letter", "&#x995;", "<p>ক</p>\n", "ক"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf words;
        json_t *html = markdown_html(cases[i].input, strlen(cases[i].input), NULL);
        buf_init(&words, 1000);
        markdown_excerpt(cases[i].input, strlen(cases[i].input), 600, &words);
        check_number(
            cases[i].name,
            utf8_check(json_string_value(html), json_string_length(html), UTF8_MANY_LINES, NULL),
            UTF8_FINE);
        check_number(cases[i].name, utf8_check(words.bytes, words.len, UTF8_ONE_LINE, NULL),
                     UTF8_FINE);
        if (cases[i].html) {
            check_text(cases[i].name, json_string_value(html), cases[i].html);
            check_text(cases[i].name, buf_string(&words), cases[i].excerpt);
        }
        buf_release(&words);
        json_decref(html);
    }
}

/* A feed is read elsewhere: what has no host gets the article's. */
static void addresses_are_resolved_against_a_base(void **state)
{
    (void)state;
    static const struct {
        const char *name, *input, *expected;
    } cases[] = {
        {"a path", "[a](/b?c)", "<p><a href=\"https://k.example/b?c\">a</a></p>\n"},
        {"a name", "[a](b)", "<p><a href=\"https://k.example/s/1/b\">a</a></p>\n"},
        {"a fragment", "[a](#b)", "<p><a href=\"https://k.example/s/1/x#b\">a</a></p>\n"},
        {"an image", "![a](/b.png)", "<p><img src=\"https://k.example/b.png\" alt=\"a\" /></p>\n"},
        {"a whole one", "[a](http://b.example/c)", "<p><a href=\"http://b.example/c\">a</a></p>\n"},
        {"by mail", "[a](mailto:b@c.example)", "<p><a href=\"mailto:b@c.example\">a</a></p>\n"},
        {"a host", "[a](//b.example/c)", "<p><a href=\"//b.example/c\">a</a></p>\n"},
        {"a script", "[a](javascript:b)", "<p><a href=\"\">a</a></p>\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *html =
            markdown_html(cases[i].input, strlen(cases[i].input), "https://k.example/s/1/x");
        check_text(cases[i].name, json_string_value(html), cases[i].expected);
        json_decref(html);
    }
}

static void only_the_given_bytes_are_read(void **state)
{
    (void)state;
    json_t *html = markdown_html("খবর বাংলা", 9, NULL);
    check_text("the first word", json_string_value(html), "<p>খবর</p>\n");
    json_decref(html);
}

/* Elements that cmark writes of its own accord; anything else in angle brackets came from outside.
 */
static bool is_known(const char *element)
{
    static const char *const known[] = {"p",   "em", "strong", "a",  "img", "code",
                                        "pre", "ul", "ol",     "li", "h2",  "h3",
                                        "h4",  "h5", "h6",     "br", "hr",  "blockquote"};
    size_t len = strcspn(element, " >/\n");
    for (size_t i = 0; i < COUNT(known); i++) {
        if (strlen(known[i]) == len && strncmp(known[i], element, len) == 0)
            return true;
    }
    return strncmp(element, "!-- raw HTML omitted -->", 24) == 0;
}

static void check_safe(const char *body, const char *html)
{
    for (const char *at = html; (at = strchr(at, '<')); at++) {
        if (is_known(at + 1 + (at[1] == '/')))
            continue;
        print_error("%s: got \"%s\"\n", body, html);
        fail();
    }
    static const char *const attributes[] = {"href=\"", "src=\""};
    for (size_t i = 0; i < COUNT(attributes); i++) {
        for (const char *at = html; (at = strstr(at, attributes[i]));) {
            at += strlen(attributes[i]);
            check_true(body, strncasecmp(at, "javascript:", 11) != 0);
            check_true(body, strncasecmp(at, "data:text", 9) != 0);
        }
    }
}

static void nothing_thrown_together_is_dangerous(void **state)
{
    (void)state;
    static const char *const pieces[] = {"<script>",
                                         "</script>",
                                         "<img src=x onerror=y>",
                                         "<a href='",
                                         "[a](",
                                         ")",
                                         "[",
                                         "]",
                                         "javascript:",
                                         "data:text/html,",
                                         "\n",
                                         "\n\n",
                                         "`",
                                         "```",
                                         "*",
                                         "**",
                                         "<!--",
                                         "-->",
                                         ">",
                                         "<",
                                         "\"",
                                         "'",
                                         "&lt;",
                                         "&#60;",
                                         "\\",
                                         "![",
                                         "](",
                                         "<?",
                                         "<![CDATA[",
                                         "]]>",
                                         "খ",
                                         " ",
                                         "x",
                                         "&#x6A;avascript:",
                                         "\t",
                                         "# ",
                                         "- ",
                                         "<svg/onload=a>",
                                         "[a]: ",
                                         "JAVASCRIPT:"};
    struct random random = random_seeded(99);
    for (int turn = 0; turn < 20000; turn++) {
        struct buf body;
        buf_init(&body, 4096);
        for (int64_t i = 1 + random_below(&random, 14); i > 0; i--)
            buf_text(&body, pieces[random_below(&random, COUNT(pieces))]);
        json_t *html = markdown_html(buf_string(&body), body.len, NULL);
        assert_non_null(html);
        check_safe(buf_string(&body), json_string_value(html));
        json_decref(html);
        buf_release(&body);
    }
}

static void no_text_is_lost_or_doubled(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "\n\nখবর\n\n",
        "\n\na b\nc\n\n",
        "\r\rখবর\r\r",
        "\r\n\r\nখবর\r\n\r\n",
        "\n\n",
        "\n",
        "\n",
        "\r",
        "\r\n",
        "\f",
        "\v",
        "\xC2\x85",
        "\u2028",
        "\u2029",
        "খবর",
        "a",
        "b c",
        "\"q\"",
        " ",
        "  ",
        "    ",
        "\t",
        "\u00A0",
        "\uFEFF",
        "# ",
        "## ",
        "- ",
        "-\n",
        "1. ",
        "+ ",
        "১. ",
        "> ",
        "> > ",
        "*",
        "_",
        "**",
        "[a]",
        "[a][]",
        "![a](/b)",
        "(/b)",
        "!",
        "\n[a]: /c \"t\"\n",
        "\n[a]:\n/c\n",
        "&",
        "&lt;",
        "&#0;",
        "&#xD800;",
        "&#10;",
        "\\",
        "\\\n",
        "=",
        "\n===\n",
        "\n---\n",
        "***",
        "`",
        "\n```\n",
        "\n~~~\n",
        "\n``` x\n\ny\n\n```\n",
        "\n<div>\n",
        "\n</div>\n",
        "\n<script>\n\nx\n\n</script>\n",
        "\n<!--\n\nx\n\n-->\n",
        "<b>",
        "|",
        ":",
        "x",
    };
    struct random random = random_seeded(2024);
    for (int turn = 0; turn < 30000; turn++) {
        struct buf body;
        buf_init(&body, 64 * 1024);
        for (int64_t i = 1 + random_below(&random, 24); i > 0; i--) {
            if (random_below(&random, 100) == 0)
                buf_char(&body, '\0');
            buf_text(&body, pieces[random_below(&random, COUNT(pieces))]);
        }
        check_text_of_commonmark(buf_string(&body), body.len);
        buf_release(&body);
    }
}

static void deep_nesting_ends(void **state)
{
    (void)state;
    static const char *const pieces[] = {"> ", "[", "*a ", "![", "(", "- "};
    for (size_t i = 0; i < COUNT(pieces); i++) {
        struct buf body;
        buf_init(&body, 1024 * 1024);
        for (int j = 0; j < 10000; j++)
            buf_text(&body, pieces[i]);
        json_t *html = markdown_html(buf_string(&body), body.len, NULL);
        check_true(pieces[i], html != NULL);
        json_decref(html);
        buf_release(&body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markdown_becomes_safe_html),
        cmocka_unit_test(references_leave_no_broken_text),
        cmocka_unit_test(addresses_are_resolved_against_a_base),
        cmocka_unit_test(only_the_given_bytes_are_read),
        cmocka_unit_test(nothing_thrown_together_is_dangerous),
        cmocka_unit_test(no_text_is_lost_or_doubled),
        cmocka_unit_test(deep_nesting_ends),
    };
    return cmocka_run_group_tests_name("language/markdown", tests, NULL, NULL);
}
