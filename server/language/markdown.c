/* Parses Markdown with cmark, corrects the tree (heading levels, images, links), and renders it.
 * Nothing else divides a text into blocks, because a second parser would have to agree with cmark
 * on every line end and every definition. Limits are checked without parsing: what makes Markdown
 * expensive is counted in the source, and each count has a maximum far above what articles have. */
#include "language/markdown.h"

#include "base/arena.h"
#include "base/json.h"
#include "base/utf8.h"
#include "language/text.h"

#include <assert.h>
#include <cmark.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    HTML_BYTES_MAX = 64 * 1024 * 1024,
    URL_BYTES_MAX = 16384,
    HEADLINE_LEVEL = 1,
    HEADING_LEVEL_MAX = 6,
    EXCERPT_SOURCE_BYTES = 8192, /* an excerpt is taken from the first paragraph in these */
};

/* Makes the highest level of a text the second, whichever it was, and lets no level be skipped on
 * the way down: users of screen readers navigate by headings. */
static void correct_headings(cmark_node *document)
{
    int highest = HEADING_LEVEL_MAX, last = HEADLINE_LEVEL;
    for (int pass = 1; pass <= 2; pass++) {
        cmark_iter *iter = cmark_iter_new(document);
        cmark_event_type event;
        while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
            cmark_node *node = cmark_iter_get_node(iter);
            if (event != CMARK_EVENT_ENTER || cmark_node_get_type(node) != CMARK_NODE_HEADING)
                continue;
            int level = cmark_node_get_heading_level(node);
            if (pass == 1) {
                highest = level < highest ? level : highest;
                continue;
            }
            level += HEADLINE_LEVEL + 1 - highest;
            if (level > last + 1)
                level = last + 1;
            last = level < HEADING_LEVEL_MAX ? level : HEADING_LEVEL_MAX;
            assert(last > HEADLINE_LEVEL);
            cmark_node_set_heading_level(node, last);
        }
        cmark_iter_free(iter);
    }
}

/* Whether cmark renders an image with this URL. For the others it writes an image without a URL,
 * which is not valid HTML. */
static bool is_shown(const char *url)
{
    static const char *const never[] = {"javascript:", "vbscript:", "file:"};
    static const char *const pictures[] = {"data:image/png;", "data:image/gif;", "data:image/jpeg;",
                                           "data:image/webp;"};
    bool is_data = strncasecmp(url, "data:", 5) == 0;
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        if (strncasecmp(url, never[i], strlen(never[i])) == 0)
            return false;
    }
    for (size_t i = 0; is_data && i < sizeof pictures / sizeof pictures[0]; i++)
        is_data = strncasecmp(url, pictures[i], strlen(pictures[i])) != 0;
    return url[0] != '\0' && !is_data;
}

/* Replaces an image that can't be shown by its alternative text. */
static void drop_images(cmark_node *document)
{
    cmark_iter *iter = cmark_iter_new(document);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *child, *node = cmark_iter_get_node(iter);
        if (event != CMARK_EVENT_EXIT || cmark_node_get_type(node) != CMARK_NODE_IMAGE ||
            is_shown(cmark_node_get_url(node)))
            continue;
        while ((child = cmark_node_first_child(node)))
            cmark_node_insert_before(node, child);
        cmark_node_unlink(node);
        cmark_node_free(node);
    }
    cmark_iter_free(iter);
}

/* Whether a URL begins with a scheme (RFC 3986 §3.1). */
static bool has_scheme(const char *url)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-";
    return url[strspn(url, letters)] == ':' && isalpha((unsigned char)url[0]);
}

/* How many bytes of `base` go before a relative URL, for the simple cases of RFC 3986 §5.2: an
 * absolute path, a query or fragment, and a relative path without dots. */
static size_t base_len(const char *base, const char *url)
{
    const char *host = strstr(base, "://");
    if (url[0] == '/')
        return host ? (size_t)(host - base) + 3 + strcspn(host + 3, "/") : 0;
    if (url[0] == '#' || url[0] == '?' || url[0] == '\0')
        return strlen(base);
    const char *slash = strrchr(base, '/');
    return slash ? (size_t)(slash - base) + 1 : 0;
}

/* `whole` has room for a URL. */
static void resolve_urls(cmark_node *document, const char *base, struct buf *whole)
{
    cmark_event_type event;
    cmark_iter *iter = cmark_iter_new(document);
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        const char *url = cmark_node_get_url(node); /* NULL when it is no link and no image */
        if (event != CMARK_EVENT_ENTER || !url || has_scheme(url) || strncmp(url, "//", 2) == 0)
            continue;
        size_t before = base_len(base, url);
        if (before + strlen(url) > whole->max) /* stays as it is */
            continue;
        buf_clear(whole);
        buf_add(whole, base, before);
        buf_text(whole, url);
        if (buf_status(whole) != STATUS_OK) /* out of memory: markdown_html looks */
            break;
        cmark_node_set_url(node, buf_string(whole));
    }
    cmark_iter_free(iter);
}

/* Appends cmark's HTML of a node. A character reference in the Markdown can name a code point that
 * is not allowed in a text, and cmark writes some of those as malformed bytes. */
static void put_node(cmark_node *node, struct buf *html)
{
    /* cmark is safe unless CMARK_OPT_UNSAFE is given. */
    char *rendered = cmark_render_html(node, CMARK_OPT_DEFAULT);
    size_t len = strlen(rendered);
    if (utf8_check(rendered, len, UTF8_MANY_LINES, NULL) == UTF8_FINE)
        buf_add(html, rendered, len);
    else
        utf8_mend(rendered, len, UTF8_MANY_LINES, html);
    arena_free(rendered);
}

/* Inside of arena_run. */
static cmark_node *parse(const char *text, size_t len)
{
    static const cmark_mem memory = {arena_calloc, arena_realloc, arena_free};
    cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, (cmark_mem *)&memory);
    cmark_parser_feed(parser, text, len);
    cmark_node *document = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return document;
}

/* What is made of a text. The buffers belong to the caller of arena_run. */
struct markdown_work {
    const char *text;
    size_t len;
    const char *base; /* NULL: URLs stay as they are */
    struct buf url, out;
};

static void run_html(void *arg)
{
    struct markdown_work *work = arg;
    cmark_node *document = parse(work->text, work->len);
    correct_headings(document);
    drop_images(document);
    if (work->base)
        resolve_urls(document, work->base, &work->url);
    put_node(document, &work->out);
    cmark_node_free(document);
}

json_t *markdown_html(const char *text, size_t len, const char *base)
{
    struct markdown_work work = {.text = text, .len = len, .base = base};
    buf_init(&work.url, URL_BYTES_MAX);
    buf_init(&work.out, HTML_BYTES_MAX);
    enum status status = arena_run(run_html, &work);
    if (status != STATUS_OK || buf_status(&work.url) != STATUS_OK)
        work.out.failed = true;
    buf_release(&work.url);
    return buf_json(&work.out);
}

/* Appends the text of a paragraph, without its markup. */
static void put_plain_text(cmark_node *paragraph, struct buf *to)
{
    cmark_iter *iter = cmark_iter_new(paragraph);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
            buf_text(to, cmark_node_get_literal(node));
        else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
            buf_char(to, ' ');
    }
    cmark_iter_free(iter);
}

static void run_excerpt(void *arg)
{
    struct markdown_work *work = arg;
    cmark_node *document = parse(work->text, work->len);
    for (cmark_node *node = cmark_node_first_child(document); node && work->out.len == 0;
         node = cmark_node_next(node)) {
        if (cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH)
            put_plain_text(node, &work->out);
    }
    cmark_node_free(document);
}

void markdown_excerpt(const char *text, size_t len, size_t most, struct buf *to)
{
    struct buf mended;
    struct markdown_work work = {.text = text, .len = utf8_cut(text, len, EXCERPT_SOURCE_BYTES)};
    buf_init(&work.out, EXCERPT_SOURCE_BYTES * 2);
    buf_init(&mended, EXCERPT_SOURCE_BYTES * 6);
    if (arena_run(run_excerpt, &work) != STATUS_OK)
        work.out.failed = true;
    utf8_mend(buf_string(&work.out), work.out.len, UTF8_ONE_LINE, &mended);
    if (buf_status(&work.out) != STATUS_OK || buf_status(&mended) != STATUS_OK)
        to->failed = true;
    size_t cut = text_cut(buf_string(&mended), mended.len, most);
    assert(cut <= most && cut <= mended.len);
    buf_add(to, buf_string(&mended), cut);
    if (cut < mended.len)
        buf_text(to, "…");
    buf_release(&mended);
    buf_release(&work.out);
}

/* How many marks follow a mark: cmark creates a node for each, but one for a run of letters. */
static size_t count_marks_after_marks(const char *text, size_t len)
{
    static const bool is_mark[256] = {['\''] = true, ['"'] = true, ['.'] = true, ['-'] = true,
                                      ['\\'] = true, ['!'] = true, [':'] = true, [';'] = true};
    size_t count = 0;
    for (size_t i = 1; i < len; i++)
        count += is_mark[(unsigned char)text[i]] && is_mark[(unsigned char)text[i - 1]];
    return count;
}

/* Whether a byte ends a line: CommonMark ends one at a line feed, at a carriage return, or at both
 * together. */
static bool ends_line(char byte)
{
    return byte == '\n' || byte == '\r';
}

/* Whether a block begins at `at`: a quote's mark, or a list's mark before white space. */
static bool opens_block(const char *at, const char *end)
{
    bool ends = at + 1 == end || at[1] == ' ' || at[1] == '\t' || ends_line(at[1]);
    return *at == '>' || (ends && *at != '\0' && strchr("-*+.)", *at));
}

/* How many nested blocks a line can open: one for each mark, and one for two spaces of indentation.
 */
static size_t depth_of_line(const char *line, const char *end)
{
    size_t marks = 0, spaces = 0;
    for (const char *at = line; at < end && !ends_line(*at); at++) {
        if (*at == ' ' || *at == '\t')
            spaces += *at == '\t' ? 4 : 1;
        else if (opens_block(at, end)) {
            marks++;
            at += at + 1 < end && at[1] == ' '; /* which belongs to the mark */
        } else if (*at < '0' || *at > '9')      /* a digit may be part of a list's number */
            break;
    }
    assert(marks <= (size_t)(end - line));
    return marks + spaces / 2;
}

/* Counts the ends of lines, "\r\n" as one, and finds the greatest depth of a line. */
static void measure_lines(const char *body, size_t len, size_t *line_ends, size_t *depth)
{
    const char *end = body + len;
    *line_ends = 0;
    *depth = depth_of_line(body, end);
    for (const char *at = body; at < end; at++) {
        if (!ends_line(*at) || (*at == '\r' && at + 1 < end && at[1] == '\n'))
            continue;
        size_t next = depth_of_line(at + 1, end);
        *depth = next > *depth ? next : *depth;
        ++*line_ends;
    }
}

enum status markdown_check_limits(const char *body, size_t len, struct fault *fault)
{
    size_t line_ends, depth, counts[256] = {0}; /* of each byte */
    measure_lines(body, len, &line_ends, &depth);
    for (size_t i = 0; i < len; i++)
        counts[(unsigned char)body[i]]++;
    const struct {
        const char *what;
        size_t count, most;
    } costs[] = {
        {"\"[\"", counts['['], 10000},
        {"\"]\"", counts[']'], 50000},
        {"\"`\"", counts['`'], 100000},
        {"\"*\" and \"_\"", counts['*'] + counts['_'], 50000},
        {"quotes, \"&\" and \"<\"", counts['"'] + counts['&'] + counts['<'], 200000},
        {"marks after marks", count_marks_after_marks(body, len), 100000},
        {"lines", line_ends, 50000},
        {"blocks nested at the beginning of a line", depth, 200},
    };
    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++) {
        if (costs[i].count > costs[i].most)
            return fault_set(fault, STATUS_INVALID, "body", "has %zu %s; at most %zu are allowed",
                             costs[i].count, costs[i].what, costs[i].most);
    }
    return STATUS_OK;
}
