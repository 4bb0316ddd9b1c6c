#include "document/lists.h"

#include "edition.h"

#include <stdlib.h>

enum {
    LINE_BYTES = 4096,
};

static struct edition edition;
static int minute; /* of the next article, after the edition's */

static int set_up(void **state)
{
    (void)state;
    edition_open(&edition);
    minute = 0;
    edition.context.now_s = PAPER_NOW + 1800;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    edition_close(&edition);
    return 0;
}

static struct list_request ask_all(int limit)
{
    return (struct list_request){.path = "/tag/x",
                                 .from_at = INT64_MIN,
                                 .before = position_newest(edition.context.now_s),
                                 .limit = limit,
                                 .fields = FIELDS_CARD};
}

/* Imports an article, a minute newer than the last, with JSON arrays of tags and authors. */
static void put(const char *slug, const char *status, const char *tags, const char *authors)
{
    struct buf line;
    buf_init(&line, LINE_BYTES);
    buf_format(&line,
               "{\"type\":\"article\",\"slug\":\"%s\",\"section\":\"world\",\"headline\":\"H\","
               "\"body\":\"\",\"status\":\"%s\",\"tags\":%s,\"authors\":%s,\"published_at\":\"",
               slug, status, tags, authors);
    instant_format(PAPER_NOW + ++minute * 60, &line);
    buf_text(&line, "\"}\n");
    paper_import(&edition.paper, buf_string(&line));
    buf_release(&line);
}

static json_t *term(enum term_kind kind, const char *name, const struct list_request *request)
{
    json_t *document = NULL;
    check_status(name, term_document(&edition.context, kind, name, request, &document), STATUS_OK);
    return document;
}

static const char *name_of(const json_t *document)
{
    return json_string_value(json_object_get(document, "name"));
}

static void check_term(const char *name, enum term_kind kind, const char *asked,
                       const char *spelled, const char *ids)
{
    struct list_request request = ask_all(100);
    json_t *document = term(kind, asked, &request);
    check_text(name, name_of(document), spelled);
    check_ids(name, document, ids);
    json_decref(document);
}

static void check_absent(const char *name, enum term_kind kind, const char *asked)
{
    struct list_request request = ask_all(100);
    json_t *document = NULL;
    check_status(name, term_document(&edition.context, kind, asked, &request, &document),
                 STATUS_ABSENT);
    check_true(name, document == NULL);
}

/* Each row has spellings of one name: the first is in an article, all are requested. */
static const struct {
    const char *name;
    const char *spellings[6];
} names[] = {
    {"as it is written", {"কর"}},
    {"a joiner", {"র\u200D্যাব", "র্যাব", "র\u200C্যাব"}},
    {"no joiner", {"শর্ত", "শর\u200D্ত"}},
    {"khanda ta", {"\u09CE", "\u09A4\u09CD\u200D"}},
    {"khanda ta of old", {"স\u09A4\u09CD\u200D", "স\u09CE"}},
    {"a letter with its nukta", {"পা\u09A1\u09BCা", "পা\u09DCা"}},
    {"the same in one code", {"বা\u09DCি", "বা\u09A1\u09BCি"}},
    {"yya", {"সম\u09DF", "সম\u09AF\u09BC"}},
    {"o as one sign and as two", {"দ\u09CBল", "দ\u09C7\u09BEল"}},
    {"aa as one letter and as two", {"\u0986ম", "\u0985\u09BEম"}},
    {"Bengali digits", {"১৯৭১", "1971", "১9৭1"}},
    {"ASCII digits", {"2024", "২০২৪"}},
    {"hidden characters", {"গান", "\uFEFFগা\u200Bন\u00AD", "গা\u2060ন"}},
    {"accents", {"Bront\u00EB", "Bronte\u0308"}},
    {"a space", {"জাতীয় সংসদ", "জা\u200Bতীয় সংসদ"}},
    {"marks", {"C++ & \"Tax\"/?#%", "C++ & \"Tax\"/?#%\u200D"}},
};

static void a_name_is_found_in_any_spelling(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        char slug[16], ids[16];
        json_t *tags = json_pack("[s]", names[i].spellings[0]);
        char *text = json_dumps(tags, JSON_COMPACT);
        snprintf(slug, sizeof slug, "n-%zu", i);
        put(slug, "published", i == 0 ? "[]" : text, text);
        snprintf(ids, sizeof ids, "%zu ", EDITION_ARTICLES + 1 + i);
        for (size_t j = 0; j < COUNT(names[i].spellings) && names[i].spellings[j]; j++) {
            check_term(names[i].name, TERM_AUTHOR, names[i].spellings[j], names[i].spellings[0],
                       ids);
            if (i > 0)
                check_term(names[i].name, TERM_TAG, names[i].spellings[j], names[i].spellings[0],
                           ids);
        }
        free(text);
        json_decref(tags);
    }
    check_term("what the edition has", TERM_TAG, "কর", "কর", "15 12 9 6 3 ");
}

/* Compared is by keys, and these differ. */
static void what_only_looks_alike_is_another_name(void **state)
{
    (void)state;
    static const struct {
        const char *name, *asked;
    } cases[] = {
        {"another case", "tax"},
        {"upper case", "TAX"},
        {"a space behind", "Tax "},
        {"a space in front", " Tax"},
        {"the beginning", "Ta"},
        {"more", "Taxi"},
        {"without its vowel", "ক"},
        {"nobody", "নেই"},
        {"nothing", ""},
        {"hidden characters alone", "\u200B\u200D"},
        {"a wildcard", "%"},
        {"another", "T_x"},
        {"not UTF-8", "Ta\xFF"},
        {"half a letter", "\xE0\xA6"},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_absent(cases[i].name, TERM_TAG, cases[i].asked);
}

static void a_tag_is_no_author(void **state)
{
    (void)state;
    check_term("a tag", TERM_TAG, "Tax", "Tax", "16 12 8 4 ");
    check_absent("a tag as an author", TERM_AUTHOR, "Tax");
    check_term("an author", TERM_AUTHOR, "W1", "W1", "16 14 12 10 8 6 4 2 ");
    check_absent("an author as a tag", TERM_TAG, "W1");
    put("both", "published", "[\"W1\"]", "[\"Tax\"]");
    check_term("a tag that is an author's name", TERM_TAG, "W1", "W1", "21 ");
    check_term("an author with a tag's name", TERM_AUTHOR, "Tax", "Tax", "21 ");
    check_term("the tag as before", TERM_TAG, "Tax", "Tax", "16 12 8 4 ");
}

static void a_name_that_is_too_long_is_absent(void **state)
{
    (void)state;
    static const size_t lengths[] = {512, 4096, 4097, 100000};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        char *name = malloc(lengths[i] + 1);
        assert_non_null(name);
        memset(name, 'a', lengths[i]);
        name[lengths[i]] = '\0';
        check_absent("long", TERM_TAG, name);
        free(name);
    }
}

/* A name is spelled as in the newest article, however the client spelled it. */
static void a_name_is_spelled_as_in_the_newest_article(void **state)
{
    (void)state;
    put("old", "published", "[\"বিজয় ১৯৭১\"]", "[\"A\"]");
    put("new", "published", "[\"মুক্তি\",\"বিজয় 1971\",\"বিজয় ১৯৭1\"]", "[\"\\u200BA\"]");
    check_term("the newer one's first", TERM_TAG, "বিজয় ১৯৭১", "বিজয় 1971", "22 21 ");
    check_term("an author's", TERM_AUTHOR, "A", "\u200BA", "22 21 ");
    put("newest", "published", "[\"বিজয় ১৯৭\\u200B১\"]", "[]");
    check_term("a third", TERM_TAG, "বিজয় 1971", "বিজয় ১৯৭\u200B১", "23 22 21 ");
    minute = 2;
    put("newest", "withdrawn", "[\"বিজয় ১৯৭\\u200B১\"]", "[]");
    check_term("without the newest", TERM_TAG, "বিজয় ১৯৭১", "বিজয় 1971", "22 21 ");
    minute = 1;
    put("new", "published", "[\"মুক্তি\"]", "[]");
    check_term("without the second", TERM_TAG, "বিজয় ১৯৭১", "বিজয় ১৯৭১", "21 ");
    minute = 10;
    put("to-come", "scheduled", "[\"বিজয় 1৯৭১\"]", "[]");
    edition.context.now_s = PAPER_NOW + 11 * 60 - 1;
    check_term("before the scheduled one", TERM_TAG, "বিজয় ১৯৭১", "বিজয় ১৯৭১", "21 ");
    edition.context.now_s++;
    check_term("when it has come", TERM_TAG, "বিজয় ১৯৭১", "বিজয় 1৯৭১", "24 21 ");
}

static void what_nobody_may_read_has_no_tags(void **state)
{
    (void)state;
    static const struct {
        const char *status, *tag;
    } cases[] = {{"draft", "D"}, {"withdrawn", "W"}, {"scheduled", "S"}, {"published", "P"}};
    minute = 60;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char tags[16];
        snprintf(tags, sizeof tags, "[\"%s\"]", cases[i].tag);
        put(cases[i].tag, cases[i].status, tags, tags);
        check_absent(cases[i].status, TERM_TAG, cases[i].tag);
        check_absent(cases[i].status, TERM_AUTHOR, cases[i].tag);
    }
    edition.context.now_s = PAPER_NOW + 7200;
    check_absent("a draft later", TERM_TAG, "D");
    check_absent("a withdrawn one later", TERM_TAG, "W");
    check_term("a scheduled one later", TERM_TAG, "S", "S", "23 ");
    check_term("a published one later", TERM_AUTHOR, "P", "P", "24 ");
}

static void a_tag_goes_with_its_last_article(void **state)
{
    (void)state;
    put("only", "published", "[\"একা\"]", "[]");
    check_term("published", TERM_TAG, "একা", "একা", "21 ");
    put("only", "withdrawn", "[\"একা\"]", "[]");
    check_absent("withdrawn", TERM_TAG, "একা");
    put("only", "published", "[\"দোকা\"]", "[]");
    check_absent("without the tag", TERM_TAG, "একা");
    put("only", "draft", "[\"দোকা\"]", "[]");
    check_absent("a draft", TERM_TAG, "দোকা");
    put("only", "published", "[\"একা\"]", "[]");
    check_term("and back", TERM_TAG, "একা", "একা", "21 ");
}

/* The name is in the path, and the next page's address says nothing more of it. */
static void pages_keep_the_name_and_the_path(void **state)
{
    (void)state;
    static const struct {
        const char *ids, *next;
    } pages[] = {
        {"15 12 ", "/tag/%E0%A6%95%E0%A6%B0?limit=2&cursor=1713246720.12"},
        {"9 6 ", "/tag/%E0%A6%95%E0%A6%B0?limit=2&cursor=1713246360.6"},
        {"3 ", NULL},
    };
    struct list_request request = ask_all(2);
    request.path = "/tag/%E0%A6%95%E0%A6%B0";
    for (size_t i = 0; i < COUNT(pages); i++) {
        json_t *document = term(TERM_TAG, "ক\u200Bর", &request);
        const char *next = json_string_value(json_object_get(document, "next"));
        check_text("name", name_of(document), "কর");
        check_ids("items", document, pages[i].ids);
        check_text("next", next, pages[i].next);
        check_number("fields", (int64_t)json_object_size(document), 3);
        if (next)
            check_true(next, cursor_parse(strstr(next, "cursor=") + 7, &request.before));
        json_decref(document);
    }
}

/* A page's path has its length, and says nothing of that either. */
static void a_page_repeats_only_the_cursor(void **state)
{
    (void)state;
    struct list_request request = ask_all(3);
    request.path = "/author/W2";
    request.limit_is_fixed = true;
    json_t *document = term(TERM_AUTHOR, "W2", &request);
    check_ids("items", document, "17 15 13 ");
    check_text("next", json_string_value(json_object_get(document, "next")),
               "/author/W2?cursor=1713246780.13");
    json_decref(document);
}

static void the_name_stands_in_front(void **state)
{
    (void)state;
    struct list_request request = ask_all(1);
    request.fields = fields_named(card_fields, "id", 2);
    json_t *document = term(TERM_TAG, "Tax", &request);
    char *text = json_dumps(document, JSON_COMPACT);
    check_text("all of it", text,
               "{\"name\":\"Tax\",\"items\":[{\"id\":16}],"
               "\"next\":\"/tag/x?limit=1&cursor=1713246960.16\"}");
    free(text);
    json_decref(document);
}

/* On every page, and after the last, where the list is empty. */
static void the_name_is_the_newests_on_every_page(void **state)
{
    (void)state;
    put("older", "published", "[\"1971\"]", "[]");
    put("newer", "published", "[\"১৯৭১\"]", "[]");
    int64_t newer = paper_id(&edition.paper, "newer"), older = paper_id(&edition.paper, "older");
    const struct position places[] = {position_newest(edition.context.now_s),
                                      {.at = PAPER_NOW + 2 * 60, .id = newer},
                                      {.at = PAPER_NOW + 60, .id = older}};
    static const int64_t items[] = {1, 1, 0};
    for (size_t i = 0; i < COUNT(places); i++) {
        struct list_request request = ask_all(1);
        request.before = places[i];
        json_t *document = term(TERM_TAG, "1971", &request);
        check_text("name", name_of(document), "১৯৭১");
        check_number("items", (int64_t)json_array_size(json_object_get(document, "items")),
                     items[i]);
        json_decref(document);
    }
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* Only a damaged database has it; as a filter, 0 is no restriction. */
static void a_term_with_the_id_0_is_an_error(void **state)
{
    (void)state;
    struct list_request request = ask_all(100);
    json_t *document = NULL;
    put("a", "published", "[\"T\"]", "[\"A\"]");
    check_status("damage",
                 db_run(edition.paper.db, "PRAGMA foreign_keys = OFF;"
                                          "UPDATE terms SET id = 0 WHERE key = 'T'"),
                 STATUS_OK);
    check_status("its page", term_document(&edition.context, TERM_TAG, "T", &request, &document),
                 STATUS_UNUSABLE);
    request.tag = "T";
    check_status("its list", list_document(&edition.context, &request, &document), STATUS_UNUSABLE);
    check_true("untouched", document == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_name_is_found_in_any_spelling),
        TEST(what_only_looks_alike_is_another_name),
        TEST(a_tag_is_no_author),
        TEST(a_name_that_is_too_long_is_absent),
        TEST(a_name_is_spelled_as_in_the_newest_article),
        TEST(what_nobody_may_read_has_no_tags),
        TEST(a_tag_goes_with_its_last_article),
        TEST(pages_keep_the_name_and_the_path),
        TEST(a_page_repeats_only_the_cursor),
        TEST(the_name_stands_in_front),
        TEST(the_name_is_the_newests_on_every_page),
        TEST(a_term_with_the_id_0_is_an_error),
    };
    return cmocka_run_group_tests_name("document/term", tests, NULL, NULL);
}
