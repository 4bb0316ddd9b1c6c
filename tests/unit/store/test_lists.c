#include "store/lists.h"

#include "paper.h"
#include "store/articles.h"
#include "store/sections.h"

#include <stdlib.h>

enum {
    ARTICLES = 300,
    WALKS = 200,
    NOW = 1713247200,
};

/* An article as a naive list knows it. */
struct model {
    int64_t at;
    int section;
    int tag, author; /* 0: none */
    bool listed;
};

static struct paper paper;
static struct model models[ARTICLES + 1];
static int64_t tags[4], authors[3];

static void put_article(struct buf *lines, int id)
{
    const struct model *model = &models[id];
    buf_format(lines,
               "{\"type\":\"article\",\"slug\":\"a%d\",\"section\":\"s%d\",\"headline\":\"H\","
               "\"body\":\"B\",\"status\":\"%s\",\"published_at\":\"",
               id, model->section, model->listed ? "published" : "withdrawn");
    instant_format(model->at, lines);
    buf_char(lines, '"');
    if (model->tag)
        buf_format(lines, ",\"tags\":[\"t%d\",\"every\"]", model->tag);
    if (model->author)
        buf_format(lines, ",\"authors\":[\"w%d\"]", model->author);
    buf_text(lines, "}\n");
}

/* Many articles share a second, so that ties are common. */
static int set_up(void **state)
{
    (void)state;
    struct random random = random_seeded(5);
    struct buf lines;
    paper_open(&paper);
    buf_init(&lines, 1024 * 1024);
    for (int i = 1; i <= 3; i++)
        buf_format(&lines, "{\"type\":\"section\",\"slug\":\"s%d\",\"name\":\"S\"}\n", i);
    for (int id = 1; id <= ARTICLES; id++) {
        models[id] = (struct model){
            .at = NOW + 5 - random_below(&random, 60),
            .section = 1 + (int)random_below(&random, 3),
            .tag = (int)random_below(&random, 4),
            .author = (int)random_below(&random, 3),
            .listed = random_below(&random, 10) > 0,
        };
        put_article(&lines, id);
    }
    paper_import(&paper, buf_string(&lines));
    buf_release(&lines);
    for (int i = 1; i < 4; i++) {
        char key[4] = {'t', (char)('0' + i), '\0', '\0'};
        check_status(key, term_find(paper.db, TERM_TAG, key, &tags[i]), STATUS_OK);
    }
    for (int i = 1; i < 3; i++) {
        char key[4] = {'w', (char)('0' + i), '\0', '\0'};
        check_status(key, term_find(paper.db, TERM_AUTHOR, key, &authors[i]), STATUS_OK);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    paper_close(&paper);
    return 0;
}

static int newer_first(const void *left, const void *right)
{
    const struct position *a = left, *b = right;
    if (a->at != b->at)
        return a->at > b->at ? -1 : 1;
    return a->id > b->id ? -1 : 1;
}

/* Every article that fits, newest first. */
static size_t naive(const struct filter *filter, int section, int tag, int author,
                    struct position *list)
{
    size_t len = 0;
    for (int id = 1; id <= ARTICLES; id++) {
        const struct model *model = &models[id];
        bool behind = model->at < filter->before.at ||
                      (model->at == filter->before.at && id < filter->before.id);
        if (model->listed && behind && model->at >= filter->from_at &&
            (!section || model->section == section) && (!tag || model->tag == tag) &&
            (!author || model->author == author))
            list[len++] = (struct position){model->at, id};
    }
    qsort(list, len, sizeof *list, newer_first);
    return len;
}

/* Walks a list page by page and holds it against the naive one. */
static void walk(const char *name, struct filter filter, int section, int tag, int author)
{
    static struct position expected[ARTICLES];
    struct page page;
    size_t at = 0, len;
    filter.section_id = section;
    filter.tag_id = tags[tag];
    filter.author_id = authors[author];
    len = naive(&filter, section, tag, author, expected);
    do {
        check_status(name, list_page(paper.db, &filter, &page), STATUS_OK);
        check_at_most(name, page.count, filter.limit);
        for (int i = 0; i < page.count; i++, at++) {
            check_true(name, at < len);
            check_number(name, page.articles[i].id, expected[at].id);
            check_number(name, page.articles[i].at, expected[at].at);
        }
        if (page.more)
            check_number("a page before the last is full", page.count, filter.limit);
        filter.before = page.next;
    } while (page.more);
    check_number(name, (int64_t)at, (int64_t)len);
}

static void pages_together_are_the_list(void **state)
{
    (void)state;
    struct random random = random_seeded(77);
    for (int i = 0; i < WALKS; i++) {
        struct filter filter = {.from_at = INT64_MIN, .before = position_newest(NOW)};
        filter.limit = 1 + (int)random_below(&random, i % 2 ? 10 : LIST_PAGE_MAX);
        if (random_below(&random, 3) == 0)
            filter.from_at = NOW - random_below(&random, 60);
        if (random_below(&random, 3) == 0)
            filter.before = (struct position){NOW - random_below(&random, 60), 0};
        int section = (int)random_below(&random, 4), tag = (int)random_below(&random, 4);
        int author = (int)random_below(&random, 3);
        char name[80];
        snprintf(name, sizeof name, "walk %d: section %d, tag %d, author %d", i, section, tag,
                 author);
        walk(name, filter, section, tag, author);
    }
}

/* What came with a list's cards, held against what a card by id says. */
struct cards {
    int64_t ids[LIST_PAGE_MAX], now_s;
    int len, most; /* `most`: how many cards are accepted before it fails; 0: all */
};

static void check_card(int64_t id, struct query *row)
{
    static const char *const texts[] = {"slug",     "section_slug", "section_name", "kicker",
                                        "headline", "standfirst",   "image",        "language"};
    static const char *const numbers[] = {"id", "published_at", "updated_at"};
    size_t len;
    struct query *alone;
    check_status("by id", card_row(paper.db, id, NOW + 10, &alone), STATUS_OK);
    if (alone != row) {
        for (size_t i = 0; i < COUNT(texts); i++)
            check_text(texts[i], query_text(row, texts[i], &len),
                       query_text(alone, texts[i], &len));
        for (size_t i = 0; i < COUNT(numbers); i++)
            check_number(numbers[i], query_number(row, numbers[i]),
                         query_number(alone, numbers[i]));
        query_end(alone, STATUS_OK);
    }
}

static enum status take_checked(void *arg, int64_t id, struct query *row)
{
    struct cards *cards = arg;
    check_number("its id", query_number(row, "id"), id);
    check_true("its time has come", query_number(row, "published_at") <= cards->now_s);
    check_card(id, row);
    cards->ids[cards->len++] = id;
    return cards->len == cards->most ? STATUS_FULL : STATUS_OK;
}

/* Scheduled articles are skipped, and count towards the page's limit. */
static void check_cards(const char *name, const struct filter *filter, int64_t now_s)
{
    int at = 0;
    struct page page, alone;
    struct cards cards = {.now_s = now_s};
    check_status(name, list_cards(paper.db, filter, now_s, take_checked, &cards, &page), STATUS_OK);
    check_status(name, list_page(paper.db, filter, &alone), STATUS_OK);
    check_number(name, page.count, alone.count);
    check_true(name, page.more == alone.more);
    check_number(name, page.next.id, alone.next.id);
    for (int i = 0; i < page.count; i++) {
        check_number(name, page.articles[i].id, alone.articles[i].id);
        if (page.articles[i].at <= now_s)
            check_number(name, cards.ids[at++], page.articles[i].id);
    }
    check_number(name, cards.len, at);
}

static const struct {
    const char *name;
    struct filter filter;
    bool has_tag, has_author;
} card_lists[] = {
    {"no filter", {.limit = 20}, false, false},
    {"a section", {.section_id = 2, .limit = 20}, false, false},
    {"a section's last page", {.section_id = 2, .limit = LIST_PAGE_MAX}, false, false},
    {"no such section", {.section_id = 99, .limit = 5}, false, false},
    {"a tag", {.limit = 20}, true, false},
    {"an author in a section", {.section_id = 1, .limit = 20}, false, true},
    {"both", {.limit = 20}, true, true},
};

static void cards_are_those_of_the_page(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(card_lists); i++) {
        struct filter filter = card_lists[i].filter;
        filter.from_at = INT64_MIN;
        filter.tag_id = card_lists[i].has_tag ? tags[1] : 0;
        filter.author_id = card_lists[i].has_author ? authors[1] : 0;
        filter.before = position_newest(NOW);
        check_cards(card_lists[i].name, &filter, NOW);
        filter.before = position_newest(NOW + 5);
        check_cards(card_lists[i].name, &filter, NOW);
        check_cards(card_lists[i].name, &filter, NOW + 5);
    }
}

static void who_fails_to_take_a_card_ends_the_list(void **state)
{
    (void)state;
    struct page page;
    for (size_t i = 0; i < COUNT(card_lists); i++) {
        struct cards cards = {.now_s = NOW, .most = 2};
        struct filter filter = card_lists[i].filter;
        filter.from_at = INT64_MIN;
        filter.before = position_newest(NOW);
        filter.tag_id = card_lists[i].has_tag ? tags[1] : 0;
        if (filter.section_id == 99)
            continue;
        check_status(card_lists[i].name,
                     list_cards(paper.db, &filter, NOW, take_checked, &cards, &page), STATUS_FULL);
        check_number(card_lists[i].name, cards.len, 2);
    }
}

static void what_is_to_come_or_withdrawn_is_not_listed(void **state)
{
    (void)state;
    struct page page;
    struct filter filter = {
        .from_at = NOW + 1, .before = position_newest(NOW), .limit = LIST_PAGE_MAX};
    check_status("to come", list_page(paper.db, &filter, &page), STATUS_OK);
    check_number("to come", page.count, 0);
    check_true("no more", !page.more);
    filter.before = position_newest(NOW + 5);
    check_status("later", list_page(paper.db, &filter, &page), STATUS_OK);
    check_true("later", page.count > 0);
    for (int i = 0; i < page.count; i++)
        check_true("listed", models[page.articles[i].id].listed);
}

static void an_unknown_filter_gives_an_empty_page(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct filter filter;
    } cases[] = {
        {"a section", {.section_id = 99}},
        {"a tag", {.tag_id = 999}},
        {"an author", {.author_id = 999}},
        {"all", {.section_id = 99, .tag_id = 999, .author_id = 999}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct page page;
        struct filter filter = cases[i].filter;
        filter.from_at = INT64_MIN;
        filter.before = position_newest(NOW);
        filter.limit = 10;
        check_status(cases[i].name, list_page(paper.db, &filter, &page), STATUS_OK);
        check_number(cases[i].name, page.count, 0);
        check_true(cases[i].name, !page.more);
    }
}

/* Articles are published before and, late, after the position where a reader is. */
static void articles_that_arrive_skip_and_repeat_none(void **state)
{
    (void)state;
    struct page page;
    struct paper other;
    struct filter filter = {.from_at = INT64_MIN, .before = position_newest(NOW), .limit = 7};
    bool seen[200] = {false};
    char line[200];
    int pages = 0, old = 0;
    paper_open(&other);
    paper_import(&other, "{\"type\":\"section\",\"slug\":\"s\",\"name\":\"S\"}\n");
    for (int id = 1; id <= 100; id++) {
        snprintf(line, sizeof line,
                 "{\"type\":\"article\",\"slug\":\"a%d\",\"section\":\"s\",\"headline\":\"H\","
                 "\"body\":\"\",\"published_at\":\"2024-04-16T05:%02d:00Z\"}\n",
                 id, id % 60);
        paper_import(&other, line);
    }
    do {
        check_status("page", list_page(other.db, &filter, &page), STATUS_OK);
        for (int i = 0; i < page.count; i++) {
            int64_t id = page.articles[i].id;
            check_true("not repeated", !seen[id]);
            seen[id] = true;
            old += id <= 100;
        }
        filter.before = page.next;
        pages++;
        snprintf(line, sizeof line,
                 "{\"type\":\"article\",\"slug\":\"n%d\",\"section\":\"s\",\"headline\":\"H\","
                 "\"body\":\"\",\"published_at\":\"2024-04-16T05:%02d:00Z\"}\n",
                 pages, 59 - pages);
        paper_import(&other, line);
    } while (page.more);
    paper_close(&other);
    check_number("none skipped", old, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_together_are_the_list),
        cmocka_unit_test(cards_are_those_of_the_page),
        cmocka_unit_test(who_fails_to_take_a_card_ends_the_list),
        cmocka_unit_test(what_is_to_come_or_withdrawn_is_not_listed),
        cmocka_unit_test(an_unknown_filter_gives_an_empty_page),
        cmocka_unit_test(articles_that_arrive_skip_and_repeat_none),
    };
    return cmocka_run_group_tests_name("store/lists", tests, set_up, tear_down);
}
