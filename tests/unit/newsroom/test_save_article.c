#include "newsroom/save_article.h"

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

static int64_t rows(const char *where)
{
    char sql[200];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", where);
    return paper_number(&paper, sql);
}

/* Each change of one field is a change, and only the first time. */
static void a_revision_is_made_for_each_change(void **state)
{
    (void)state;
    int64_t revision = 1;
    struct article article = article_usual();
    check_number("new", save(&article), SAVED_NEW);
    check_number("the same", save(&article), SAVED_SAME);
#define CHANGE(field, value)                                                                     \
    do {                                                                                         \
        article.field = (value);                                                                 \
        check_number(#field, save(&article), SAVED_CHANGED);                                     \
        check_number(#field, save(&article), SAVED_SAME);                                        \
        check_number(#field, paper_number(&paper, "SELECT revision FROM articles"), ++revision); \
    } while (0)
    CHANGE(section_id, 2);
    CHANGE(status, "withdrawn");
    CHANGE(published_at, INSTANT_NONE);
    CHANGE(status, "draft");
    CHANGE(published_at, NOON + 1);
    CHANGE(updated_at, NOON + 2);
    CHANGE(updated_at, INSTANT_NONE);
    CHANGE(most_read, false);
    CHANGE(lead, true);
    CHANGE(language, "en");
    CHANGE(kicker, "K");
    CHANGE(kicker, NULL);
    CHANGE(headline, "h");
    CHANGE(standfirst, "S");
    CHANGE(image, "{\"url\":\"/a\"}");
    CHANGE(image, NULL);
    CHANGE(desk, "D");
    CHANGE(authors, "[\"A\"]");
    CHANGE(credits, "[\"C\"]");
    CHANGE(tags, "[\"T\"]");
    CHANGE(related, "[\"r\"]");
    CHANGE(body, "b");
    check_number("one article", rows("articles"), 1);
    check_number("an id", paper_id(&paper, "a"), 1);
}

static void another_spelling_is_refused(void **state)
{
    (void)state;
    enum saved saved;
    struct fault fault = {.field = ""};
    struct article article = article_usual();
    article.slug = article.slug_key = "ব\u09AF\u09BC";
    save(&article);
    article.slug = "ব\u09DF";
    paper_begin_write(&paper);
    check_status("another spelling",
                 article_save(paper.db, transaction_changes(paper.transaction), &article, NOON,
                              &saved, &fault),
                 STATUS_INVALID);
    transaction_rollback(paper.transaction);
    check_text("field", fault.field, "slug");
    check_holds("which is stored", fault.text, "ব\u09AF\u09BC");
    int64_t id = 0;
    check_status("found by key", article_id_of_key(paper.db, "ব\u09AF\u09BC", &id), STATUS_OK);
    check_status("found in any spelling",
                 article_id_of_slug(paper.db, article.slug, strlen(article.slug), &id), STATUS_OK);
    check_status("none such", article_id_of_slug(paper.db, "b", 1, &id), STATUS_ABSENT);
    check_status("no UTF-8", article_id_of_slug(paper.db, "\x80", 1, &id), STATUS_ABSENT);
    check_status("nothing", article_id_of_slug(paper.db, "", 0, &id), STATUS_ABSENT);
}

static void terms_follow_the_article(void **state)
{
    (void)state;
    int64_t tag, author;
    struct article article = article_usual();
    article.terms[0] = (struct term){TERM_TAG, "কর"};
    article.terms[1] = (struct term){TERM_AUTHOR, "কর"};
    article.terms[2] = (struct term){TERM_TAG, "কর"}; /* once more */
    article.terms_count = 3;
    save(&article);
    check_status("tag", term_find(paper.db, TERM_TAG, "কর", &tag), STATUS_OK);
    check_status("author", term_find(paper.db, TERM_AUTHOR, "কর", &author), STATUS_OK);
    check_true("are two terms", tag != author);
    check_number("each once", rows("article_terms"), 2);
    article.section_id = 2;
    article.published_at = NOON + 5;
    article.terms_count = 1;
    save(&article);
    check_number("section and time follow",
                 rows("article_terms WHERE section_id = 2 AND listed_at = 1713247205"), 1);
    check_number("the author's goes", rows("article_terms"), 1);
    article.status = "withdrawn";
    save(&article);
    check_number("none is listed", rows("article_terms"), 0);
    article.status = "scheduled";
    save(&article);
    check_number("listed again", rows("article_terms"), 1);
    check_status("a term stays", term_find(paper.db, TERM_AUTHOR, "কর", &author), STATUS_OK);
    check_status("none such", term_find(paper.db, TERM_TAG, "ক", &tag), STATUS_ABSENT);
}

/* A body is kept byte for byte, and so is what looks like SQL. */
static void texts_are_kept_byte_for_byte(void **state)
{
    (void)state;
    static const char body[] =
        "'); DROP TABLE articles; --\r\n\t\u200D\u0995\u09CD\u200C\u0964 😀 \u202E";
    size_t len;
    struct query *row;
    struct article article = article_usual();
    article.body = body;
    article.body_len = sizeof body - 1;
    article.headline = "ত\u09CD\u200Dক \u09DC \u09A1\u09BC";
    save(&article);
    check_status("row", article_row(paper.db, 1, NOON, &row), STATUS_OK);
    check_text("headline", query_text(row, "headline", &len), article.headline);
    check_text("body", query_text(row, "body", &len), body);
    check_number("its length", (int64_t)len, sizeof body - 1);
    check_status("end", query_end(row, STATUS_OK), STATUS_OK);
}

int main(void)
{
#define WITH_PAPER(test) cmocka_unit_test_setup_teardown(test, open_paper, close_paper)
    const struct CMUnitTest tests[] = {
        WITH_PAPER(a_revision_is_made_for_each_change),
        WITH_PAPER(another_spelling_is_refused),
        WITH_PAPER(terms_follow_the_article),
        WITH_PAPER(texts_are_kept_byte_for_byte),
    };
    return cmocka_run_group_tests_name("newsroom/save_article", tests, NULL, NULL);
}
