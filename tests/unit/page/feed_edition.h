/* The small paper and its feeds, to which tests add articles. */
#ifndef KHOBOR_TESTS_FEED_EDITION_H
#define KHOBOR_TESTS_FEED_EDITION_H

#include "edition.h"
#include "page/feed.h"

#include <stdlib.h>

enum {
    LINE_BYTES = 3 * 1024 * 1024,
};

static struct edition edition;
static int minute; /* of the next article, after the edition's */

static inline int set_up(void **state)
{
    (void)state;
    edition_open(&edition);
    strcpy(edition.paper.config.site.url, "https://khobor.example");
    edition.context.now_s = PAPER_NOW + 1800;
    minute = 0;
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    edition_close(&edition);
    return 0;
}

static inline json_t *feed_of(const struct feed_request *request)
{
    json_t *document = NULL;
    check_status("feed", feed_document(&edition.context, request, &document), STATUS_OK);
    return document;
}

static inline json_t *feed(void)
{
    return feed_of(&(struct feed_request){.path = "/feed.json"});
}

static inline const json_t *item_of(const json_t *document, size_t index)
{
    return json_array_get(json_object_get(document, "items"), index);
}

static inline const char *text_of(const json_t *object, const char *field)
{
    return json_string_value(json_object_get(object, field));
}

/* Imports an article, a minute newer than the last; `more` is JSON of further fields, each with a
 * comma before it. */
static inline void put(const char *slug, const char *body, const char *more)
{
    struct buf line;
    json_t *text = json_string(body);
    char *quoted = json_dumps(text, JSON_ENCODE_ANY);
    buf_init(&line, LINE_BYTES);
    buf_format(&line,
               "{\"type\":\"article\",\"slug\":\"%s\",\"section\":\"world\",\"headline\":\"H\","
               "\"body\":%s%s,\"published_at\":\"",
               slug, quoted, more);
    instant_format(PAPER_NOW + ++minute * 60, &line);
    buf_text(&line, "\"}\n");
    paper_import(&edition.paper, buf_string(&line));
    buf_release(&line);
    free(quoted);
    json_decref(text);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
