#include "document/most_read.h"

#include "edition.h"

#include <stdlib.h>

static struct edition edition;

/* A line of a ranking, as ID and views. */
struct line {
    enum window window;
    int64_t section_id, id, views;
};

static const struct line rankings[] = {
    {WINDOW_1H, 0, 3, 5},     {WINDOW_1H, 0, 4, 2},
    {WINDOW_6H, 0, 4, 9},     {WINDOW_6H, 0, 3, 8},
    {WINDOW_6H, 0, 5, 7},     {WINDOW_24H, 0, 5, 70},
    {WINDOW_24H, 0, 4, 60},   {WINDOW_24H, 0, 3, 50},
    {WINDOW_24H, 0, 19, 40}, /* withdrawn since */
    {WINDOW_24H, 0, 6, 30},   {WINDOW_7D, 0, 6, 1234567},
    {WINDOW_7D, 0, 5, 300},   {WINDOW_ALL, 0, 7, 5000},
    {WINDOW_ALL, 0, 6, 4000}, {WINDOW_1H, 1, 3, 5},
    {WINDOW_ALL, 1, 7, 5000}, {WINDOW_ALL, 1, 3, 900},
};

static int set_up(void **state)
{
    (void)state;
    edition_open(&edition);
    struct snapshot *snapshot = calloc(1, sizeof *snapshot + 2 * sizeof(struct ranked_list));
    assert_non_null(snapshot);
    snapshot->as_of = PAPER_NOW - 5;
    snapshot->references = 1;
    snapshot->lists_len = 2;
    snapshot->lists[1].section_id = 1;
    for (size_t i = 0; i < COUNT(rankings); i++) {
        struct ranked_list *list = &snapshot->lists[rankings[i].section_id];
        list->ranked[rankings[i].window][list->lens[rankings[i].window]++] =
            (struct ranked){.article_id = rankings[i].id, .views = rankings[i].views};
    }
    published_ranking_unref(edition.published, edition.snapshot);
    published_ranking_put(edition.published, snapshot);
    edition.snapshot = edition.context.ranking = published_ranking_ref(edition.published);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    edition_close(&edition);
    return 0;
}

static json_t *most_read(struct most_read_request request)
{
    json_t *document = NULL;
    check_status("most read", most_read_document(&edition.context, &request, &document), STATUS_OK);
    return document;
}

/* "ID@window:views " for each item, in order of rank. */
static void check_items(const char *name, const json_t *document, const char *expected)
{
    struct buf got;
    buf_init(&got, 10000);
    const json_t *items = json_object_get(document, "items");
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        buf_format(&got, "%lld@%s:%lld ",
                   (long long)json_integer_value(json_object_get(item, "id")),
                   json_string_value(json_object_get(item, "window")),
                   (long long)json_integer_value(json_object_get(item, "views")));
        check_number(name, json_integer_value(json_object_get(item, "rank")), (int64_t)i + 1);
    }
    check_text(name, buf_string(&got), expected);
    buf_release(&got);
}

static const struct {
    const char *name;
    struct most_read_request request;
    const char *items;
    const char *fallback;
} fallbacks[] = {
    {"enough", {.window = WINDOW_1H, .limit = 2}, "3@1h:5 4@1h:2 ", NULL},
    {"one from the next", {.window = WINDOW_1H, .limit = 3}, "3@1h:5 4@1h:2 5@6h:7 ", "6h"},
    {"a withdrawn one is passed over",
     {.window = WINDOW_24H, .limit = 4},
     "5@24h:70 4@24h:60 3@24h:50 6@24h:30 ",
     NULL},
    {"over windows that give nothing new",
     {.window = WINDOW_1H, .limit = 100},
     "3@1h:5 4@1h:2 5@6h:7 6@24h:30 7@all:5000 ",
     "all"},
    {"an empty window", {.window = WINDOW_30D, .limit = 1}, "7@all:5000 ", "all"},
    {"all time has no wider one",
     {.window = WINDOW_ALL, .limit = 100},
     "7@all:5000 6@all:4000 ",
     NULL},
    {"a section",
     {.window = WINDOW_1H, .section = "দেশ", .section_id = 1, .limit = 100},
     "3@1h:5 7@all:5000 ",
     "all"},
    {"a section that nobody read",
     {.window = WINDOW_1H, .section = "empty", .section_id = 3, .limit = 100},
     "",
     NULL},
    {"without one", {.window = WINDOW_1H, .limit = 2, .except_id = 3}, "4@1h:2 5@6h:7 ", "6h"},
    {"none", {.window = WINDOW_1H, .limit = 0}, "", NULL},
};

static void empty_places_are_filled_from_wider_windows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(fallbacks); i++) {
        struct most_read_request request = fallbacks[i].request;
        request.counts = true;
        json_t *document = most_read(request);
        check_items(fallbacks[i].name, document, fallbacks[i].items);
        check_text(fallbacks[i].name, json_string_value(json_object_get(document, "fallback")),
                   fallbacks[i].fallback);
        check_true("fallback is there", json_object_get(document, "fallback") != NULL);
        check_text(fallbacks[i].name, json_string_value(json_object_get(document, "window")),
                   window_name(request.window));
        check_text(fallbacks[i].name, json_string_value(json_object_get(document, "section")),
                   request.section);
        check_true("no next", json_is_null(json_object_get(document, "next")));
        check_text("as of", json_string_value(json_object_get(document, "as_of")),
                   "2024-04-16T11:59:55+06:00");
        json_decref(document);
    }
}

static void views_are_told_in_the_paper_s_words(void **state)
{
    (void)state;
    struct most_read_request request = {.window = WINDOW_7D, .limit = 1, .counts = true};
    json_t *document = most_read(request);
    const json_t *item = json_array_get(json_object_get(document, "items"), 0);
    check_text("Bengali", json_string_value(json_object_get(item, "views_text")), "১২,৩৪,৫৬৭");
    json_decref(document);
}

static void without_counts_nothing_is_counted(void **state)
{
    (void)state;
    struct most_read_request request = {.window = WINDOW_24H, .limit = 3};
    json_t *document = most_read(request);
    const json_t *item = json_array_get(json_object_get(document, "items"), 0);
    check_true("as of", json_object_get(document, "as_of") == NULL);
    check_true("views", json_object_get(item, "views") == NULL);
    check_true("views_text", json_object_get(item, "views_text") == NULL);
    check_number("rank", json_integer_value(json_object_get(item, "rank")), 1);
    check_text("headline", json_string_value(json_object_get(item, "headline")), "শিরোনাম 5");
    json_decref(document);
}

static void before_anything_is_counted_all_is_empty(void **state)
{
    (void)state;
    struct edition fresh;
    json_t *document;
    struct most_read_request request = {.window = WINDOW_1H, .limit = 20, .counts = true};
    edition_open(&fresh);
    check_status("fresh", most_read_document(&fresh.context, &request, &document), STATUS_OK);
    check_items("fresh", document, "");
    check_true("as of", json_is_null(json_object_get(document, "as_of")));
    check_true("fallback", json_is_null(json_object_get(document, "fallback")));
    json_decref(document);
    edition_close(&fresh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_places_are_filled_from_wider_windows),
        cmocka_unit_test(views_are_told_in_the_paper_s_words),
        cmocka_unit_test(without_counts_nothing_is_counted),
        cmocka_unit_test(before_anything_is_counted_all_is_empty),
    };
    return cmocka_run_group_tests_name("document/most_read", tests, set_up, tear_down);
}
