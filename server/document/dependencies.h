/* What a document depends on, collected while it is built.
 *
 * The response cache serves a document for as long as the version (db/versions) of each of its
 * dependencies stays the same and its expiry has not come. Nothing else ends a cached response, so
 * this is the contract of every function that builds a document:
 *
 *   Whatever could make the function read something else later is noted, no later than when it is
 *   read, and also when the read finds nothing. A document that notes too little is served stale. A
 *   document that notes too much is only rebuilt more often.
 *
 * What to note for what is read:
 *
 *   an article with its text             TOPIC_ARTICLE, id
 *   an article's card                    TOPIC_CARD, id (card_note)
 *   which articles a section lists       TOPIC_LIST, section id; 0: the whole paper
 *   which articles have a tag or author  TOPIC_TERM, term id; 0: a term that was not found
 *   a section's slug, name or position   TOPIC_SECTIONS, 0
 *   which article leads the front page   TOPIC_LEAD, 0
 *   the order of the most read           TOPIC_ORDER, 0; with their numbers TOPIC_COUNTS, 0
 *   anything of any article or section   TOPIC_PAPER, 0
 *   the clock, such as today's date      dependency_until
 */
#ifndef KHOBOR_DOCUMENT_DEPENDENCIES_H
#define KHOBOR_DOCUMENT_DEPENDENCIES_H

#include "base/buf.h"
#include "base/status.h"
#include "db/versions.h"
#include "document/context.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    DEPENDENCIES_MAX = 256,
};

struct dependency {
    enum topic topic;
    int64_t id; /* 0 for a topic that has only one version */
};

/* The dependencies of one document, written by one thread.
 *
 * D1  0 <= len <= DEPENDENCIES_MAX. A document with more depends on the whole paper instead.
 * D2  No dependency appears twice. With TOPIC_PAPER there is no other topic of the paper: it
 *     covers them.
 * D3  until_s only falls.
 */
struct dependencies {
    struct dependency list[DEPENDENCIES_MAX];
    int len;
    int64_t until_s; /* the document expires at this time; INT64_MAX: never */
};

/* No dependencies, and no expiry. */
void dependencies_init(struct dependencies *dependencies);

/* Adds a dependency to context->dependencies, by the table above. Nothing happens when it is there
 * or covered already, or when context->dependencies is NULL because nobody caches the document. */
void dependency_note(const struct context *context, enum topic topic, int64_t id);

/* Lowers the expiry to `until_s`, in seconds since 1970; a later time than the present expiry
 * changes nothing. NULL as above. */
void dependency_until(const struct context *context, int64_t until_s);

/* Replaces every topic of the paper by TOPIC_PAPER; the rankings and the theme stay. */
void dependencies_widen(struct dependencies *dependencies);

/* Appends the dependencies as words, such as "article-12 list-sports", with `separator` between
 * them, for caches outside the process. A section is named by its slug, percent-encoded; everything
 * else by its id. Returns an error of `db`, or STATUS_FULL when `to` has no room. */
enum status dependencies_write(const struct dependencies *dependencies, struct db *db,
                               const char *separator, struct buf *to) MUST_CHECK;

#endif
