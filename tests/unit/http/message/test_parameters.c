#include "http/message/parameters.h"

#include "base/clock.h"
#include "check.h"
#include "document/article.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    NOW = 1800000000, /* 2027-01-15T14:00:00+06:00 */
    ALL = 1023,
};

static struct parameters defaults(void)
{
    return (struct parameters){
        .window = WINDOW_24H,
        .list = {.from_at = INT64_MIN,
                 .before = position_newest(NOW),
                 .limit = 20,
                 .fields = FIELDS_ALL},
    };
}

/* Reads a query into the defaults. What is borrowed lives until target_release. */
static enum status read_query(const char *query, unsigned known, struct parameters *parameters,
                              struct target *target, struct fault *fault)
{
    struct buf text;
    buf_init(&text, 65536);
    buf_format(&text, "/a?%s", query);
    check_done(query, target_parse(buf_string(&text), target, fault), fault);
    buf_release(&text);
    *parameters = defaults();
    return parameters_read(target, known, parameters, fault);
}

static void show_text(const char *name, const char *value, struct buf *to)
{
    if (value)
        buf_format(to, " %s=%s", name, value);
}

/* What an ask has that the defaults have not. */
static void show(const struct parameters *parameters, struct buf *to)
{
    struct parameters before = defaults();
    show_text("section", parameters->list.section, to);
    show_text("tag", parameters->list.tag, to);
    show_text("author", parameters->list.author, to);
    show_text("from_text", parameters->list.from_text, to);
    if (parameters->list.from_at != before.list.from_at)
        buf_format(to, " from_at=%" PRId64, parameters->list.from_at);
    if (parameters->list.before.at != before.list.before.at ||
        parameters->list.before.id != before.list.before.id)
        buf_format(to, " before=%" PRId64 ".%" PRId64, parameters->list.before.at,
                   parameters->list.before.id);
    if (parameters->list.limit != before.list.limit)
        buf_format(to, " limit=%d", parameters->list.limit);
    show_text("fields_text", parameters->list.fields_text, to);
    if (parameters->list.fields != before.list.fields)
        buf_format(to, " fields=%X", parameters->list.fields);
    if (parameters->window != before.window)
        buf_format(to, " window=%s", window_name(parameters->window));
    if (parameters->include)
        buf_format(to, " include=%X", parameters->include);
}

/* 2024-04-16 begins at 1713204000 in Dhaka and ends at 1713290400. */
static const struct {
    const char *name;
    const char *input;
    const char *expected;
} good[] = {
    {"nothing", "", ""},
    {"unknown ones", "page=2&sort=up&limit2=5&Limit=5", ""},
    {"an unknown one twice", "page=2&page=3", ""},
    {"a section", "section=national", " section=national"},
    {"a section there may be", "section=a%20b", " section=a b"},
    {"a tag", "tag=%E0%A6%96%E0%A6%AC%E0%A6%B0", " tag=খবর"},
    {"an author", "author=A.+B", " author=A.+B"},
    {"the least limit", "limit=1", " limit=1"},
    {"the most", "limit=100", " limit=100"},
    {"zeros in front", "limit=007", " limit=7"},
    {"the default", "limit=20", ""},
    {"from a day", "from=2024-04-16", " from_text=2024-04-16 from_at=1713204000"},
    {"from a time", "from=2024-04-16T12:00:00+06:00",
     " from_text=2024-04-16T12:00:00+06:00 from_at=1713247200"},
    {"from a time in UTC", "from=2024-04-16T06:00:00Z",
     " from_text=2024-04-16T06:00:00Z from_at=1713247200"},
    {"from an encoded time", "from=2024-04-16T12%3A00%3A00%2B06%3A00",
     " from_text=2024-04-16T12:00:00+06:00 from_at=1713247200"},
    {"from the first day of all", "from=1000-01-02", " from_text=1000-01-02 from_at=-30610159300"},
    {"to a day, to its end", "to=2024-04-16", " before=1713290400.0"},
    {"to a time, without it", "to=2024-04-16T12:00:00+06:00", " before=1713247200.0"},
    {"to the end of a year", "to=2023-12-31", " before=1704045600.0"},
    {"to a leap day", "to=2024-02-29", " before=1709229600.0"},
    {"to a day that is not over", "to=2027-01-15", ""},
    {"to this second", "to=2027-01-15T08:00:00Z", " before=1800000000.0"},
    {"to a time to come", "to=2027-01-15T08:00:01Z", ""},
    {"to the last day of all", "to=9999-12-31", ""},
    {"from and to", "from=2024-04-15&to=2024-04-16",
     " from_text=2024-04-15 from_at=1713117600 before=1713290400.0"},
    {"from behind to", "from=2024-04-17&to=2024-04-16",
     " from_text=2024-04-17 from_at=1713290400 before=1713290400.0"},
    {"a cursor", "cursor=1713247200.66", " before=1713247200.66"},
    {"a cursor before 1970", "cursor=-5.66", " before=-5.66"},
    {"a cursor to what is yet to come", "cursor=1800000001.1", ""},
    {"a cursor within the time", "to=2024-04-16&cursor=1713247200.66", " before=1713247200.66"},
    {"a cursor behind the time", "to=2024-04-16&cursor=1713290401.66", " before=1713290400.0"},
    {"a cursor at the time's end", "to=2024-04-16&cursor=1713290400.66", " before=1713290400.0"},
    {"the other way round", "cursor=1713247200.66&to=2024-04-16", " before=1713247200.66"},
    {"a field", "fields=id", " fields_text=id fields=1"},
    {"fields", "fields=id,slug,headline", " fields_text=id,slug,headline fields=23"},
    {"fields in any order", "fields=slug,id", " fields_text=slug,id fields=3"},
    {"a field twice", "fields=id,id", " fields_text=id,id fields=1"},
    {"every field",
     "fields=id,slug,url,section,kicker,headline,standfirst,image,published_at,published_text,"
     "updated_at,updated_text",
     " fields_text=id,slug,url,section,kicker,headline,standfirst,image,published_at,"
     "published_text,updated_at,updated_text fields=FFF"},
    {"an hour", "window=1h", " window=1h"},
    {"six hours", "window=6h", " window=6h"},
    {"a day", "window=24h", ""},
    {"seven days", "window=7d", " window=7d"},
    {"thirty days", "window=30d", " window=30d"},
    {"all", "window=all", " window=all"},
    {"to embed", "include=related", " include=1"},
    {"to embed all", "include=related,latest,most_read,site", " include=F"},
    {"to embed in any order", "include=site,related", " include=9"},
    {"all at once",
     "include=site&window=7d&fields=id&cursor=5.6&limit=3&to=2024-04-16&author=c&tag=b&section=a",
     " section=a tag=b author=c before=5.6 limit=3 fields_text=id fields=1 window=7d include=8"},
};

static void parameters_are_read(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < COUNT(good); i++) {
        struct parameters parameters;
        struct target target = {.storage = NULL};
        struct buf got;
        struct fault fault = {.field = ""};
        buf_init(&got, 4096);
        enum status status = read_query(good[i].input, ALL, &parameters, &target, &fault);
        if (status == STATUS_OK)
            show(&parameters, &got);
        else
            buf_format(&got, "%s %s", fault.field, fault.text);
        if (strcmp(buf_string(&got), good[i].expected) != 0) {
            print_error("%s: got \"%s\", not \"%s\"\n", good[i].name, buf_string(&got),
                        good[i].expected);
            wrong++;
        }
        target_release(&target);
        buf_release(&got);
    }
    if (wrong > 0)
        fail();
}

static const struct {
    const char *name;
    const char *input;
    const char *field;
    const char *expected; /* what the fault says */
} bad[] = {
    {"no section", "section=", "section", "must be the slug of a section, got \"\""},
    {"no tag", "tag=", "tag", "must be a tag, got \"\""},
    {"no author", "author", "author", "must be an author's name, got \"\""},
    {"no limit", "limit=", "limit", "must be a whole number from 1 to 100, got \"\""},
    {"in words", "limit=ten", "limit", "must be a whole number from 1 to 100, got \"ten\""},
    {"zero", "limit=0", "limit", "from 1 to 100, got \"0\""},
    {"one too many", "limit=101", "limit", "got \"101\""},
    {"far too many", "limit=1000", "limit", "got \"1000\""},
    {"beyond all numbers", "limit=99999999999999999999999", "limit", "from 1 to 100"},
    {"many zeros", "limit=0001", "limit", "from 1 to 100"},
    {"below zero", "limit=-1", "limit", "got \"-1\""},
    {"a plus", "limit=+5", "limit", "got \"+5\""},
    {"a space in front", "limit=%205", "limit", "got \" 5\""},
    {"a space behind", "limit=5%20", "limit", "got \"5 \""},
    {"a fraction", "limit=1.5", "limit", "got \"1.5\""},
    {"digits and a letter", "limit=5a", "limit", "got \"5a\""},
    {"Bengali digits", "limit=%E0%A7%AB", "limit", "got \"৫\""},
    {"no day", "from=", "from", "a day like 2024-04-16 or a time with a zone"},
    {"a time without a zone", "from=2024-04-16T12:00:00", "from", "a time with a zone"},
    {"a day that is none", "from=2023-02-29", "from", "a day like"},
    {"month 13", "to=2024-13-01", "to", "a day like"},
    {"a day in other order", "to=16-04-2024", "to", "a day like"},
    {"a day with more behind it", "to=2024-04-16x", "to", "got \"2024-04-16x\""},
    {"hour 24", "to=2024-04-16T24:00:00Z", "to", "a day like"},
    {"a year before all", "from=0999-12-31", "from", "a day"},
    {"a month alone", "from=2024-04", "from", "a day like"},
    {"no cursor", "cursor=", "cursor", "what a list's `next` gave"},
    {"half a cursor", "cursor=5", "cursor", "what a list's `next` gave, got \"5\""},
    {"no cursor at all", "cursor=abc", "cursor", "got \"abc\""},
    {"a cursor with more behind it", "cursor=5.6.7", "cursor", "got \"5.6.7\""},
    {"no fields", "fields=", "fields", "names of a card's fields with commas between: id, slug"},
    {"a field of an article", "fields=body", "fields", "got \"body\""},
    {"a field there is none of", "fields=id,nothing", "fields", "got \"id,nothing\""},
    {"a space between", "fields=id,%20slug", "fields", "with commas between"},
    {"a comma at the end", "fields=id,", "fields", "with commas between"},
    {"a comma in front", "fields=,id", "fields", "with commas between"},
    {"two commas", "fields=id,,slug", "fields", "with commas between"},
    {"in capitals", "fields=ID", "fields", "got \"ID\""},
    {"half a name", "fields=head", "fields", "got \"head\""},
    {"no window", "window=", "window", "one of 1h, 6h, 24h, 7d, 30d, all, got \"\""},
    {"another window", "window=12h", "window", "got \"12h\""},
    {"a window in capitals", "window=1H", "window", "got \"1H\""},
    {"a window with more behind it", "window=1hour", "window", "one of"},
    {"nothing to embed", "include=", "include", "related, latest, most_read and site"},
    {"something unknown to embed", "include=related,body", "include", "got \"related,body\""},
    {"twice", "limit=5&limit=5", "limit", "is given more than once"},
    {"twice, once encoded", "limit=5&%6Cimit=6", "limit", "is given more than once"},
    {"twice, apart", "tag=a&limit=5&tag=b", "tag", "is given more than once"},
    {"twice and bad", "limit=a&limit=b", "limit", "is given more than once"},
    {"a cursor twice", "cursor=5.6&cursor=5.6", "cursor", "is given more than once"},
};

static void bad_values_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct parameters parameters;
        struct target target = {.storage = NULL};
        struct fault fault = {.field = ""};
        check_status(bad[i].name, read_query(bad[i].input, ALL, &parameters, &target, &fault),
                     STATUS_INVALID);
        check_text(bad[i].name, fault.field, bad[i].field);
        check_holds(bad[i].name, fault.text, bad[i].expected);
        target_release(&target);
    }
}

/* A parameter that a route does not name is not looked at: neither its value nor how often. */
static void what_a_route_does_not_know_is_ignored(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct parameters parameters;
        struct target target = {.storage = NULL};
        struct buf got;
        struct fault fault = {.field = ""};
        buf_init(&got, 4096);
        check_done(bad[i].name, read_query(bad[i].input, 0, &parameters, &target, &fault), &fault);
        show(&parameters, &got);
        check_text(bad[i].name, buf_string(&got), "");
        target_release(&target);
        buf_release(&got);
    }
}

static const struct {
    const char *query;
    enum parameter parameter;
} one_of_each[] = {
    {"section=a", PARAMETER_SECTION}, {"tag=a", PARAMETER_TAG},
    {"author=a", PARAMETER_AUTHOR},   {"from=2024-04-16", PARAMETER_FROM},
    {"to=2024-04-16", PARAMETER_TO},  {"limit=3", PARAMETER_LIMIT},
    {"cursor=5.6", PARAMETER_CURSOR}, {"fields=id", PARAMETER_FIELDS},
    {"window=1h", PARAMETER_WINDOW},  {"include=site", PARAMETER_INCLUDE},
};

static void each_parameter_has_a_bit_of_its_own(void **state)
{
    (void)state;
    unsigned all = 0;
    for (size_t i = 0; i < COUNT(one_of_each); i++) {
        for (size_t j = 0; j < COUNT(one_of_each); j++) {
            struct parameters parameters;
            struct target target = {.storage = NULL};
            struct buf got;
            struct fault fault = {.field = ""};
            buf_init(&got, 4096);
            check_done(one_of_each[i].query,
                       read_query(one_of_each[i].query, one_of_each[j].parameter, &parameters,
                                  &target, &fault),
                       &fault);
            show(&parameters, &got);
            check_number(one_of_each[i].query, got.len > 0, i == j);
            target_release(&target);
            buf_release(&got);
        }
        all |= one_of_each[i].parameter;
    }
    check_number("all", all, ALL);
}

static void what_came_is_shown_in_bounds(void **state)
{
    (void)state;
    struct parameters parameters;
    struct target target = {.storage = NULL};
    struct fault fault = {.field = ""};
    struct buf query;
    buf_init(&query, 65536);
    buf_text(&query, "limit=");
    for (int i = 0; i < 600; i++)
        buf_text(&query, "খ");
    check_status("long", read_query(buf_string(&query), ALL, &parameters, &target, &fault),
                 STATUS_INVALID);
    check_text("long", fault.text,
               "must be a whole number from 1 to 100, got \"খখখখখখখখখখখখখখখখখখখখ\"");
    target_release(&target);
    buf_release(&query);
}

static int use_zone(void **state)
{
    (void)state;
    return zone_use("Asia/Dhaka") == STATUS_OK ? 0 : -1;
}

/* A civil day need not have 24 hours. */
static void a_day_ends_where_the_next_begins(void **state)
{
    (void)state;
    static const struct {
        const char *name, *zone, *query;
        int64_t expected;
    } cases[] = {
        {"24 hours", "Asia/Dhaka", "to=2024-04-16", 1713290400},
        {"23 hours", "Europe/Berlin", "to=2024-03-31", 1711922400},
        {"25 hours", "Europe/Berlin", "to=2024-10-27", 1730070000},
        {"a day that begins at one", "America/Havana", "to=2024-03-10", 1710129600},
        {"before a day that begins at one", "America/Havana", "to=2024-03-09", 1710046800},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct parameters parameters;
        struct target target = {.storage = NULL};
        struct fault fault = {.field = ""};
        check_status(cases[i].name, zone_use(cases[i].zone), STATUS_OK);
        check_done(cases[i].name, read_query(cases[i].query, ALL, &parameters, &target, &fault),
                   &fault);
        check_number(cases[i].name, parameters.list.before.at, cases[i].expected);
        target_release(&target);
    }
    check_status("back", zone_use("Asia/Dhaka"), STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parameters_are_read),
        cmocka_unit_test(bad_values_are_refused),
        cmocka_unit_test(what_a_route_does_not_know_is_ignored),
        cmocka_unit_test(each_parameter_has_a_bit_of_its_own),
        cmocka_unit_test(what_came_is_shown_in_bounds),
        cmocka_unit_test(a_day_ends_where_the_next_begins),
    };
    return cmocka_run_group_tests_name("http/ask", tests, use_zone, NULL);
}
