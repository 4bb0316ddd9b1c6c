/* Every parser of what a client, a newsroom or a theme sends, each as a function of one text. What
 * it finds is thrown away. */
#ifndef KHOBOR_TESTS_PARSERS_H
#define KHOBOR_TESTS_PARSERS_H

#include "base/address.h"
#include "base/clock.h"
#include "base/lines.h"
#include "base/utf8.h"
#include "check.h"
#include "counting/agents.h"
#include "document/lists.h"
#include "document/url.h"
#include "http/message/client.h"
#include "http/message/negotiate.h"
#include "http/message/parameters.h"
#include "http/route/routes.h"
#include "http/wire/framing.h"
#include "language/markdown.h"
#include "language/slug.h"
#include "language/text.h"
#include "render/template.h"
#include "transfer/import_line.h"

#include <stdio.h>

enum {
    ROOM_BYTES = 1024 * 1024
};

/* What the parsers need, and where they write to. */
static struct {
    struct representation *representation;
    struct networks proxies;
    struct agents *agents;
    struct config config;
    struct import_line line;
    struct buf input, output;
} fixed;

static inline void use(enum status status)
{
    (void)status; /* a refusal costs time as well */
}

static inline void parse_target(const char *text)
{
    unsigned methods;
    struct fault fault;
    struct target target = {.storage = NULL};
    const char *names[PARAMETERS_NAMES_MAX];
    if (target_parse(text, &target, &fault) == STATUS_OK) {
        const struct route *route = route_find(&target, METHOD_GET, &methods);
        struct parameters parameters = {.request = NULL};
        if (route) {
            route_names(route, &target, names);
            use(parameters_read(&target, ~0U, &parameters, &fault));
        }
        for (int i = 0; i < target.segments_len; i++)
            url_encode(target.segments[i], &fixed.output);
        for (int i = 0; i < target.segments_len; i++)
            use(text_key(target.segments[i], strlen(target.segments[i]), &fixed.output));
    }
    target_release(&target);
}

static inline void parse_url(const char *text)
{
    url_decode(text, strlen(text), &fixed.output);
    buf_clear(&fixed.output);
    url_clean(text, &fixed.output);
}

static inline void parse_accept(const char *text)
{
    (void)accepts_type(text, "application/json");
    (void)names_type(text, "text/html");
}

static inline void parse_accept_encoding(const char *text)
{
    (void)accepted_encoding(text);
}

static inline void parse_if_none_match(const char *text)
{
    enum encoding encoding;
    (void)matches_tag(text, fixed.representation, ENCODING_IDENTITY, &encoding);
}

static inline void parse_forwarded(const char *text)
{
    struct address address;
    struct request request = {.forwarded = text};
    (void)address_parse("127.0.0.1", 9, &request.peer);
    (void)client_address(&request, &fixed.proxies, &address);
}

static inline void parse_x_forwarded_for(const char *text)
{
    struct address address;
    struct request request = {.x_forwarded_for = text};
    (void)address_parse("127.0.0.1", 9, &request.peer);
    (void)client_address(&request, &fixed.proxies, &address);
}

static inline void parse_purpose(const char *text)
{
    const struct request request = {.sec_purpose = text, .purpose = text, .x_moz = text};
    (void)client_is_prefetching(&request);
}

static inline void parse_origin(const char *text)
{
    const struct request request = {.origin = text, .host = text};
    (void)client_is_cross_site(&request, &fixed.config);
}

static inline void parse_agent(const char *text)
{
    (void)agents_is_bot(fixed.agents, text);
}

/* Each eight bytes of the text are a line of the same field. */
static inline void join_fields(const char *text)
{
    char line[9];
    struct request request = {.accept = NULL};
    for (size_t at = 0, len = strlen(text); at + 8 <= len; at += 8) {
        snprintf(line, sizeof line, "%.8s", text + at);
        request_take_field(&request, "Accept", 6, line);
    }
    request_release(&request);
}

static inline void parse_framing(const char *text)
{
    static const char *const names[] = {"Host", "Content-Length", "Transfer-Encoding", "X"};
    struct framing framing = {.hosts = 0};
    for (size_t i = 0; i < COUNT(names); i++)
        framing_add(&framing, names[i], strlen(names[i]), text, strlen(text));
    framing_add(&framing, text, strlen(text), "", 0);
}

static inline void parse_line(const char *text)
{
    struct fault fault;
    const struct import_rules rules = {.language = "bn"};
    use(import_line_parse(&fixed.line, text, strlen(text), &rules, &fault));
    import_line_clear(&fixed.line);
}

static inline void parse_key(const char *text)
{
    use(text_key(text, strlen(text), &fixed.output));
}

static inline void parse_slug(const char *text)
{
    struct fault fault;
    use(slug_check(text, strlen(text), "slug", &fixed.output, &fault));
}

static inline void parse_cut(const char *text)
{
    size_t len = strlen(text);
    (void)text_cut(text, len, len - 1);
}

static inline void parse_utf8(const char *text)
{
    size_t len = strlen(text);
    (void)utf8_check(text, len, UTF8_ONE_LINE, NULL);
    utf8_mend(text, len, UTF8_ONE_LINE, &fixed.output);
    buf_char(&fixed.output, '\0');
    utf8_scrub(fixed.output.bytes);
}

static inline void parse_markdown(const char *text)
{
    struct fault fault;
    use(markdown_check_limits(text, strlen(text), &fault));
}

static inline void parse_template(const char *text)
{
    struct fault fault;
    struct templates *set = NULL;
    const struct template_source source = {"a.html", text, strlen(text)};
    if (templates_compile(&source, 1, &set, &fault) == STATUS_OK)
        use(templates_check(set, &fault));
    templates_free(set);
}

static inline void parse_values(const char *text)
{
    int64_t at;
    struct civil day;
    struct fault fault;
    struct address address;
    struct networks networks;
    struct position position;
    enum window window;
    size_t len = strlen(text);
    use(instant_parse(text, len, &at));
    use(day_parse(text, len, &day));
    use(networks_parse(text, "proxies", &networks, &fault));
    (void)address_parse(text, len, &address);
    (void)cursor_parse(text, &position);
    (void)window_named(text, len, &window);
}

static inline void parse_lines(const char *text)
{
    const char *line;
    size_t len;
    struct lines lines;
    lines_open_memory(&lines, text, strlen(text));
    while (lines_next(&lines, &line, &len) == STATUS_OK)
        continue;
    lines_close(&lines);
}

static inline int open_fixed(void **state)
{
    (void)state;
    struct buf body;
    struct fault fault = {.field = ""};
    buf_init(&body, ROOM_BYTES);
    for (int i = 0; i < 1000; i++)
        buf_text(&body, "worth encoding ");
    check_status("representation", representation_make(MEDIA_JSON, 0, &body, &fixed.representation),
                 STATUS_OK);
    check_done("proxies", networks_parse("127.0.0.1", "p", &fixed.proxies, &fault), &fault);
    check_status("agents", agents_open(&fixed.agents), STATUS_OK);
    config_init(&fixed.config);
    import_line_init(&fixed.line);
    buf_init(&fixed.input, ROOM_BYTES);
    buf_init(&fixed.output, ROOM_BYTES);
    return 0;
}

static inline int close_fixed(void **state)
{
    (void)state;
    representation_unref(fixed.representation);
    agents_close(fixed.agents);
    import_line_release(&fixed.line);
    buf_release(&fixed.input);
    buf_release(&fixed.output);
    return 0;
}

#endif
