/* Articles as rows: saving one, finding one, and what may be seen of it. */
#ifndef KHOBOR_STORE_ARTICLES_H
#define KHOBOR_STORE_ARTICLES_H

#include "base/status.h"
#include "db/sqlite.h"
#include "db/versions.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Stands for an absent time. */
#define INSTANT_NONE INT64_MIN

enum {
    ARTICLE_TERMS_MAX = 64
};

enum term_kind {
    TERM_TAG,
    TERM_AUTHOR,
};

/* A tag or an author of an article, by key. */
struct term {
    enum term_kind kind;
    const char *key;
};

/* An article as it is to be stored. Texts are borrowed; NULL is absent. authors, credits, tags and
 * related are JSON arrays of texts, image a JSON object or NULL. */
struct article {
    const char *slug, *slug_key;
    int64_t section_id;
    const char *status; /* draft, scheduled, published, withdrawn */
    int64_t published_at, updated_at;
    bool most_read, lead;
    const char *language, *kicker, *headline, *standfirst, *image, *desk;
    const char *authors, *credits, *tags, *related;
    const char *body;
    size_t body_len;
    struct term terms[ARTICLE_TERMS_MAX];
    int terms_count;
};

/* Stores an article under its slug's key; in a transaction. STATUS_INVALID with a fault when
 * another spelling of the slug is stored. What says the same as before makes no revision; what is
 * shown differently from now on is marked. */
enum status article_save(struct db *db, struct change_set *changes, const struct article *article,
                         int64_t now_s, enum saved *saved, struct fault *fault) MUST_CHECK;

/* The id of the article with a slug's key; STATUS_ABSENT when there is none, in any status. */
enum status article_id_of_key(struct db *db, const char *slug_key, int64_t *id) MUST_CHECK;

/* The same for a slug in any spelling. */
enum status article_id_of_slug(struct db *db, const char *slug, size_t len, int64_t *id) MUST_CHECK;

/* What readers may see of an article, and where views of it count. */
struct article_standing {
    int64_t section_id;
    int64_t listed_at; /* INSTANT_NONE: never */
    bool withdrawn;
    bool ranked; /* may stand in most read */
};

/* STATUS_ABSENT when no article has the id. */
enum status article_standing(struct db *db, int64_t id,
                             struct article_standing *standing) MUST_CHECK;

/* STATUS_OK when readers may see the article at `now_s`, STATUS_GONE when it was withdrawn,
 * STATUS_ABSENT when it does not exist, is a draft, or its time has not come. */
enum status article_visible(struct db *db, int64_t id, int64_t now_s) MUST_CHECK;

/* The row of an article that is visible at `now_s`, with the columns of article_by_id.sql, to be
 * ended with query_end; statuses as article_visible. */
enum status article_row(struct db *db, int64_t id, int64_t now_s, struct query **row) MUST_CHECK;

/* The row of a card (card_by_id.sql), to be ended with query_end; STATUS_ABSENT when it may not be
 * seen at `now_s`. */
enum status card_row(struct db *db, int64_t id, int64_t now_s, struct query **row) MUST_CHECK;

/* The newest article that may be seen at `now_s` among those marked to lead; STATUS_ABSENT when
 * none is. */
enum status article_lead(struct db *db, int64_t now_s, int64_t *id) MUST_CHECK;

/* The id of a tag or author by key; STATUS_ABSENT when no article ever had it. */
enum status term_find(struct db *db, enum term_kind kind, const char *key, int64_t *id) MUST_CHECK;

/* Notes for the server that an article's texts, status or counts changed; in a transaction. */
enum status change_note(struct db *db, int64_t article_id) MUST_CHECK;

#endif
