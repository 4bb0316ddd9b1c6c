/* Counters in a file that processes share, moved by atomic additions. A version is found by hashing
 * topic and id. A commit is counted before and after it, so that a writer that
 * died between its COMMIT and its publication is noticed by the next writer. */
#include "db/versions.h"

#include "db/versions_file.h"

#include <assert.h>
#include <stdlib.h>

/* A commit. The write lock is held from the left end to the right end:
 *
 *           begin_commit         COMMIT             publish             end_commit
 *    QUIET --------------> BEGUN --------> COMMITTED --------> PUBLISHED ----------> QUIET
 *      ^                     |                 |                   |
 *      |                     +-----------------+-------------------+
 *      |                                       | the process dies
 *      |  recover, by the next process         v
 *      +------ that takes the lock ------- UNFINISHED
 *
 * A COMMIT that fails goes from BEGUN to end_commit: nothing is published.
 *
 * Invariants:
 *   V1  `begun` moves before a COMMIT and `ended` after its publication, both under the write lock.
 *       So begun == ended says that everything committed is published, and begun != ended, seen by
 *       a process that has just taken the lock, that a writer died. Both wrap around.
 *   V2  The generation moves before a version or the epoch does. So a thread that has seen a moved
 *       version also sees a moved generation.
 *   V3  The generation moves for a change only after the change can be read from the database.
 *       With V2 this makes the build token rule sound. If the generation moved for a change before
 *       the token was read, the entry was built from the changed data. If it moved during the
 *       build, the entry is not cached. If it moves later, a recorded version moves too.
 *   V4  next_due_s is not later than the appearance of any article whose commit has ended and whose
 *       appearance is not published, unless the scheduler has taken it and has not put it back.
 *       An unfinished commit may break this, so recovery sets it to INT64_MIN.
 *   V5  Versions, epoch and generation are never set back. They wrap around after 2^32 moves; no
 *       entry is cached for as long as that takes.
 *   V6 and V7 are in versions_file.c.
 *
 * The file is written by other processes, so asserts check only what this process does: its part
 * of V1, and the bounds of indexes. Any difference between begun and ended is a case for recovery.
 */
enum {
    INDEX_BITS = 18, /* of a hash */
};

_Static_assert(VERSIONS == 1 << INDEX_BITS, "an index is what is left of a hash");

struct versions {
    struct versions_mapping mapping;
    /* Of the thread that writes alone: */
    bool is_committing; /* between begin_commit and end_commit */
    uint32_t begun;     /* how many of the file's begun commits are this handle's */
};

const char *topic_name(enum topic topic)
{
    static const char *const names[TOPIC__MAX] = {
        [TOPIC_PAPER] = "paper", [TOPIC_ARTICLE] = "article", [TOPIC_CARD] = "card",
        [TOPIC_LIST] = "list",   [TOPIC_TERM] = "term",       [TOPIC_SECTIONS] = "sections",
        [TOPIC_LEAD] = "lead",   [TOPIC_ORDER] = "most-read", [TOPIC_COUNTS] = "counts",
        [TOPIC_THEME] = "theme",
    };
    assert(topic < TOPIC__MAX);
    return names[topic];
}

/* Multiplicative hashing (Knuth, The Art of Computer Programming, 6.4): the indexes of successive
 * ids of a topic are spread as far apart as they can be, and none repeats within 80,000 ids. */
uint32_t version_index(enum topic topic, int64_t id)
{
    assert(topic < TOPIC__MAX);
    uint64_t hash = (uint64_t)id * UINT64_C(0x9E3779B97F4A7C15);
    hash += (uint64_t)topic * UINT64_C(0xC2B2AE3D27D4EB4F);
    uint32_t index = (uint32_t)(hash >> (64 - INDEX_BITS));
    assert(index < VERSIONS);
    return index;
}

enum status versions_open(const char *database, bool may_replace, struct versions **versions,
                          struct fault *fault)
{
    struct versions *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fault_set(fault, STATUS_NO_MEMORY, "database", "out of memory");
    enum status status = versions_file_open(&opened->mapping, database, may_replace, fault);
    if (status != STATUS_OK) {
        free(opened);
        return status;
    }
    assert(opened->begun == 0 && !opened->is_committing); /* V1 */
    *versions = opened;
    return STATUS_OK;
}

void versions_close(struct versions *versions)
{
    if (!versions)
        return;
    assert(!versions->is_committing); /* V1 */
    versions_file_close(&versions->mapping);
    free(versions);
}

void versions_check_file(struct versions *versions)
{
    assert(!versions->is_committing); /* V1 */
    versions_file_check(&versions->mapping);
}

enum status versions_share_again(struct versions *versions, struct fault *fault)
{
    assert(!versions->is_committing && !versions->mapping.is_shared); /* V1 */
    enum status status = versions_file_renew(&versions->mapping, fault);
    if (status == STATUS_OK)
        versions->begun = 0; /* V1: the new file has no commits */
    return status;
}

bool versions_are_shared(const struct versions *versions)
{
    return versions->mapping.is_shared;
}

/* The two loads are not one. Between them only the generation can have moved without the epoch
 * (V2), and a token with a generation that moved since is refused when it is compared. */
uint64_t versions_generation(const struct versions *versions)
{
    unsigned epoch = atomic_load(&versions->mapping.file->epoch);
    return (uint64_t)epoch << 32 | atomic_load(&versions->mapping.file->generation);
}

uint32_t versions_at(const struct versions *versions, uint32_t index)
{
    /* A hit calls this for each dependency; the cache asserts the index when it notes it. */
    return atomic_load_explicit(&versions->mapping.file->versions[index], memory_order_acquire);
}

uint32_t versions_epoch(const struct versions *versions)
{
    return atomic_load_explicit(&versions->mapping.file->epoch, memory_order_acquire);
}

int64_t version_of(const struct versions *versions, enum topic topic, int64_t id)
{
    uint64_t epoch = versions_epoch(versions);
    return (int64_t)(epoch << 32 | versions_at(versions, version_index(topic, id)));
}

int64_t versions_next_due(const struct versions *versions)
{
    return atomic_load_explicit(&versions->mapping.file->next_due_s, memory_order_acquire);
}

int64_t versions_take_next_due(struct versions *versions)
{
    return atomic_exchange(&versions->mapping.file->next_due_s, INT64_MAX);
}

void versions_schedule(struct versions *versions, int64_t at_s)
{
    atomic_llong *next_due_s = &versions->mapping.file->next_due_s;
    long long found_s = atomic_load(next_due_s);
    while (at_s < found_s && !atomic_compare_exchange_weak(next_due_s, &found_s, at_s))
        continue;
}

void change_set_clear(struct change_set *changes)
{
    if (changes->any)
        *changes = (struct change_set){.any = false};
    assert(!changes->any && changes->due_s == 0);
}

/* An empty set is all zero, and 0 is an instant: the due instant gets its start here. */
static void start(struct change_set *changes)
{
    if (changes->any)
        return;
    assert(changes->due_s == 0);
    changes->any = true;
    changes->due_s = INT64_MAX;
}

void change_set_add(struct change_set *changes, enum topic topic, int64_t id)
{
    const uint32_t indexes[] = {version_index(topic, id), version_index(TOPIC_PAPER, 0)};
    start(changes);
    for (size_t i = 0; i < sizeof indexes / sizeof indexes[0]; i++)
        changes->bits[indexes[i] / 64] |= UINT64_C(1) << indexes[i] % 64;
    assert(changes->any);
}

void change_set_schedule(struct change_set *changes, int64_t at_s)
{
    start(changes);
    if (at_s < changes->due_s)
        changes->due_s = at_s;
    assert(changes->due_s <= at_s); /* V4 */
}

static void move(atomic_uint *counter)
{
    atomic_fetch_add(counter, 1);
}

void versions_publish(struct versions *versions, const struct change_set *changes)
{
    struct versions_file *file = versions->mapping.file;
    assert(changes->any || changes->due_s == 0);
    if (!changes->any)
        return;
    uint32_t moved = 0;
    versions_schedule(versions, changes->due_s); /* V4 */
    move(&file->generation);                     /* V2 */
    for (uint32_t word = 0; word < VERSIONS / 64; word++) {
        for (uint64_t bits = changes->bits[word]; bits; bits &= bits - 1, moved++)
            move(&file->versions[word * 64 + (uint32_t)__builtin_ctzll(bits)]);
    }
    assert(moved > 0 || changes->due_s != INT64_MAX); /* a set that is not empty says something */
}

void versions_begin_commit(struct versions *versions)
{
    assert(!versions->is_committing); /* V1 */
    versions->is_committing = true;
    versions->begun++;
    move(&versions->mapping.file->begun);
}

void versions_end_commit(struct versions *versions)
{
    assert(versions->is_committing); /* V1 */
    move(&versions->mapping.file->ended);
    versions->is_committing = false;
}

bool versions_have_unfinished_commit(const struct versions *versions)
{
    return atomic_load(&versions->mapping.file->begun) !=
           atomic_load(&versions->mapping.file->ended);
}

void versions_recover(struct versions *versions)
{
    assert(!versions->is_committing); /* V1: the unfinished commit is not ours */
    if (!versions_have_unfinished_commit(versions))
        return;
    versions_report_unknown_commit(versions);
    atomic_store(&versions->mapping.file->ended, atomic_load(&versions->mapping.file->begun));
}

uint32_t versions_commits_ended_by_others(const struct versions *versions)
{
    assert(!versions->is_committing); /* V1: ours are all ended, so as many as were begun */
    return atomic_load(&versions->mapping.file->ended) - versions->begun;
}

uint32_t versions_commits_begun_by_others(const struct versions *versions)
{
    assert(!versions->is_committing);
    return atomic_load(&versions->mapping.file->begun) - versions->begun;
}

void versions_invalidate(struct versions *versions, enum topic topic, int64_t id)
{
    move(&versions->mapping.file->generation); /* V2 */
    move(&versions->mapping.file->versions[version_index(topic, id)]);
}

void versions_invalidate_all(struct versions *versions)
{
    move(&versions->mapping.file->generation); /* V2 */
    move(&versions->mapping.file->epoch);
}

void versions_report_unknown_commit(struct versions *versions)
{
    assert(!versions->is_committing);       /* V1 */
    versions_schedule(versions, INT64_MIN); /* V4 */
    versions_invalidate_all(versions);
}
