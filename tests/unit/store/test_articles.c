#include "store/articles.h"

#include "article.h"

static struct paper paper;

#define NOON PAPER_NOW

static int open_paper(void **state)
{
    (void)state;
    paper_open_with_sections(&paper);
    return 0;
}

static int close_paper(void **state)
{
    (void)state;
    paper_close(&paper);
    return 0;
}

static enum saved save(const struct article *article)
{
    return article_save_in(&paper, article);
}

static const struct {
    const char *name, *status;
    int64_t published_at;
    enum status expected, card;
} standings[] = {
    {"published", "published", NOON, STATUS_OK, STATUS_OK},
    {"published long ago", "published", -30610137600, STATUS_OK, STATUS_OK},
    {"published in a second", "published", NOON + 1, STATUS_ABSENT, STATUS_ABSENT},
    {"scheduled", "scheduled", NOON + 1, STATUS_ABSENT, STATUS_ABSENT},
    {"scheduled, its time has come", "scheduled", NOON, STATUS_OK, STATUS_OK},
    {"a draft", "draft", INSTANT_NONE, STATUS_ABSENT, STATUS_ABSENT},
    {"a draft with a time", "draft", NOON, STATUS_ABSENT, STATUS_ABSENT},
    {"withdrawn", "withdrawn", NOON, STATUS_GONE, STATUS_ABSENT},
    {"withdrawn without a time", "withdrawn", INSTANT_NONE, STATUS_GONE, STATUS_ABSENT},
};

static void an_article_is_seen_from_its_time_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(standings); i++) {
        const char *name = standings[i].name;
        struct query *row;
        struct article_standing standing;
        struct article article = article_usual();
        article.status = standings[i].status;
        article.published_at = standings[i].published_at;
        save(&article);
        check_status(name, article_visible(paper.db, 1, NOON), standings[i].expected);
        enum status status = article_row(paper.db, 1, NOON, &row);
        check_status(name, status, standings[i].expected);
        if (status == STATUS_OK)
            check_status(name, query_end(row, status), STATUS_OK);
        status = card_row(paper.db, 1, NOON, &row);
        check_status(name, status, standings[i].card);
        if (status == STATUS_OK)
            check_status(name, query_end(row, status), STATUS_OK);
        check_status(name, article_standing(paper.db, 1, &standing), STATUS_OK);
        check_number(name, standing.withdrawn, standings[i].expected == STATUS_GONE);
        bool listed =
            strcmp(article.status, "published") == 0 || strcmp(article.status, "scheduled") == 0;
        check_number(name, standing.listed_at, listed ? article.published_at : INSTANT_NONE);
    }
    struct article_standing standing;
    check_status("none such", article_visible(paper.db, 2, NOON), STATUS_ABSENT);
    check_status("none such", article_standing(paper.db, 0, &standing), STATUS_ABSENT);
}

int main(void)
{
#define WITH_PAPER(test) cmocka_unit_test_setup_teardown(test, open_paper, close_paper)
    const struct CMUnitTest tests[] = {
        WITH_PAPER(an_article_is_seen_from_its_time_on),
    };
    return cmocka_run_group_tests_name("store/articles", tests, NULL, NULL);
}
