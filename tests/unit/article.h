/* An article with every field that a store needs, and its saving. A test overrides the fields that
 * it is about. */
#ifndef KHOBOR_TESTS_ARTICLE_H
#define KHOBOR_TESTS_ARTICLE_H

#include "newsroom/save_article.h"
#include "paper.h"

/* Article "a" of section 1, published at PAPER_NOW, without terms. */
static inline struct article article_usual(void)
{
    return (struct article){
        .slug = "a",
        .slug_key = "a",
        .section_id = 1,
        .status = "published",
        .published_at = PAPER_NOW,
        .updated_at = INSTANT_NONE,
        .most_read = true,
        .language = "bn",
        .headline = "H",
        .authors = "[]",
        .credits = "[]",
        .tags = "[]",
        .related = "[]",
        .body = "B",
        .body_len = 1,
    };
}

/* An empty paper with the sections "s" (id 1) and "t" (id 2). */
static inline void paper_open_with_sections(struct paper *paper)
{
    paper_open(paper);
    paper_import(paper, "{\"type\":\"section\",\"slug\":\"s\",\"name\":\"S\"}\n"
                        "{\"type\":\"section\",\"slug\":\"t\",\"name\":\"T\"}\n");
}

/* Saves an article at PAPER_NOW in a transaction of its own; says whether it is new or changed. */
static inline enum saved article_save_in(struct paper *paper, const struct article *article)
{
    enum saved saved = SAVED_SAME;
    struct fault fault = {.field = ""};
    paper_begin_write(paper);
    check_done("save",
               article_save(paper->db, transaction_changes(paper->transaction), article, PAPER_NOW,
                            &saved, &fault),
               &fault);
    paper_commit(paper);
    return saved;
}

#endif
