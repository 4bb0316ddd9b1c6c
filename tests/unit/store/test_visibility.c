/* The rule of what readers may see (store/articles.h), in C and in every SQL statement that gives
 * articles to readers: for each status and time, all of them must agree. */
#include "article.h"
#include "store/articles.h"
#include "store/visibility.h"
#include "store/lists.h"
#include "store/views.h"

#define NOW PAPER_NOW
#define YEAR_1000 INT64_C(-30610224000)

static struct paper paper;

static int open_paper(void **state)
{
    (void)state;
    paper_open(&paper);
    paper_import(&paper,
                 "{\"type\":\"section\",\"slug\":\"s\",\"name\":\"S\"}\n"
                 "{\"type\":\"article\",\"slug\":\"a\",\"section\":\"s\",\"headline\":\"H\","
                 "\"body\":\"\",\"status\":\"draft\"}\n"
                 "{\"type\":\"views\",\"slug\":\"a\",\"hour\":\"2024-04-16T04:00:00Z\","
                 "\"count\":5}\n");
    return 0;
}

static int close_paper(void **state)
{
    (void)state;
    paper_close(&paper);
    return 0;
}

/* Article 1, which leads and has a tag and an author, with another status and time. */
static void save(const char *status, int64_t published_at)
{
    struct article article = article_usual();
    article.status = status;
    article.published_at = published_at;
    article.lead = true;
    article.authors = "[\"W\"]";
    article.tags = "[\"T\"]";
    article.terms[0] = (struct term){TERM_TAG, "T"};
    article.terms[1] = (struct term){TERM_AUTHOR, "W"};
    article.terms_count = 2;
    article_save_in(&paper, &article);
}

static bool is_found(enum status status)
{
    check_true("found or not", status == STATUS_OK || status == STATUS_ABSENT);
    return status == STATUS_OK;
}

static bool by_card(void)
{
    struct query *row;
    enum status status = card_row(paper.db, 1, NOW, &row);
    return status == STATUS_OK ? query_end(row, STATUS_OK) == STATUS_OK : is_found(status);
}

static bool by_lead(void)
{
    int64_t id;
    return is_found(article_lead(paper.db, NOW, &id));
}

static enum status count_card(void *arg, int64_t id, struct query *row)
{
    (void)row;
    check_number("card", id, 1);
    ++*(int *)arg;
    return STATUS_OK;
}

static enum status count_row(void *arg, struct query *row)
{
    check_number("row", query_number(row, "id"), 1);
    ++*(int *)arg;
    return STATUS_OK;
}

/* Whether a list has the article: its positions, its cards, and the cards that a cursor of the
 * future is shown. The three agree. */
static bool by_list(struct filter filter)
{
    struct page page;
    int cards = 0, cards_of_future = 0;
    filter.from_at = INT64_MIN;
    filter.limit = 10;
    filter.before = position_newest(NOW);
    check_status("page", list_page(paper.db, &filter, &page), STATUS_OK);
    bool has_position = page.count == 1;
    check_status("cards", list_cards(paper.db, &filter, NOW, count_card, &cards, &page), STATUS_OK);
    filter.before.at = NOW + 1000;
    check_status("cards", list_cards(paper.db, &filter, NOW, count_card, &cards_of_future, &page),
                 STATUS_OK);
    check_number("cards", cards, has_position);
    check_number("cards after a cursor of the future", cards_of_future, has_position);
    return has_position;
}

static bool by_paper(void)
{
    return by_list((struct filter){.section_id = 0});
}

static bool by_section(void)
{
    return by_list((struct filter){.section_id = 1});
}

static int64_t term(enum term_kind kind, const char *key)
{
    int64_t id;
    /* An article that never was listed has no terms yet. */
    return is_found(term_find(paper.db, kind, key, &id)) ? id : -1;
}

static bool by_tag(void)
{
    return by_list((struct filter){.tag_id = term(TERM_TAG, "T")});
}

static bool by_author_and_tag(void)
{
    return by_list((struct filter){
        .author_id = term(TERM_AUTHOR, "W"), .tag_id = term(TERM_TAG, "T"), .section_id = 1});
}

static bool by_first_since(void)
{
    int64_t at;
    return is_found(list_first_since(paper.db, YEAR_1000, NOW, &at));
}

static bool by_sitemap(void)
{
    int count = 0;
    check_status("by id", list_by_id(paper.db, 1, 9, NOW, count_row, &count), STATUS_OK);
    return count == 1;
}

static bool by_news_sitemap(void)
{
    int count = 0;
    check_status("since", list_published_since(paper.db, YEAR_1000, NOW, 9, count_row, &count),
                 STATUS_OK);
    return count == 1;
}

static bool by_views(int64_t section_id, int64_t since)
{
    struct most_viewed best[3];
    size_t len;
    bool passed_over;
    int64_t oldest;
    const struct most_viewed_request request = {
        .section_id = section_id, .now_s = NOW, .since = since, .most = COUNT(best)};
    check_status("views", views_most(paper.db, &request, best, &len, &passed_over, &oldest),
                 STATUS_OK);
    return len == 1;
}

static bool by_views_of_paper(void)
{
    return by_views(0, INT64_MIN);
}

static bool by_views_of_section(void)
{
    return by_views(1, INT64_MIN);
}

static bool by_views_since(void)
{
    return by_views(1, YEAR_1000);
}

static const struct {
    const char *name;
    bool (*is_shown)(void);
} statements[] = {
    {"card_by_id", by_card},
    {"article_lead", by_lead},
    {"articles_listed and cards_listed", by_paper},
    {"articles_listed_in_section and cards_listed_in_section", by_section},
    {"articles_listed_of_term", by_tag},
    {"articles_listed_of_term with a second term", by_author_and_tag},
    {"articles_listed_from", by_first_since},
    {"addresses_by_id", by_sitemap},
    {"addresses_newest", by_news_sitemap},
    {"most_viewed_ever", by_views_of_paper},
    {"most_viewed_ever_in_section", by_views_of_section},
    {"most_viewed_ever_since", by_views_since},
};

static void check_all(const char *status, int64_t published_at)
{
    struct query *row;
    struct article_standing standing;
    char name[120];
    snprintf(name, sizeof name, "%s at %lld", status, (long long)published_at);
    int64_t listed_at = article_listed_at(status, published_at);
    enum status expected = article_visibility(strcmp(status, "withdrawn") == 0, listed_at, NOW);
    save(status, published_at);
    check_status(name, article_standing(paper.db, 1, &standing), STATUS_OK);
    check_number(name, standing.listed_at, listed_at);
    check_status(name, article_visible(paper.db, 1, NOW), expected);
    enum status got = article_row(paper.db, 1, NOW, &row);
    check_status(name, got, expected);
    if (got == STATUS_OK)
        check_status(name, query_end(row, STATUS_OK), STATUS_OK);
    for (size_t i = 0; i < COUNT(statements); i++) {
        snprintf(name, sizeof name, "%s: %s at %lld", statements[i].name, status,
                 (long long)published_at);
        check_number(name, statements[i].is_shown(), expected == STATUS_OK);
    }
}

static void every_statement_follows_the_rule(void **state)
{
    (void)state;
    static const char *const statuses[] = {"draft", "scheduled", "published", "withdrawn"};
    static const int64_t times[] = {YEAR_1000, NOW - 1, NOW, NOW + 1, NOW + 500};
    for (size_t i = 0; i < COUNT(statuses); i++) {
        for (size_t at = 0; at < COUNT(times); at++)
            check_all(statuses[i], times[at]);
    }
    /* The schema lets only these have no time. */
    check_all("draft", INSTANT_NONE);
    check_all("withdrawn", INSTANT_NONE);
}

static void the_rule_shows_what_is_listed_now(void **state)
{
    (void)state;
    check_number("published", article_listed_at("published", 5), 5);
    check_number("scheduled", article_listed_at("scheduled", 5), 5);
    check_true("a draft", article_listed_at("draft", 5) == INSTANT_NONE);
    check_true("withdrawn", article_listed_at("withdrawn", 5) == INSTANT_NONE);
    check_status("listed", article_visibility(false, 5, 5), STATUS_OK);
    check_status("a second too early", article_visibility(false, 6, 5), STATUS_ABSENT);
    check_status("never", article_visibility(false, INSTANT_NONE, 5), STATUS_ABSENT);
    check_status("withdrawn", article_visibility(true, INSTANT_NONE, 5), STATUS_GONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rule_shows_what_is_listed_now),
        cmocka_unit_test_setup_teardown(every_statement_follows_the_rule, open_paper, close_paper),
    };
    return cmocka_run_group_tests_name("store/visibility", tests, NULL, NULL);
}
