/* Targets that take a text: parts of a request, a line of an import, a template, Markdown, a slug,
 * JSON. */
#include "base/address.h"
#include "base/json.h"
#include "base/utf8.h"
#include "check.h"
#include "fuzz.h"
#include "http/message/client.h"
#include "http/message/negotiate.h"
#include "http/message/parameters.h"
#include "language/slug.h"
#include "language/text.h"
#include "render/escape.h"
#include "render/template.h"
#include "seen_text.h"
#include "transfer/import_line.h"

enum {
    NOW_S = 1713247200,
    OUTPUT_BYTES_MAX = 1024 * 1024,
    PARAMETERS_ALL = 2047,
    LIST_ITEMS_MAX = 100,
    EXCERPT_BYTES = 300,
};

/* A target: its parts are texts, and its parameters are within their bounds. */
void fuzz_target_parse(char *bytes, size_t len)
{
    struct fault fault = {.field = ""};
    struct target target = {.storage = NULL};
    struct parameters parameters = {.window = WINDOW_24H,
                                    .list = {.from_at = INT64_MIN,
                                             .before = position_newest(NOW_S),
                                             .limit = 20,
                                             .fields = FIELDS_ALL}};
    (void)len;
    if (target_parse(bytes, &target, &fault) == STATUS_OK) {
        for (int i = 0; i < target.segments_len && i < TARGET_SEGMENTS_MAX; i++)
            check_true("a segment is a text",
                       utf8_check(target.segments[i], strlen(target.segments[i]), UTF8_ONE_LINE,
                                  NULL) == UTF8_FINE);
        if (parameters_read(&target, PARAMETERS_ALL, &parameters, &fault) == STATUS_OK)
            check_true("a list is bounded",
                       parameters.list.limit >= 1 && parameters.list.limit <= LIST_ITEMS_MAX);
        else
            check_true("a fault names its parameter", fault.field[0] && fault.text[0]);
    }
    target_release(&target);
}

static struct representation *small_representation(void)
{
    struct buf body;
    struct representation *representation = NULL;
    buf_init(&body, 100);
    buf_text(&body, "{}");
    check_status("representation", representation_make(MEDIA_JSON, 0, &body, &representation),
                 STATUS_OK);
    return representation;
}

/* What a client accepts, and where it says that it is. */
static void check_negotiation(const struct request *request)
{
    enum encoding encoding = accepted_encoding(request->accept_encoding);
    struct representation *representation = small_representation();
    check_true("what is named is accepted", !names_type(request->accept, "text/html") ||
                                                accepts_type(request->accept, "text/html"));
    check_true("an encoding", (int)encoding >= 0 && encoding < ENCODING__MAX);
    bool matches = matches_tag(request->if_none_match, representation, encoding, &encoding);
    check_true("a variant", (int)encoding >= 0 && encoding < ENCODING__MAX);
    check_true("a star names it",
               matches || !request->if_none_match || strcmp(request->if_none_match, "*") != 0);
    representation_unref(representation);
}

static void check_client(struct request *request)
{
    static const char *const peers[] = {"192.0.2.1", "10.1.2.3", "::1"};
    struct networks proxies = {.len = 0};
    struct fault fault = {.field = ""};
    struct address address;
    check_done("proxies", networks_parse("10.0.0.0/8, ::1", "proxies", &proxies, &fault), &fault);
    for (size_t i = 0; i < COUNT(peers); i++) {
        check_true("a peer", address_parse(peers[i], strlen(peers[i]), &request->peer));
        bool is_known = client_address(request, &proxies, &address);
        bool is_proxy = networks_have(&proxies, &request->peer);
        if (!is_proxy)
            check_true("who is no proxy is the client",
                       is_known && memcmp(&address, &request->peer, sizeof address) == 0);
        if (!is_known)
            check_true("an unreadable list is a proxy's", networks_have(&proxies, &address));
        (void)client_is_local(request);
    }
}

/* Lines of header fields, "Name: value". */
void fuzz_fields(char *bytes, size_t len)
{
    static struct config config;
    struct request request = {.method = METHOD_GET, .target = "/"};
    (void)len;
    config_init(&config);
    snprintf(config.site.url, sizeof config.site.url, "https://khobor.example");
    for (char *rest = bytes; rest;) {
        char *name = fuzz_line(&rest), *value = strchr(name, ':');
        if (!value)
            continue;
        *value++ = '\0';
        request_take_field(&request, name, strlen(name), value + strspn(value, " "));
    }
    check_negotiation(&request);
    check_client(&request);
    (void)client_is_prefetching(&request);
    (void)client_is_cross_site(&request, &config);
    request_release(&request);
}

/* Whatever a line says, what is taken from it keeps the rules, and what is not names a fault. */
void fuzz_import(char *bytes, size_t len)
{
    const struct import_rules rules = {.language = "bn"};
    struct import_line line;
    struct fault fault = {.field = ""};
    struct buf key;
    import_line_init(&line);
    buf_init(&key, OUTPUT_BYTES_MAX);
    enum status status = import_line_parse(&line, bytes, len, &rules, &fault);
    if (status == STATUS_OK && line.type != IMPORT_REDIRECT) {
        check_done("a slug", slug_check(line.slug, strlen(line.slug), "slug", &key, &fault),
                   &fault);
        check_text("its key", buf_string(&key), line.slug_key);
    } else if (status != STATUS_OK) {
        check_status("a bad line", status, STATUS_INVALID);
        check_true("a fault in words",
                   fault.text[0] != '\0' && utf8_check(fault.text, strlen(fault.text),
                                                       UTF8_ONE_LINE, NULL) == UTF8_FINE);
    }
    if (status == STATUS_OK && line.type == IMPORT_ARTICLE)
        json_decref(markdown_html(line.article.article.body, line.article.article.body_len, NULL));
    buf_release(&key);
    import_line_release(&line);
}

/* Cuts bytes at a line of "%%" alone. */
static char *cut_part(char **rest)
{
    char *part = *rest, *mark = part ? strstr(part, "%%\n") : NULL;
    *rest = mark ? mark + 3 : NULL;
    if (mark)
        *mark = '\0';
    return part;
}

static void render_twice(const struct templates *set, const json_t *given)
{
    json_t *base = json_pack("{s:s, s:[i,s,{},n], s:n, s:{s:s}}", "x", "<&>\"'", "list", 1, "a",
                             "none", "o", "y", "খবর");
    const json_t *const contexts[] = {base, given};
    size_t len = given ? 2 : 1;
    struct buf first, second;
    buf_init(&first, OUTPUT_BYTES_MAX);
    buf_init(&second, OUTPUT_BYTES_MAX);
    template_render(templates_find(set, "page.html"), contexts, len, &first);
    template_render(templates_find(set, "page.html"), contexts, len, &second);
    check_number("the same again", buf_status(&first), buf_status(&second));
    check_true("bounded", first.len <= OUTPUT_BYTES_MAX);
    check_text("the same again", buf_string(&first), buf_string(&second));
    buf_release(&first);
    buf_release(&second);
    json_decref(base);
}

/* A page, a partial (part.json) and a context, with lines of "%%" between them. */
void fuzz_template(char *bytes, size_t len)
{
    struct fault fault = {.field = ""};
    struct templates *set = NULL;
    char *rest = bytes, *page = cut_part(&rest), *partial = cut_part(&rest), *json = rest;
    json_t *given = json ? json_loads(json, 0, NULL) : NULL;
    const struct template_source sources[] = {
        {"page.html", page, json || partial ? strlen(page) : len},
        {"part.json", partial ? partial : "", partial ? strlen(partial) : 0},
    };
    if (templates_compile(sources, COUNT(sources), &set, &fault) == STATUS_OK) {
        if (templates_check(set, &fault) != STATUS_OK)
            check_true("a fault names its template", fault.field[0] && fault.text[0]);
        render_twice(set, given);
        templates_free(set);
    } else
        check_true("a fault names its template", fault.field[0] && fault.text[0]);
    json_decref(given);
}

/* A body that may be stored: its page has the text that plain CommonMark has. */
static void check_body(const char *body, size_t len)
{
    /* cmark shows raw HTML in the alternative text of an image, and omits it when the image
     * itself, having no address, is replaced by that text. */
    if (!memmem(body, len, "![", 2) || !memchr(body, '<', len))
        check_text_of_commonmark(body, len);
    json_decref(markdown_html(body, len, "https://khobor.example/a/1/b"));
}

/* Any bytes, as a damaged database may have them, and the body that they are when all that no body
 * may have is replaced. An excerpt is always a text. */
void fuzz_markdown(char *bytes, size_t len)
{
    struct fault fault = {.field = ""};
    struct buf excerpt, body;
    if (markdown_check_limits(bytes, len, &fault) != STATUS_OK)
        return;
    json_t *html = markdown_html(bytes, len, NULL);
    check_true("HTML is a text", utf8_check(json_string_value(html), json_string_length(html),
                                            UTF8_MANY_LINES, NULL) == UTF8_FINE);
    json_decref(html);
    buf_init(&body, OUTPUT_BYTES_MAX);
    utf8_mend(bytes, len, UTF8_MANY_LINES, &body);
    check_body(buf_string(&body), body.len);
    buf_release(&body);
    buf_init(&excerpt, OUTPUT_BYTES_MAX);
    markdown_excerpt(bytes, len, EXCERPT_BYTES, &excerpt);
    check_true("an excerpt is short", excerpt.len <= EXCERPT_BYTES + strlen("…"));
    check_true("an excerpt is a text",
               utf8_check(buf_string(&excerpt), excerpt.len, UTF8_ONE_LINE, NULL) == UTF8_FINE);
    buf_release(&excerpt);
}

/* The key of any text: it is a text, not over three times as long, and its own key. Where the text
 * is cut, both parts are texts. */
static void check_key(const char *text, size_t len)
{
    struct buf key, again;
    buf_init(&key, OUTPUT_BYTES_MAX);
    buf_init(&again, OUTPUT_BYTES_MAX);
    if (text_key(text, len, &key) == STATUS_OK) {
        check_true("a key is short", key.len <= TEXT_KEY_GROWTH * len);
        if (key.len <= TEXT_BYTES_MAX)
            check_status("a key has a key", text_key(key.bytes, key.len, &again), STATUS_OK);
        if (key.len <= TEXT_BYTES_MAX)
            check_text("the key of a key", buf_string(&again), buf_string(&key));
        size_t cut = text_cut(text, len, len / 2);
        check_true("a cut is in the text", cut <= len / 2);
        check_true("a cut is between characters", utf8_cut(text, len, cut) == cut);
    } else {
        check_number("no key", (int64_t)key.len, 0);
    }
    buf_release(&key);
    buf_release(&again);
}

/* A slug or any other text that has a key. */
void fuzz_slug(char *bytes, size_t len)
{
    struct fault fault = {.field = ""};
    struct buf key;
    buf_init(&key, OUTPUT_BYTES_MAX);
    if (slug_check(bytes, len, "slug", &key, &fault) == STATUS_OK) {
        check_true("a key is not empty", key.len > 0);
    } else {
        check_number("no key of a bad slug", (int64_t)key.len, 0);
        check_true("a fault in words", fault.text[0] != '\0');
    }
    buf_release(&key);
    check_key(bytes, len);
}

/* Parses JSON for a comparison in which 1 and 1.0 are the same number, as in RFC 8259. */
static json_t *comparable(const char *text, size_t len)
{
    return json_loadb(text, len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
}

/* What is written is JSON again, and the same; in a page it can't end a script element. */
void fuzz_json(char *bytes, size_t len)
{
    struct buf text, page;
    json_t *value = json_loadb(bytes, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
    if (!value)
        return;
    buf_init(&text, OUTPUT_BYTES_MAX);
    buf_init(&page, OUTPUT_BYTES_MAX);
    json_render(value, &text);
    escape_value(value, ESCAPING_MARKUP, &page);
    if (buf_status(&text) == STATUS_OK && buf_status(&page) == STATUS_OK) {
        json_t *given = comparable(bytes, len), *written = comparable(text.bytes, text.len);
        json_t *shown = comparable(page.bytes, page.len);
        check_true("JSON that is the same", written && json_equal(given, written));
        check_true("JSON in a page that is the same", shown && json_equal(given, shown));
        check_true("no markup", !memchr(page.bytes, '<', page.len));
        json_decref(given);
        json_decref(written);
        json_decref(shown);
    }
    buf_release(&text);
    buf_release(&page);
    json_decref(value);
}
