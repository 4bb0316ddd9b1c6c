/* Maps an article's change to topics. An article that was in no list and is in none now was never
 * shown, so only its own entry is marked, and that only if its status, section or time changed. */
#include "freshness/article_changes.h"

#include <assert.h>

/* Section and status only change in an article that is_moved says has moved. */
static bool is_consistent(const struct article_change *change)
{
    return change->is_moved || (change->section_id == change->section_id_before &&
                                change->is_listed == change->was_listed);
}

void article_change_mark(const struct article_change *change, struct change_set *changes)
{
    assert(is_consistent(change));
    bool is_shown = change->was_listed || change->is_listed;
    if (!is_shown && !change->is_moved)
        return;
    change_set_add(changes, TOPIC_ARTICLE, change->id);
    if (change->is_moved || change->is_card_edited)
        change_set_add(changes, TOPIC_CARD, change->id);
    if (!is_shown)
        return;
    if (change->is_moved) {
        change_set_add(changes, TOPIC_LIST, 0);
        change_set_add(changes, TOPIC_LIST, change->section_id);
        change_set_add(changes, TOPIC_LIST, change->section_id_before);
    }
    if (change->was_lead || change->is_lead)
        change_set_add(changes, TOPIC_LEAD, 0);
    if (change->is_listed)
        change_set_schedule(changes, change->listed_at);
}

void article_change_mark_term(const struct article_change *change, int64_t term_id,
                              struct change_set *changes)
{
    assert(is_consistent(change));
    if (change->is_moved || change->is_terms_edited)
        change_set_add(changes, TOPIC_TERM, term_id);
}

void article_change_mark_new_term(struct change_set *changes)
{
    change_set_add(changes, TOPIC_TERM, 0);
}
