/* Articles as readers meet them: finding one, whether it may be seen, and its row. */
#ifndef KHOBOR_STORE_ARTICLES_H
#define KHOBOR_STORE_ARTICLES_H

#include "base/clock.h"
#include "base/status.h"
#include "db/sqlite.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum term_kind {
    TERM_TAG,
    TERM_AUTHOR,
};

/* How a term's kind is written in the database. */
const char *term_kind_name(enum term_kind kind);

/* Finds the id of a tag or author by its key (language/text.h). STATUS_ABSENT when no article ever
 * had it. */
enum status term_find(struct db *db, enum term_kind kind, const char *key, int64_t *id) MUST_CHECK;

/* Finds the id of the article with a slug's key, whatever its status. STATUS_ABSENT: none. */
enum status article_id_of_key(struct db *db, const char *slug_key, int64_t *id) MUST_CHECK;

/* The same for a slug in any spelling; `slug` may be any bytes. */
enum status article_id_of_slug(struct db *db, const char *slug, size_t len, int64_t *id) MUST_CHECK;

/* What decides whether an article may be seen, and where its views count. */
struct article_standing {
    int64_t section_id;
    int64_t listed_at; /* INSTANT_NONE: never */
    bool withdrawn;
    bool ranked; /* the most read may list it */
};

/* STATUS_ABSENT when no article has the id. */
enum status article_standing(struct db *db, int64_t id,
                             struct article_standing *standing) MUST_CHECK;

/* article_visibility of a stored article; STATUS_ABSENT also when none has the id. */
enum status article_visible(struct db *db, int64_t id, int64_t now_s) MUST_CHECK;

/* Reads a visible article's row with the columns of article_by_id.sql. The caller ends *row with
 * query_end. Statuses as article_visible. */
enum status article_row(struct db *db, int64_t id, int64_t now_s, struct query **row) MUST_CHECK;

/* The same with the columns of card_by_id.sql, which is less to read. STATUS_ABSENT for every
 * article that may not be seen, withdrawn ones included. */
enum status card_row(struct db *db, int64_t id, int64_t now_s, struct query **row) MUST_CHECK;

/* Finds the newest visible article that editors marked as a lead. STATUS_ABSENT: none. */
enum status article_lead(struct db *db, int64_t now_s, int64_t *id) MUST_CHECK;

#endif
