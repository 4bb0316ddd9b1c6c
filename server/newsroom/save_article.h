/* Saves an article: writes it if it differs from what is stored, and marks what readers will see
 * differently. Import and HTTP writes share it. */
#ifndef KHOBOR_NEWSROOM_SAVE_ARTICLE_H
#define KHOBOR_NEWSROOM_SAVE_ARTICLE_H

#include "base/status.h"
#include "db/sqlite.h"
#include "db/versions.h"
#include "store/articles.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    ARTICLE_TERMS_MAX = 64
};

/* A tag or an author of an article, by its key (language/text.h). */
struct term {
    enum term_kind kind;
    const char *key;
};

/* An article to save; newsroom/article_input fills one from JSON. All texts are borrowed and
 * NUL-terminated; NULL is absent. */
struct article {
    const char *slug, *slug_key;
    int64_t section_id;
    const char *status;               /* draft, scheduled, published, withdrawn */
    int64_t published_at, updated_at; /* INSTANT_NONE: absent; a listed article has the first */
    bool most_read, lead;
    const char *language, *kicker, *headline, *standfirst, *desk;
    const char *image;                              /* a JSON object */
    const char *authors, *credits, *tags, *related; /* JSON arrays of texts */
    const char *body;                               /* Markdown, body_len bytes */
    size_t body_len;
    struct term terms[ARTICLE_TERMS_MAX];
    int terms_count;
};

/* Stores an article under its slug's key and marks in `changes` what it touches. Call it in a
 * transaction; *saved is SAVED_SAME, and no revision is made, when the stored article says the
 * same. STATUS_INVALID with a fault when the key is stored with another spelling of the slug. */
enum status article_save(struct db *db, struct change_set *changes, const struct article *article,
                         int64_t now_s, enum saved *saved, struct fault *fault) MUST_CHECK;

/* Queues for the server's rankings that an article's row or counts changed; in a transaction. */
enum status article_note_change(struct db *db, int64_t article_id) MUST_CHECK;

#endif
