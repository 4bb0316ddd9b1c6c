#include "document/related.h"

#include "edition.h"

static struct edition edition;

static int set_up(void **state)
{
    (void)state;
    edition_open(&edition);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    edition_close(&edition);
    return 0;
}

/* a-1 picks a-9 and a-5, and others that can't be seen or are not there; it has no tag. a-12 has
 * both tags. */
static const struct {
    const char *name;
    int64_t id;
    int limit;
    const char *expected;
} relations[] = {
    {"picks, then the section", 1, 100, "9 5 17 15 13 11 7 3 "},
    {"picks alone", 1, 2, "9 5 "},
    {"one pick", 1, 1, "9 "},
    {"none", 1, 0, ""},
    {"two tags, then the section", 12, 100, "16 15 9 8 6 4 3 14 10 2 "},
    {"two tags, cut", 12, 3, "16 15 9 "},
    {"one tag, then the section", 3, 6, "15 12 9 6 17 13 "},
    {"no tag", 17, 3, "15 13 11 "},
};

static void picks_come_first_then_tags_then_the_section(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(relations); i++) {
        json_t *document;
        check_status(
            relations[i].name,
            related_document(&edition.context, relations[i].id, relations[i].limit, &document),
            STATUS_OK);
        check_ids(relations[i].name, document, relations[i].expected);
        check_true("no next", json_is_null(json_object_get(document, "next")));
        json_decref(document);
    }
}

static void what_can_not_be_seen_has_no_relations(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t id;
        enum status expected;
    } cases[] = {
        {"a draft", EDITION_DRAFT, STATUS_ABSENT},
        {"withdrawn", EDITION_WITHDRAWN, STATUS_GONE},
        {"scheduled", EDITION_SCHEDULED, STATUS_ABSENT},
        {"none such", 21, STATUS_ABSENT},
        {"0", 0, STATUS_ABSENT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *document;
        check_status(cases[i].name, related_document(&edition.context, cases[i].id, 5, &document),
                     cases[i].expected);
    }
}

static void a_pick_comes_in_at_its_time(void **state)
{
    (void)state;
    json_t *document;
    struct context later = edition.context;
    later.now_s = PAPER_NOW + 3600;
    check_status("later", related_document(&later, 1, 4, &document), STATUS_OK);
    check_ids("later", document, "9 5 20 17 ");
    json_decref(document);
}

/* The greatest limit, with picks that are the newest articles of the tag. */
static void a_hundred_are_found_behind_twenty_picks(void **state)
{
    (void)state;
    struct edition large;
    struct buf lines;
    json_t *document;
    edition_open(&large);
    buf_init(&lines, 1024 * 1024);
    for (int i = 0; i < 200; i++) {
        buf_format(
            &lines,
            "{\"type\":\"article\",\"slug\":\"t-%d\",\"section\":\"empty\",\"headline\":\"H\","
            "\"body\":\"\",\"tags\":[\"many\"],\"published_at\":\"2023-01-01T%02d:%02d:00Z\"%s",
            i, i / 60, i % 60, i ? "" : ",\"related\":[");
        for (int pick = 199; pick >= 180 && i == 0; pick--)
            buf_format(&lines, "\"t-%d\"%s", pick, pick == 180 ? "]" : ",");
        buf_text(&lines, "}\n");
    }
    paper_import(&large.paper, buf_string(&lines));
    buf_release(&lines);
    int64_t id = paper_id(&large.paper, "t-0");
    check_status("hundred", related_document(&large.context, id, 100, &document), STATUS_OK);
    const json_t *items = json_object_get(document, "items");
    check_number("how many", (int64_t)json_array_size(items), 100);
    for (size_t i = 0; i < json_array_size(items); i++)
        check_number("newest first",
                     json_integer_value(json_object_get(json_array_get(items, i), "id")),
                     id + 199 - (int64_t)i);
    json_decref(document);
    edition_close(&large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(picks_come_first_then_tags_then_the_section),
        cmocka_unit_test(what_can_not_be_seen_has_no_relations),
        cmocka_unit_test(a_pick_comes_in_at_its_time),
        cmocka_unit_test(a_hundred_are_found_behind_twenty_picks),
    };
    return cmocka_run_group_tests_name("document/related", tests, set_up, tear_down);
}
