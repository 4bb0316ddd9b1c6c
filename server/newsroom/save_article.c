/* One statement compares the article with the stored one, for the change set; a second writes it
 * if any column differs. Then the tables that repeat columns of its row are brought up to date:
 * article_terms, view_totals, and the queue `changes`. */
#include "newsroom/save_article.h"

#include "freshness/article_changes.h"
#include "store/visibility.h"

#include <assert.h>
#include <string.h>

static void bind_instant(struct query *query, const char *name, int64_t at)
{
    if (at != INSTANT_NONE)
        query_bind_number(query, name, at);
}

/* Binds what a list shows of an article: the columns that the comparison needs. */
static void bind_listed(struct query *query, const struct article *article)
{
    query_bind_number(query, "section_id", article->section_id);
    query_bind_string(query, "status", article->status);
    bind_instant(query, "published_at", article->published_at);
    bind_instant(query, "updated_at", article->updated_at);
    query_bind_string(query, "language", article->language);
    query_bind_string(query, "slug_key", article->slug_key);
    query_bind_string(query, "kicker", article->kicker);
    query_bind_string(query, "headline", article->headline);
    query_bind_string(query, "standfirst", article->standfirst);
    query_bind_string(query, "image", article->image);
    query_bind_string(query, "authors", article->authors);
    query_bind_string(query, "tags", article->tags);
}

/* Compares the article with the stored one, if there is one. `change` comes in as the change that a
 * new article is. */
static enum status compare(struct db *db, const struct article *article,
                           struct article_change *change, bool *is_new, struct fault *fault)
{
    size_t len;
    struct query *row = db_query(db, SQL_ARTICLE_BEFORE);
    bind_listed(row, article);
    enum status status = query_step(row);
    *is_new = status == STATUS_ABSENT;
    if (status != STATUS_OK)
        return query_end(row, *is_new ? STATUS_OK : status);
    const char *slug = query_text(row, "slug", &len);
    if (!slug) /* only in a damaged database */
        return query_end(row, STATUS_UNUSABLE);
    /* The same key in other bytes is most likely a mistake: saving would overwrite an article. */
    if (strcmp(slug, article->slug) != 0) {
        fault_fill(fault, "slug",
                   "is another spelling of \"%s\", which is stored; use the same "
                   "bytes",
                   slug);
        return query_end(row, STATUS_INVALID);
    }
    change->id = query_number(row, "id");
    change->section_id_before = query_number(row, "section_id");
    change->was_listed = query_number(row, "is_listed") != 0;
    change->was_lead = query_number(row, "lead") != 0;
    change->is_moved = query_number(row, "same_place") == 0;
    change->is_card_edited = query_number(row, "same_card") == 0;
    change->is_terms_edited = query_number(row, "same_terms") == 0;
    return query_end(row, STATUS_OK);
}

/* Writes the article's row. STATUS_ABSENT when no column differs from what is stored. */
static enum status write_row(struct db *db, const struct article *article, int64_t now_s,
                             int64_t *id)
{
    struct query *query = db_query(db, SQL_ARTICLE_SAVE);
    bind_listed(query, article);
    query_bind_number(query, "now", now_s);
    query_bind_number(query, "most_read", article->most_read);
    query_bind_number(query, "lead", article->lead);
    query_bind_string(query, "slug", article->slug);
    query_bind_string(query, "desk", article->desk);
    query_bind_string(query, "credits", article->credits);
    query_bind_string(query, "related", article->related);
    query_bind_text(query, "body", article->body, article->body_len);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *id = query_number(query, "id");
    return query_end(query, status);
}

/* Finds the id of a term, which is stored if it is new. */
static enum status find_or_add_term(struct db *db, struct change_set *changes,
                                    const struct term *term, int64_t *id)
{
    enum status status = term_find(db, term->kind, term->key, id);
    if (status != STATUS_ABSENT)
        return status;
    struct query *query = db_query(db, SQL_TERM_ADD);
    query_bind_string(query, "kind", term_kind_name(term->kind));
    query_bind_string(query, "key", term->key);
    status = query_step(query);
    if (status == STATUS_OK)
        *id = query_number(query, "id");
    article_change_mark_new_term(changes);
    return query_end(query, status);
}

static enum status add_terms(struct db *db, struct change_set *changes,
                             const struct article_change *change, const struct article *article)
{
    assert(change->is_listed && change->listed_at == article->published_at);
    for (int i = 0; i < article->terms_count; i++) {
        int64_t term_id = 0;
        enum status status = find_or_add_term(db, changes, &article->terms[i], &term_id);
        if (status != STATUS_OK)
            return status;
        article_change_mark_term(change, term_id, changes);
        struct query *query = db_query(db, SQL_ARTICLE_TERM_ADD);
        query_bind_number(query, "term_id", term_id);
        query_bind_number(query, "listed_at", change->listed_at);
        query_bind_number(query, "article_id", change->id);
        query_bind_number(query, "section_id", article->section_id);
        status = query_run(query);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status clear_terms(struct db *db, struct change_set *changes,
                               const struct article_change *change)
{
    struct query *query = db_query(db, SQL_ARTICLE_TERMS_CLEAR);
    query_bind_number(query, "article_id", change->id);
    enum status status;
    while ((status = query_step(query)) == STATUS_OK)
        article_change_mark_term(change, query_number(query, "term_id"), changes);
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

static enum status run_for_article(struct db *db, enum sql which, int64_t id)
{
    struct query *query = db_query(db, which);
    query_bind_number(query, "article_id", id);
    return query_run(query);
}

enum status article_note_change(struct db *db, int64_t article_id)
{
    return run_for_article(db, SQL_CHANGE_ADD, article_id);
}

enum status article_save(struct db *db, struct change_set *changes, const struct article *article,
                         int64_t now_s, enum saved *saved, struct fault *fault)
{
    assert(article->section_id != 0);
    assert(article->terms_count >= 0 && article->terms_count <= ARTICLE_TERMS_MAX);
    /* As article_input_read asserts: a listed article has a time. */
    assert(article->published_at != INSTANT_NONE ||
           article_listed_at(article->status, 0) == INSTANT_NONE);
    bool is_new;
    int64_t id = 0, listed_at = article_listed_at(article->status, article->published_at);
    struct article_change change = {.section_id = article->section_id,
                                    .section_id_before = article->section_id,
                                    .listed_at = listed_at,
                                    .is_listed = listed_at != INSTANT_NONE,
                                    .is_lead = article->lead,
                                    .is_moved = true};
    enum status status = compare(db, article, &change, &is_new, fault);
    if (status == STATUS_OK)
        status = write_row(db, article, now_s, &id);
    if (status == STATUS_ABSENT) {
        /* The columns that article_before.sql compares are some of those of article_save.sql. */
        assert(!is_new && !change.is_moved && !change.is_card_edited && !change.is_terms_edited);
        *saved = SAVED_SAME;
        return STATUS_OK;
    }
    if (status != STATUS_OK)
        return status;
    assert(is_new || change.id == id);
    change.id = id;
    article_change_mark(&change, changes);
    if (!is_new)
        status = clear_terms(db, changes, &change);
    if (status == STATUS_OK && !is_new)
        status = run_for_article(db, SQL_VIEW_TOTAL_FOLLOW, id);
    if (status == STATUS_OK && change.is_listed)
        status = add_terms(db, changes, &change, article);
    if (status == STATUS_OK)
        status = article_note_change(db, id);
    if (status == STATUS_OK)
        *saved = is_new ? SAVED_NEW : SAVED_CHANGED;
    return status;
}
