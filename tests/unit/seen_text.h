/* What a reader sees of a body, to compare a page with the HTML that plain cmark makes. */
#ifndef KHOBOR_TESTS_SEEN_TEXT_H
#define KHOBOR_TESTS_SEEN_TEXT_H

#include "base/utf8.h"
#include "check.h"
#include "language/markdown.h"

#include <cmark.h>

enum {
    SEEN_BYTES_MAX = 4 * 1024 * 1024
};

/* Appends text; the end of a line is a space, as it is in an alternative text. */
static inline void put_words(const char *text, size_t len, struct buf *seen)
{
    for (size_t i = 0; i < len; i++)
        buf_char(seen, text[i] == '\n' ? ' ' : text[i]);
}

/* Appends the text between tags, and the alternative texts of images. */
static inline void put_seen(const char *html, struct buf *seen)
{
    static const char alternative[] = " alt=\"";
    while (*html != '\0') {
        size_t len = strcspn(html, "<");
        put_words(html, len, seen);
        html += len;
        len = strcspn(html, ">");
        const char *alt = strstr(html, alternative);
        if (strncmp(html, "<img", 4) == 0 && alt && alt < html + len) {
            alt += strlen(alternative);
            put_words(alt, strcspn(alt, "\""), seen);
        }
        html += len + (html[len] == '>');
    }
}

/* The page's body has the text of plain CommonMark: nothing lost, doubled or added. */
static inline void check_text_of_commonmark(const char *body, size_t len)
{
    struct buf plain, seen, expected;
    buf_init(&plain, SEEN_BYTES_MAX);
    buf_init(&seen, SEEN_BYTES_MAX);
    buf_init(&expected, SEEN_BYTES_MAX);
    char *whole = cmark_markdown_to_html(body, len, CMARK_OPT_DEFAULT);
    json_t *html = markdown_html(body, len, NULL);
    check_true("there is memory", html != NULL);
    utf8_mend(whole, strlen(whole), UTF8_MANY_LINES, &plain);
    put_seen(buf_string(&plain), &expected);
    put_seen(json_string_value(html), &seen);
    check_text(body, buf_string(&seen), buf_string(&expected));
    json_decref(html);
    free(whole);
    buf_release(&plain);
    buf_release(&seen);
    buf_release(&expected);
}

#endif
