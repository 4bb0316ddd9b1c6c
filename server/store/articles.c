#include "store/articles.h"

#include "base/buf.h"
#include "language/slug.h"
#include "language/text.h"

#include <string.h>

static const char *const term_kinds[] = {
    [TERM_TAG] = "tag",
    [TERM_AUTHOR] = "author",
};

static void bind_instant(struct query *query, const char *name, int64_t at)
{
    if (at != INSTANT_NONE)
        query_bind_number(query, name, at);
}

static void bind_article(struct query *query, const struct article *article, int64_t now_s)
{
    query_bind_number(query, "section_id", article->section_id);
    query_bind_string(query, "status", article->status);
    bind_instant(query, "published_at", article->published_at);
    bind_instant(query, "updated_at", article->updated_at);
    query_bind_number(query, "now", now_s);
    query_bind_number(query, "most_read", article->most_read);
    query_bind_number(query, "lead", article->lead);
    query_bind_string(query, "language", article->language);
    query_bind_string(query, "slug", article->slug);
    query_bind_string(query, "slug_key", article->slug_key);
    query_bind_string(query, "kicker", article->kicker);
    query_bind_string(query, "headline", article->headline);
    query_bind_string(query, "standfirst", article->standfirst);
    query_bind_string(query, "image", article->image);
    query_bind_string(query, "desk", article->desk);
    query_bind_string(query, "authors", article->authors);
    query_bind_string(query, "credits", article->credits);
    query_bind_string(query, "tags", article->tags);
    query_bind_string(query, "related", article->related);
    query_bind_text(query, "body", article->body, article->body_len);
}

enum status term_find(struct db *db, enum term_kind kind, const char *key, int64_t *id)
{
    struct query *query = db_query(db, SQL_TERM_FIND);
    query_bind_string(query, "kind", term_kinds[kind]);
    query_bind_string(query, "key", key);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *id = query_number(query, "id");
    return query_end(query, status);
}

static enum status term_id(struct db *db, const struct term *term, int64_t *id)
{
    enum status status = term_find(db, term->kind, term->key, id);
    if (status != STATUS_ABSENT)
        return status;
    struct query *query = db_query(db, SQL_TERM_ADD);
    query_bind_string(query, "kind", term_kinds[term->kind]);
    query_bind_string(query, "key", term->key);
    status = query_step(query);
    if (status == STATUS_OK)
        *id = query_number(query, "id");
    return query_end(query, status);
}

static bool is_listed(const struct article *article)
{
    return strcmp(article->status, "published") == 0 || strcmp(article->status, "scheduled") == 0;
}

static enum status add_terms(struct db *db, int64_t id, const struct article *article)
{
    for (int i = 0; i < article->terms_count && is_listed(article); i++) {
        int64_t term = 0;
        enum status status = term_id(db, &article->terms[i], &term);
        if (status != STATUS_OK)
            return status;
        struct query *query = db_query(db, SQL_ARTICLE_TERM_ADD);
        query_bind_number(query, "term_id", term);
        query_bind_number(query, "listed_at", article->published_at);
        query_bind_number(query, "article_id", id);
        query_bind_number(query, "section_id", article->section_id);
        status = query_run(query);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status run_for_article(struct db *db, enum sql which, int64_t id)
{
    struct query *query = db_query(db, which);
    query_bind_number(query, "article_id", id);
    return query_run(query);
}

enum status change_note(struct db *db, int64_t article_id)
{
    return run_for_article(db, SQL_CHANGE_ADD, article_id);
}

/* What other tables repeat of an article's row follows it. */
static enum status follow(struct db *db, int64_t id, const struct article *article, bool is_new)
{
    enum status status = STATUS_OK;
    if (!is_new)
        status = run_for_article(db, SQL_ARTICLE_TERMS_CLEAR, id);
    if (status == STATUS_OK && !is_new)
        status = run_for_article(db, SQL_VIEW_TOTAL_FOLLOW, id);
    if (status == STATUS_OK)
        status = add_terms(db, id, article);
    if (status == STATUS_OK)
        status = change_note(db, id);
    return status;
}

/* The same key under other bytes is most likely a slip; silently taking one for the other would
 * overwrite an article. */
static enum status check_spelling(struct db *db, const struct article *article, struct fault *fault)
{
    struct query *query = db_query(db, SQL_ARTICLE_FIND);
    query_bind_string(query, "slug_key", article->slug_key);
    enum status status = query_step(query);
    if (status == STATUS_OK) {
        size_t len;
        const char *stored = query_text(query, "slug", &len);
        if (strcmp(stored, article->slug) != 0)
            status = fault_set(fault, STATUS_INVALID, "slug",
                               "is another spelling of \"%s\", which is stored; use the same bytes",
                               stored);
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

enum status article_save(struct db *db, const struct article *article, int64_t now_s,
                         enum saved *saved, struct fault *fault)
{
    enum status status = check_spelling(db, article, fault);
    if (status != STATUS_OK)
        return status;
    struct query *query = db_query(db, SQL_ARTICLE_SAVE);
    bind_article(query, article, now_s);
    status = query_step(query);
    if (status == STATUS_ABSENT) {
        *saved = SAVED_SAME;
        return query_end(query, STATUS_OK);
    }
    if (status != STATUS_OK)
        return query_end(query, status);
    int64_t id = query_number(query, "id");
    bool is_new = query_number(query, "revision") == 1;
    query_end(query, STATUS_OK);
    status = follow(db, id, article, is_new);
    if (status == STATUS_OK)
        *saved = is_new ? SAVED_NEW : SAVED_CHANGED;
    return status;
}

enum status article_id_of_key(struct db *db, const char *slug_key, int64_t *id)
{
    struct query *query = db_query(db, SQL_ARTICLE_FIND);
    query_bind_string(query, "slug_key", slug_key);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *id = query_number(query, "id");
    return query_end(query, status);
}

enum status article_id_of_slug(struct db *db, const char *slug, size_t len, int64_t *id)
{
    struct buf key;
    buf_init(&key, SLUG_MAX_BYTES * 3);
    enum status status = text_key(slug, len, &key);
    /* What can't have a key can't be an article's slug. */
    status = status == STATUS_OK ? article_id_of_key(db, buf_string(&key), id) : STATUS_ABSENT;
    buf_release(&key);
    return status;
}

/* `row` has the columns status and listed_at. */
static enum status visible(struct query *row, int64_t now_s)
{
    size_t len;
    if (strcmp(query_text(row, "status", &len), "withdrawn") == 0)
        return STATUS_GONE;
    bool listed = !query_is_null(row, "listed_at") && query_number(row, "listed_at") <= now_s;
    return listed ? STATUS_OK : STATUS_ABSENT;
}

enum status article_standing(struct db *db, int64_t id, struct article_standing *standing)
{
    size_t len;
    struct query *query = db_query(db, SQL_ARTICLE_STATE);
    query_bind_number(query, "id", id);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *standing = (struct article_standing){
            .withdrawn = strcmp(query_text(query, "status", &len), "withdrawn") == 0,
            .listed_at =
                query_is_null(query, "listed_at") ? INSTANT_NONE : query_number(query, "listed_at"),
            .section_id = query_number(query, "section_id"),
            .ranked = query_number(query, "most_read") != 0,
        };
    return query_end(query, status);
}

enum status article_visible(struct db *db, int64_t id, int64_t now_s)
{
    struct query *query = db_query(db, SQL_ARTICLE_STATE);
    query_bind_number(query, "id", id);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        status = visible(query, now_s);
    return query_end(query, status);
}

enum status article_row(struct db *db, int64_t id, int64_t now_s, struct query **row)
{
    struct query *query = db_query(db, SQL_ARTICLE_BY_ID);
    query_bind_number(query, "id", id);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        status = visible(query, now_s);
    if (status != STATUS_OK)
        return query_end(query, status);
    *row = query;
    return STATUS_OK;
}

enum status card_row(struct db *db, int64_t id, int64_t now_s, struct query **row)
{
    struct query *query = db_query(db, SQL_CARD_BY_ID);
    query_bind_number(query, "id", id);
    query_bind_number(query, "now", now_s);
    enum status status = query_step(query);
    if (status != STATUS_OK)
        return query_end(query, status);
    *row = query;
    return STATUS_OK;
}

enum status article_lead(struct db *db, int64_t now_s, int64_t *id)
{
    struct query *query = db_query(db, SQL_ARTICLE_LEAD);
    query_bind_number(query, "now", now_s);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        *id = query_number(query, "id");
    return query_end(query, status);
}
