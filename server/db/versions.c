#include "db/versions.h"

#include "base/file.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LAYOUT = 1, /* another one when the file's meaning changes, version_index's included */
};

/* The file. Numbers wrap around: nothing is kept for as long as that takes. */
struct table {
    atomic_uint layout;
    atomic_uint announced, concluded; /* commits */
    atomic_uint epoch;                /* moves when everything may have changed */
    atomic_uint moves;                /* moves before any number does */
    atomic_uint spare;
    atomic_llong next_s;     /* when an article appears by itself */
    unsigned char apart[32]; /* the numbers begin on a line of their own */
    atomic_uint numbers[VERSIONS];
};

_Static_assert(sizeof(atomic_uint) == sizeof(uint32_t) && ATOMIC_INT_LOCK_FREE == 2,
               "processes share numbers of 32 bits without a lock");

struct versions {
    struct table *table;
    bool is_shared;
    atomic_uint announced; /* by this process, of the table's */
};

static const char *const names[TOPIC__MAX] = {
    [TOPIC_PAPER] = "paper", [TOPIC_ARTICLE] = "article", [TOPIC_CARD] = "card",
    [TOPIC_LIST] = "list",   [TOPIC_TERM] = "term",       [TOPIC_SECTIONS] = "sections",
    [TOPIC_LEAD] = "lead",   [TOPIC_ORDER] = "most-read", [TOPIC_COUNTS] = "counts",
    [TOPIC_THEME] = "theme",
};

const char *topic_name(enum topic topic)
{
    return names[topic];
}

/* Multiplicative hashing (Knuth 6.4): ids of one topic that follow each other lie as far apart as
 * they can, and first meet when there are over a hundred thousand. */
uint32_t version_index(enum topic topic, int64_t id)
{
    uint64_t thing = (uint64_t)id * UINT64_C(0x9E3779B97F4A7C15);
    thing += (uint64_t)topic * UINT64_C(0xC2B2AE3D27D4EB4F);
    return (uint32_t)(thing >> 46);
}

_Static_assert(VERSIONS == 1 << (64 - 46), "a place is what is left of 64 bits");

/* Whoever may write the database may say what he changed, as with SQLite's own files beside it.
 * Where we may not see to it, somebody else has. */
static void adopt(int fd, const char *database)
{
    struct stat state;
    if (stat(database, &state) != 0)
        return;
    bool is_done =
        fchmod(fd, state.st_mode & 0666) == 0 && fchown(fd, state.st_uid, state.st_gid) == 0;
    (void)is_done;
}

/* The file's descriptor, -1 with errno set. Its room is taken at once: to find the disk full later
 * would end the process by a signal. */
static int open_file(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    int error = fd < 0 ? errno : posix_fallocate(fd, 0, sizeof(struct table));
    if (error == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    errno = error;
    return -1;
}

static struct table *map(int flags, int fd)
{
    void *at = mmap(NULL, sizeof(struct table), PROT_READ | PROT_WRITE, flags, fd, 0);
    if (at == MAP_FAILED)
        return NULL;
    return at;
}

/* Whether a table is of our layout; an empty one becomes it. */
static bool claim(struct table *table)
{
    unsigned layout = 0;
    return atomic_compare_exchange_strong(&table->layout, &layout, LAYOUT) || layout == LAYOUT;
}

static struct table *map_file(const char *database)
{
    char path[PATH_MAX];
    if (!file_beside(database, "versions", path))
        return NULL;
    int fd = open_file(path);
    if (fd >= 0)
        adopt(fd, database);
    struct table *table = fd >= 0 ? map(MAP_SHARED, fd) : NULL;
    const char *reason = strerror(errno);
    if (fd >= 0)
        close(fd);
    if (table && !claim(table)) {
        munmap(table, sizeof *table);
        table = NULL;
        reason = "it is of another version of khobor";
    }
    if (!table)
        log_write(LOG_WARNING, "%s can't be used: %s", path, reason);
    return table;
}

enum status versions_open(const char *database, struct versions **versions)
{
    struct versions *opened = calloc(1, sizeof *opened);
    if (!opened)
        return STATUS_NO_MEMORY;
    opened->table = map_file(database);
    opened->is_shared = opened->table != NULL;
    if (!opened->table)
        opened->table = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (!opened->table) {
        free(opened);
        return STATUS_NO_MEMORY;
    }
    *versions = opened;
    return STATUS_OK;
}

void versions_close(struct versions *versions)
{
    if (!versions)
        return;
    munmap(versions->table, sizeof *versions->table);
    free(versions);
}

bool versions_are_shared(const struct versions *versions)
{
    return versions->is_shared;
}

uint64_t versions_generation(const struct versions *versions)
{
    unsigned epoch = atomic_load(&versions->table->epoch);
    return (uint64_t)epoch << 32 | atomic_load(&versions->table->moves);
}

uint32_t versions_at(const struct versions *versions, uint32_t place)
{
    return atomic_load_explicit(&versions->table->numbers[place], memory_order_acquire);
}

uint32_t versions_epoch(const struct versions *versions)
{
    return atomic_load_explicit(&versions->table->epoch, memory_order_acquire);
}

int64_t version_of(const struct versions *versions, enum topic topic, int64_t id)
{
    uint64_t epoch = versions_epoch(versions);
    return (int64_t)(epoch << 32 | versions_at(versions, version_index(topic, id)));
}

int64_t versions_next_due(const struct versions *versions)
{
    return atomic_load_explicit(&versions->table->next_s, memory_order_acquire);
}

int64_t versions_take_next_due(struct versions *versions)
{
    return atomic_exchange(&versions->table->next_s, INT64_MAX);
}

void versions_schedule(struct versions *versions, int64_t at_s)
{
    long long next_s = atomic_load(&versions->table->next_s);
    while (at_s < next_s && !atomic_compare_exchange_weak(&versions->table->next_s, &next_s, at_s))
        continue;
}

void change_set_clear(struct change_set *changes)
{
    if (changes->any)
        *changes = (struct change_set){.any = false};
}

static void begin(struct change_set *changes)
{
    if (!changes->any)
        changes->next_s = INT64_MAX;
    changes->any = true;
}

static void set(struct change_set *changes, uint32_t place)
{
    changes->places[place / 64] |= UINT64_C(1) << place % 64;
}

void change_set_add(struct change_set *changes, enum topic topic, int64_t id)
{
    begin(changes);
    set(changes, version_index(topic, id));
    set(changes, version_index(TOPIC_PAPER, 0));
}

/* Moves the numbers of a word's bits. */
static void move_word(struct table *table, uint32_t first, uint64_t bits)
{
    for (; bits; bits &= bits - 1)
        atomic_fetch_add(&table->numbers[first + (uint32_t)__builtin_ctzll(bits)], 1);
}

void versions_publish(struct versions *versions, const struct change_set *changes)
{
    struct table *table = versions->table;
    if (!changes->any)
        return;
    versions_schedule(versions, changes->next_s);
    atomic_fetch_add(&table->moves, 1);
    for (uint32_t i = 0; i < VERSIONS / 64; i++)
        move_word(table, i * 64, changes->places[i]);
}

void change_set_schedule(struct change_set *changes, int64_t at_s)
{
    begin(changes);
    if (at_s < changes->next_s)
        changes->next_s = at_s;
}

void versions_begin_commit(struct versions *versions)
{
    atomic_fetch_add(&versions->announced, 1);
    atomic_fetch_add(&versions->table->announced, 1);
}

void versions_end_commit(struct versions *versions)
{
    atomic_fetch_add(&versions->table->concluded, 1);
}

bool versions_are_interrupted(const struct versions *versions)
{
    return atomic_load(&versions->table->announced) != atomic_load(&versions->table->concluded);
}

void versions_recover(struct versions *versions)
{
    if (!versions_are_interrupted(versions))
        return;
    versions_invalidate_unknown(versions);
    atomic_store(&versions->table->concluded, atomic_load(&versions->table->announced));
}

uint32_t versions_commits_ended_by_others(const struct versions *versions)
{
    return atomic_load(&versions->table->concluded) - atomic_load(&versions->announced);
}

uint32_t versions_commits_begun_by_others(const struct versions *versions)
{
    return atomic_load(&versions->table->announced) - atomic_load(&versions->announced);
}

void versions_invalidate(struct versions *versions, enum topic topic, int64_t id)
{
    atomic_fetch_add(&versions->table->moves, 1);
    atomic_fetch_add(&versions->table->numbers[version_index(topic, id)], 1);
}

void versions_invalidate_unknown(struct versions *versions)
{
    versions_schedule(versions, INT64_MIN);
    versions_invalidate_all(versions);
}

void versions_invalidate_all(struct versions *versions)
{
    atomic_fetch_add(&versions->table->moves, 1);
    atomic_fetch_add(&versions->table->epoch, 1);
}
