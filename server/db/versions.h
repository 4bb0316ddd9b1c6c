/* Versions: counters that move when something that readers see changes, so that a cache can tell
 * whether an entry is still current without asking the database.
 *
 * The counters are in a file next to the database, NAME-versions, which every process maps: the
 * threads of a server see the commits of an import at once. Reading a version is one load from
 * memory; it takes no lock and makes no system call.
 *
 * The build token rule, which every cache must follow:
 *   1. Read versions_generation() before the first read of the database. That is the build token.
 *   2. Build the entry. Record versions_epoch(), and versions_at() of everything that the entry was
 *      made from: its dependencies.
 *   3. Cache the entry only if versions_generation() still returns the token. If it does not,
 *      something changed during the build, and the entry may mix old and new data.
 *   4. Serve the entry while the epoch and all recorded versions are what they were.
 *
 * Two things may share a counter, since counters are found by a hash. A change of one then evicts
 * what was made from the other too, which costs work and never shows old data.
 *
 * Any thread may call a function unless its comment names one thread. versions.c has the file's
 * layout, the states of a commit and the invariants.
 */
#ifndef KHOBOR_DB_VERSIONS_H
#define KHOBOR_DB_VERSIONS_H

#include "base/status.h"

#include <stdbool.h>
#include <stdint.h>

/* What has a version. A version is found by a topic and an id; the id is 0 where a topic has only
 * one. */
enum topic {
    TOPIC_PAPER,    /* any article or section */
    TOPIC_ARTICLE,  /* all of an article; the id is the article's */
    TOPIC_CARD,     /* what lists show of an article, and whether they may; the article's id */
    TOPIC_LIST,     /* which articles a section has, in which order; 0: the whole paper */
    TOPIC_TERM,     /* the same of a tag or an author; 0: a term that did not exist */
    TOPIC_SECTIONS, /* slugs, names and order of the sections */
    TOPIC_LEAD,     /* which article leads the front page */
    TOPIC_ORDER,    /* the order of the most read list that articles embed, without numbers */
    TOPIC_COUNTS,   /* anything in the rankings */
    TOPIC_THEME,    /* templates and assets */
    TOPIC__MAX
};

enum {
    VERSIONS = 1 << 18, /* how many counters there are: a power of two */
};

/* The name of a topic in a cache tag, such as "article"; static. */
const char *topic_name(enum topic topic);

/* The index of a thing's counter, below VERSIONS. */
uint32_t version_index(enum topic topic, int64_t id);

struct versions;

/* Maps NAME-versions of the database at the path `database`, creating the file when there is none.
 * A file that is damaged or of another layout is replaced if `may_replace`, which the process that
 * has the serve lock sets. When the file can't be used (the disk is full, say), the counters are
 * private to the process, a warning is logged, and versions_are_shared is false. STATUS_NO_MEMORY,
 * or STATUS_INVALID when something else has the file's name, with a fault. The path must outlive
 * the versions, which the caller closes. */
enum status versions_open(const char *database, bool may_replace, struct versions **versions,
                          struct fault *fault) MUST_CHECK;

/* `versions` may be NULL. The file stays. */
void versions_close(struct versions *versions);

/* Whether other processes use these counters too. If not, their commits are noticed late. A file
 * that was shared is lost when it is cut, or when its disk copies on write and is full. */
bool versions_are_shared(const struct versions *versions);

/* Looks whether the shared file was overwritten, removed or replaced: then it is lost as well. For
 * the thread that writes, outside of a commit. */
void versions_check_file(struct versions *versions);

/* Makes a new NAME-versions after the old one was lost, and moves the epoch. Called by the thread
 * that writes, outside of a commit, in the process that has the serve lock. STATUS_FULL and other
 * errors with a fault: nothing has changed, and it can be tried again. */
enum status versions_share_again(struct versions *versions, struct fault *fault) MUST_CHECK;

/* The generation (step 1 and 3 of the rule), the version at an index below VERSIONS, and the epoch,
 * which moves when everything may have changed. */
uint64_t versions_generation(const struct versions *versions);
uint32_t versions_at(const struct versions *versions, uint32_t index);
uint32_t versions_epoch(const struct versions *versions);

/* Epoch and version of one thing in one number, which never repeats and moves when either does. */
int64_t version_of(const struct versions *versions, enum topic topic, int64_t id);

/* The instant at which the next scheduled article appears, or an earlier one; INT64_MAX: none is
 * scheduled. Taking it leaves INT64_MAX, which later calls of versions_schedule lower again. Only
 * the scheduler takes it. */
int64_t versions_next_due(const struct versions *versions);
int64_t versions_take_next_due(struct versions *versions);

/* Lowers the next due instant to `at_s` if that is earlier. */
void versions_schedule(struct versions *versions, int64_t at_s);

/* What one transaction changed. All bytes zero is an empty set. Used by one thread. */
struct change_set {
    bool any;                     /* if false, all below is zero */
    int64_t due_s;                /* when the first of its articles appears; INT64_MAX: none */
    uint64_t bits[VERSIONS / 64]; /* one for each index: whether that version is to move */
};

void change_set_clear(struct change_set *changes);

/* Adds one thing, and the paper (TOPIC_PAPER) with it. */
void change_set_add(struct change_set *changes, enum topic topic, int64_t id);

/* Adds that an article appears at `at_s`, which may be in the past. */
void change_set_schedule(struct change_set *changes, int64_t at_s);

/* Moves the version of everything in the set, and schedules its due instant. For changes that a
 * transaction made: after its COMMIT and before versions_end_commit. */
void versions_publish(struct versions *versions, const struct change_set *changes);

/* Enclose every commit. Both are called with the write lock held, by the thread that writes;
 * end_commit also when the COMMIT failed. */
void versions_begin_commit(struct versions *versions);
void versions_end_commit(struct versions *versions);

/* Whether a writer is between begin_commit and end_commit, or died there. */
bool versions_have_unfinished_commit(const struct versions *versions);

/* Called with the write lock held, so that an unfinished commit is a dead writer's: what that one
 * committed is unknown, and is reported as such. Does nothing when no commit is unfinished. */
void versions_recover(struct versions *versions);

/* How many commits other processes have begun and ended since the file was created, wrapping
 * around. Called by the thread that writes, outside of a commit. A commit that is visible in the
 * database and was not begun here was made by a program that is not Khobor. */
uint32_t versions_commits_begun_by_others(const struct versions *versions);
uint32_t versions_commits_ended_by_others(const struct versions *versions);

/* Moves one version for a change that is in no transaction, such as a new ranking. The paper's
 * version stays. */
void versions_invalidate(struct versions *versions, enum topic topic, int64_t id);

/* Moves the epoch: everything may have changed. */
void versions_invalidate_all(struct versions *versions);

/* Reports a commit whose changes nobody published, by another program or by a writer that died:
 * everything may have changed, and an article may be due at any time. */
void versions_report_unknown_commit(struct versions *versions);

#endif
