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

/* The id of a term, which is added if need be. */
static enum status term_id(struct db *db, struct change_set *changes, const struct term *term,
                           int64_t *id)
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
    change_set_add(changes, TOPIC_TERM, 0);
    return query_end(query, status);
}

static bool is_listed(const char *status)
{
    return strcmp(status, "published") == 0 || strcmp(status, "scheduled") == 0;
}

/* What was stored of an article before it is saved. */
struct before {
    bool exists, listed, lead;
    int64_t section_id;
    bool same_place, same_card, same_terms; /* as what is to be saved */
};

static void bind_comparison(struct query *query, const struct article *article)
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

static enum status take_before(struct query *row, const struct article *article,
                               struct before *before, struct fault *fault)
{
    size_t len;
    const char *slug = query_text(row, "slug", &len);
    /* The same key under other bytes is most likely a slip; silently taking one for the other would
     * overwrite an article. */
    if (strcmp(slug, article->slug) != 0)
        return fault_set(fault, STATUS_INVALID, "slug",
                         "is another spelling of \"%s\", which is stored; use the same bytes",
                         slug);
    *before = (struct before){
        .exists = true,
        .listed = is_listed(query_text(row, "status", &len)),
        .lead = query_number(row, "lead") != 0,
        .section_id = query_number(row, "section_id"),
        .same_place = query_number(row, "same_place") != 0,
        .same_card = query_number(row, "same_card") != 0,
        .same_terms = query_number(row, "same_terms") != 0,
    };
    return STATUS_OK;
}

static enum status read_before(struct db *db, const struct article *article, struct before *before,
                               struct fault *fault)
{
    struct query *query = db_query(db, SQL_ARTICLE_BEFORE);
    bind_comparison(query, article);
    enum status status = query_step(query);
    if (status == STATUS_OK)
        status = take_before(query, article, before, fault);
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
}

/* Whether the lists of the article's tags and authors show something else than before. */
static bool moves_terms(const struct before *before)
{
    return !before->exists || !before->same_place || !before->same_terms;
}

/* Marks what shows the article; its terms are marked where they are stored. What is in no list,
 * now and before, is nowhere shown. A scheduled article is marked as if its time had come: it may
 * come before the commit does. */
static void mark_article(struct change_set *changes, int64_t id, const struct article *article,
                         const struct before *before)
{
    bool was_seen = before->exists && before->listed, is_seen = is_listed(article->status);
    if (!was_seen && !is_seen && before->exists && before->same_place)
        return;
    change_set_add(changes, TOPIC_ARTICLE, id);
    if (!before->exists || !before->same_place || !before->same_card)
        change_set_add(changes, TOPIC_CARD, id);
    if (!was_seen && !is_seen)
        return;
    if (!before->exists || !before->same_place) {
        change_set_add(changes, TOPIC_LIST, 0);
        change_set_add(changes, TOPIC_LIST, article->section_id);
        change_set_add(changes, TOPIC_LIST,
                       before->exists ? before->section_id : article->section_id);
    }
    if (before->lead || article->lead)
        change_set_add(changes, TOPIC_LEAD, 0);
    if (is_seen)
        change_set_schedule(changes, article->published_at);
}

static enum status add_terms(struct db *db, struct change_set *changes, int64_t id,
                             const struct article *article, const struct before *before)
{
    for (int i = 0; i < article->terms_count && is_listed(article->status); i++) {
        int64_t term = 0;
        enum status status = term_id(db, changes, &article->terms[i], &term);
        if (status != STATUS_OK)
            return status;
        if (moves_terms(before))
            change_set_add(changes, TOPIC_TERM, term);
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

static enum status clear_terms(struct db *db, struct change_set *changes, int64_t id,
                               const struct before *before)
{
    struct query *query = db_query(db, SQL_ARTICLE_TERMS_CLEAR);
    query_bind_number(query, "article_id", id);
    enum status status;
    while ((status = query_step(query)) == STATUS_OK) {
        if (moves_terms(before))
            change_set_add(changes, TOPIC_TERM, query_number(query, "term_id"));
    }
    return query_end(query, status == STATUS_ABSENT ? STATUS_OK : status);
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
static enum status follow(struct db *db, struct change_set *changes, int64_t id,
                          const struct article *article, const struct before *before)
{
    enum status status = STATUS_OK;
    if (before->exists)
        status = clear_terms(db, changes, id, before);
    if (status == STATUS_OK && before->exists)
        status = run_for_article(db, SQL_VIEW_TOTAL_FOLLOW, id);
    if (status == STATUS_OK)
        status = add_terms(db, changes, id, article, before);
    if (status == STATUS_OK)
        status = change_note(db, id);
    return status;
}

enum status article_save(struct db *db, struct change_set *changes, const struct article *article,
                         int64_t now_s, enum saved *saved, struct fault *fault)
{
    struct before before = {.exists = false};
    enum status status = read_before(db, article, &before, fault);
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
    query_end(query, STATUS_OK);
    mark_article(changes, id, article, &before);
    status = follow(db, changes, id, article, &before);
    if (status == STATUS_OK)
        *saved = before.exists ? SAVED_CHANGED : SAVED_NEW;
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
