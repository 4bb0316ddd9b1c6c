/* Which topics of db/versions.h a changed article touches: the only place that knows it.
 *
 * Two callers: saving an article (newsroom/save_article), and the scheduler, for which an article
 * whose time has come is a change from not listed to listed.
 */
#ifndef KHOBOR_FRESHNESS_ARTICLE_CHANGES_H
#define KHOBOR_FRESHNESS_ARTICLE_CHANGES_H

#include "db/versions.h"

#include <stdbool.h>
#include <stdint.h>

/* An article before and after a change. "Listed" includes scheduled articles: their time can come
 * between this change and its commit, so they are marked as if it had come. */
struct article_change {
    int64_t id;
    int64_t section_id, section_id_before; /* the same for a new article */
    int64_t listed_at;                     /* when it appears; INT64_MAX: nothing to schedule */
    bool is_listed, was_listed;
    bool is_lead, was_lead;
    bool is_moved;        /* it is new, or its section, time or status changed */
    bool is_card_edited;  /* what lists show of it changed */
    bool is_terms_edited; /* its tags or authors changed */
};

/* Marks everything but the article's terms. */
void article_change_mark(const struct article_change *change, struct change_set *changes);

/* Marks the list of one term that the article has, or had before the change, if the change can be
 * seen in it. */
void article_change_mark_term(const struct article_change *change, int64_t term_id,
                              struct change_set *changes);

/* Marks that a term was stored which did not exist before: a request for it got an empty list. */
void article_change_mark_new_term(struct change_set *changes);

#endif
