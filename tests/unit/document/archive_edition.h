/* A paper whose articles are at the borders of days, and its archive. */
#ifndef KHOBOR_TESTS_ARCHIVE_EDITION_H
#define KHOBOR_TESTS_ARCHIVE_EDITION_H

#include "document/lists.h"
#include "document/site.h"
#include "edition.h"

static struct paper paper;
static struct context context;

/* Ids go by this order. New York put its clocks forward on 10 March and back on 3 November. */
static const char *const published[] = {
    "2024-03-10T04:59:59Z", /* 1: 9 March there, a second before its end */
    "2024-03-10T05:00:00Z", /* 2: 10 March, its first second */
    "2024-03-11T03:59:59Z", /* 3: its last, 23 hours later */
    "2024-03-11T04:00:00Z", /* 4: 11 March */
    "2024-11-03T03:59:59Z", /* 5: 2 November, its last second */
    "2024-11-03T04:00:00Z", /* 6: 3 November, its first */
    "2024-11-03T05:30:00Z", /* 7: half past one in summer time, */
    "2024-11-03T06:30:00Z", /* 8: and an hour later again */
    "2024-11-04T04:59:59Z", /* 9: its last second, 25 hours after the first */
    "2024-11-04T05:00:00Z", /* 10: 4 November */
};

static inline int64_t instant(const char *text)
{
    int64_t at = 0;
    check_status(text, instant_parse(text, strlen(text), &at), STATUS_OK);
    return at;
}

static inline void use(const char *zone)
{
    check_status(zone, zone_use(zone), STATUS_OK);
}

/* Imports an article with a slug of its own, which moves nothing else. */
static inline void put(const char *slug, const char *at, const char *status)
{
    struct buf line;
    buf_init(&line, 1000);
    buf_format(&line,
               "{\"type\":\"article\",\"slug\":\"%s\",\"section\":\"s\",\"headline\":\"H\","
               "\"body\":\"\",\"status\":\"%s\",\"published_at\":\"%s\"}\n",
               slug, status, at);
    paper_import(&paper, buf_string(&line));
    buf_release(&line);
}

static inline void open_empty(void)
{
    paper_open(&paper);
    paper_import(&paper, "{\"type\":\"section\",\"slug\":\"s\",\"name\":\"S\"}\n");
    context = (struct context){.db = paper.db,
                               .config = &paper.config,
                               .words = words_of("bn"),
                               .now_s = instant("2025-01-01T00:00:00Z"),
                               .card_fields = FIELDS_CARD};
}

static inline int set_up_empty(void **state)
{
    (void)state;
    open_empty();
    return 0;
}

static inline int set_up(void **state)
{
    (void)state;
    char slug[16];
    open_empty();
    for (size_t i = 0; i < COUNT(published); i++) {
        snprintf(slug, sizeof slug, "a-%zu", i + 1);
        put(slug, published[i], "published");
    }
    return 0;
}

/* Whatever zone a test took, the next one has the paper's. */
static inline int tear_down(void **state)
{
    (void)state;
    use(paper.config.site.timezone);
    paper_close(&paper);
    return 0;
}

static inline struct list_request ask_all(void)
{
    return (struct list_request){.path = "/archive/day",
                                 .from_at = INT64_MIN,
                                 .before = position_newest(context.now_s),
                                 .limit = 50,
                                 .fields = FIELDS_CARD};
}

static inline struct civil day_of(const char *text)
{
    struct civil day = {.year = 0};
    check_status(text, day_parse(text, strlen(text), &day), STATUS_OK);
    return day;
}

static inline json_t *archive(const char *text, const struct list_request *request)
{
    json_t *document = NULL;
    struct civil day = day_of(text);
    check_status(text, archive_document(&context, &day, request, &document), STATUS_OK);
    return document;
}

static inline const char *text_of(const json_t *document, const char *field)
{
    const json_t *value = json_object_get(document, field);
    check_true(field, value != NULL);
    return json_string_value(value);
}

#define TEST(test, set_up) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
