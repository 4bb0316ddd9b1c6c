/* The pages of one day of the archive: together they are the day, and a cursor stays in it. */
#include "archive_edition.h"

enum {
    A_DAY = 12, /* articles of the day that is walked through, two in each of its seconds */
    PATH_BYTES = 128,
};

/* A day with A_DAY articles, with one before and after, of which each is a second away. */
static void put_a_day(void)
{
    char slug[16], at[40];
    put("before", "2024-04-15T23:59:59Z", "published");
    for (int i = 0; i < A_DAY; i++) {
        snprintf(slug, sizeof slug, "a-%d", i);
        snprintf(at, sizeof at, "2024-04-16T%02d:00:00Z", i / 2 * 2 % 24);
        put(slug, at, "published");
    }
    put("after", "2024-04-17T00:00:00Z", "published");
}

/* Takes the place where a list goes on from the address of its next page; false at the end. */
static bool follow_next(const json_t *document, struct list_request *request)
{
    const char *next = text_of(document, "next");
    if (!next)
        return false;
    char head[PATH_BYTES];
    size_t len =
        (size_t)snprintf(head, sizeof head, "%s?limit=%d&cursor=", request->path, request->limit);
    check_true(next, strncmp(next, head, len) == 0);
    check_true(next, cursor_parse(next + len, &request->before));
    return true;
}

static void pages_of_a_day_are_the_day(void **state)
{
    (void)state;
    use("UTC");
    put_a_day();
    for (int limit = 1; limit <= A_DAY + 1; limit++) {
        int64_t expected = A_DAY + 1; /* ids; "before" is 1 */
        struct list_request request = ask_all();
        bool more = true;
        request.limit = limit;
        while (more) {
            json_t *document = archive("2024-04-16", &request);
            const json_t *items = json_object_get(document, "items");
            for (size_t i = 0; i < json_array_size(items); i++, expected--)
                check_number("id",
                             json_integer_value(json_object_get(json_array_get(items, i), "id")),
                             expected);
            check_text("previous on every page", text_of(document, "previous"), "2024-04-15");
            check_text("following on every page", text_of(document, "following"), "2024-04-17");
            more = follow_next(document, &request);
            check_true("a page before the last is full",
                       !more || json_array_size(items) == (size_t)limit);
            json_decref(document);
        }
        check_number("the day's first is the last", expected, 1);
    }
}

/* A cursor is a place that anybody can write; it must not lead out of the day. */
static void a_cursor_does_not_leave_the_day(void **state)
{
    (void)state;
    int64_t begin = instant("2024-04-16T00:00:00Z"), end = begin + DAY_S;
    static const char all[] = "13 12 11 10 9 8 7 6 5 4 3 2 ";
    const struct {
        const char *name;
        struct position before;
        const char *expected;
    } cases[] = {
        {"the end of time", {INT64_MAX, INT64_MAX}, all},
        {"the newest", {end + DAY_S, INT64_MAX}, all},
        {"behind what comes after", {end, 15}, all},
        {"in the second after", {end, INT64_MAX}, all},
        {"at the first of the second after", {end, 1}, all},
        {"at the end", {end, 0}, all},
        {"at the end, an id below all", {end, INT64_MIN}, all},
        {"the last second", {end - 1, INT64_MAX}, all},
        {"the last article", {begin + 10 * 3600, 13}, "12 11 10 9 8 7 6 5 4 3 2 "},
        {"the first but one", {begin, 3}, "2 "},
        {"the first", {begin, 2}, ""},
        {"the first second, below all ids", {begin, 0}, ""},
        {"the second before", {begin - 1, INT64_MAX}, ""},
        {"long before", {0, 1}, ""},
        {"the beginning of time", {INT64_MIN, INT64_MIN}, ""},
    };
    use("UTC");
    put_a_day();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct list_request request = ask_all();
        request.before = cases[i].before;
        json_t *document = archive("2024-04-16", &request);
        check_ids(cases[i].name, document, cases[i].expected);
        check_text(cases[i].name, text_of(document, "date"), "2024-04-16");
        check_text(cases[i].name, text_of(document, "next"), NULL);
        check_text(cases[i].name, text_of(document, "previous"), "2024-04-15");
        json_decref(document);
    }
}

/* No field of the request widens the day. */
static void the_day_goes_before_what_was_asked(void **state)
{
    (void)state;
    use("UTC");
    put_a_day();
    struct list_request request = ask_all();
    request.from_at = instant("2024-04-15T00:00:00Z");
    json_t *document = archive("2024-04-16", &request);
    check_ids("from the day before on", document, "13 12 11 10 9 8 7 6 5 4 3 2 ");
    json_decref(document);
    request.fields = fields_named(card_fields, "id", 2);
    request.limit = 1;
    document = archive("2024-04-16", &request);
    char *text = json_dumps(json_object_get(document, "items"), JSON_COMPACT);
    check_text("fields", text, "[{\"id\":13}]");
    free(text);
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(pages_of_a_day_are_the_day, set_up_empty),
        TEST(a_cursor_does_not_leave_the_day, set_up_empty),
        TEST(the_day_goes_before_what_was_asked, set_up_empty),
    };
    return cmocka_run_group_tests_name("document/archive_pages", tests, NULL, NULL);
}
