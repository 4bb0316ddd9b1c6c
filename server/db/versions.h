/* Versions of what a paper shows: numbers that move when it changes, so that whoever keeps
 * something that was made from the database knows whether it still holds, without asking it.
 *
 * They lie in a file beside the database, NAME-versions, that every process maps: a commit of an
 * import is seen by a server's threads as soon as the import goes on. Reading a version is one load
 * of memory, takes no lock and makes no call.
 *
 * How a writer and a keeper meet. A writer announces, commits, and then publishes what it changed;
 * all that with the write lock held. A keeper notes the moment *before* it begins to read, reads,
 * notes the versions of what it read, and keeps the result only when the moment is still the same:
 * what was committed while it read can't hide behind a version that it noted too late.
 *
 * A writer that dies between its commit and its publication has announced more than it published:
 * who takes the write lock next sees it, and all that is kept anywhere ends.
 *
 * Two things may share a number; then one ends with the other, which costs work and is never wrong.
 */
#ifndef KHOBOR_DB_VERSIONS_H
#define KHOBOR_DB_VERSIONS_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* What is changed and kept; each goes with an id, or 0 where there is only one. */
enum topic {
    TOPIC_PAPER,    /* any article or section */
    TOPIC_ARTICLE,  /* an article, wholly */
    TOPIC_CARD,     /* an article, as lists show it: also whether they may */
    TOPIC_LIST,     /* which articles a section has, in which order; 0: the whole paper */
    TOPIC_TERM,     /* likewise of a tag or an author; 0: a term that was not there */
    TOPIC_SECTIONS, /* slugs, names and order of the sections */
    TOPIC_LEAD,     /* which article leads the front page */
    TOPIC_ORDER,    /* the most read as they stand beside articles, without numbers */
    TOPIC_COUNTS,   /* anything in the rankings */
    TOPIC_THEME,    /* templates and assets */
    TOPIC__MAX
};

enum {
    VERSIONS = 1 << 18, /* numbers; a power of two */
};

/* "article"; what a cache outside may be told to forget. */
const char *topic_name(enum topic topic);

/* Where the number of a thing is, below VERSIONS. */
uint32_t version_index(enum topic topic, int64_t id);

struct versions;

/* Maps NAME-versions of a database, making it if need be. Where that can't be (the disk is full,
 * the file another Khobor's), the numbers are this process's alone, and the log says so. */
enum status versions_open(const char *database, struct versions **versions) MUST_CHECK;
void versions_close(struct versions *versions);

/* Whether other processes move these numbers, too. Where not, what they commit is seen late. */
bool versions_are_shared(const struct versions *versions);

/* For a keeper, from any thread: the moment, a number, and the epoch, which moves when
 * everything may have changed. */
uint64_t versions_generation(const struct versions *versions);
uint32_t versions_at(const struct versions *versions, uint32_t place);
uint32_t versions_epoch(const struct versions *versions);

/* The number of a thing for who keeps it alone: it moves also when everything ends. */
int64_t version_of(const struct versions *versions, enum topic topic, int64_t id);

/* When the next article appears by itself, at the earliest: what was scheduled last, or sooner.
 * Taking it leaves INT64_MAX there, for what is scheduled meanwhile. */
int64_t versions_next_due(const struct versions *versions);
int64_t versions_take_next_due(struct versions *versions);
void versions_schedule(struct versions *versions, int64_t at_s);

/* What one transaction changed. */
struct change_set {
    bool any;
    int64_t next_s;                 /* the first instant at which one of its articles is listed */
    uint64_t places[VERSIONS / 64]; /* a bit each */
};

/* All zero is clear, too. */
void change_set_clear(struct change_set *changes);
void change_set_add(struct change_set *changes, enum topic topic, int64_t id);
void change_set_schedule(struct change_set *changes, int64_t at_s);

/* Says that what is marked changed. */
void versions_publish(struct versions *versions, const struct change_set *changes);

/* For a writer, with the write lock held: before a commit, and when what it changed is published
 * or it failed. */
void versions_begin_commit(struct versions *versions);
void versions_end_commit(struct versions *versions);

/* Whether a writer is between both, or died there. With the write lock held it can only have died:
 * healing says then that everything may have changed. */
bool versions_are_interrupted(const struct versions *versions);
void versions_recover(struct versions *versions);

/* How many commits others announced, and concluded, ever; to be asked by the one thread that writes
 * in this process. A commit that nobody announced is another program's. */
uint32_t versions_commits_begun_by_others(const struct versions *versions);
uint32_t versions_commits_ended_by_others(const struct versions *versions);

/* One thing changed that is in no transaction, such as the rankings; the paper is not moved. */
void versions_invalidate(struct versions *versions, enum topic topic, int64_t id);

/* Somebody changed what nobody knows: everything may have changed, and anything been scheduled. */
void versions_invalidate_unknown(struct versions *versions);

/* Everything may have changed. */
void versions_invalidate_all(struct versions *versions);

#endif
