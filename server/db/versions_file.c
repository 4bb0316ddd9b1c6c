/* Maps the file, and guards the mapping by a handler of SIGBUS. versions.c has more invariants.
 *
 *   V6  All blocks of the file are allocated before it is mapped, because a store into a hole on a
 *       full disk is a SIGBUS. Where that happens all the same (a file that was cut, a disk that
 *       copies on write), memory takes the file's place, and later a new file the memory's. A file
 *       of another layout is never written to; the server puts a new one in its place. Processes
 *       that have an old one open then announce nothing to the server, which notices their commits
 *       by PRAGMA data_version.
 *   V7  Memory and the new file after it begin with an epoch that the mapping never had before, so
 *       that no cached entry and no build token survives the change. They are complete before one
 *       system call puts them in the place of the mapping. */
#include "db/versions_file.h"

#include "base/crypto.h"
#include "base/file.h"
#include "base/log.h"
#include "db/side_file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LAYOUT = 1, /* changes with the file's meaning, version_index included */
    IDENTITY_AT = offsetof(struct versions_file, identity),
    EPOCHS_A_LOSS = 1 << 20, /* more than an epoch moves between two checks of the file */
};

/* Whose mapping the handler of SIGBUS replaces (V6). A process has one; in a test, the last. */
static struct versions_mapping *guarded; /* tidy: signal */

/* Moves a mapping to the place of another, in one step for the threads that use it. */
static bool move_mapping(struct versions_file *from, struct versions_file *to)
{
    return mremap(from, sizeof *from, sizeof *from, MREMAP_MAYMOVE | MREMAP_FIXED, to) !=
           MAP_FAILED;
}

/* Puts memory in the place of the file (V7). */
static bool replace_by_memory(struct versions_mapping *mapping)
{
    struct versions_file *memory =
        mmap(NULL, sizeof *memory, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return false;
    atomic_store(&memory->epoch, atomic_fetch_add(&mapping->next_epoch, EPOCHS_A_LOSS));
    atomic_store(&memory->next_due_s, INT64_MIN); /* V4 */
    atomic_store(&memory->layout, LAYOUT);
    return move_mapping(memory, mapping->file);
}

/* Of threads that meet the loss at the same time one replaces the file, and the others wait. */
static bool replace_once(struct versions_mapping *mapping)
{
    bool is_done = true;
    if (atomic_exchange(&mapping->is_replacing, true)) {
        while (atomic_load(&mapping->is_replacing))
            continue;
        return true;
    }
    if (atomic_load(&mapping->is_shared)) {
        is_done = replace_by_memory(mapping);
        atomic_store(&mapping->is_shared, !is_done);
    }
    atomic_store(&mapping->is_replacing, false);
    return is_done;
}

/* After the handler the access is repeated, and ends the process if it is none to the mapping. */
static void handle_lost_page(int signal_number, siginfo_t *info, void *context)
{
    (void)context;
    struct versions_mapping *mapping = guarded;
    const char *begin = mapping ? (const char *)mapping->file : NULL, *at = info->si_addr;
    bool is_ours =
        begin && at >= begin && at < begin + sizeof *mapping->file && info->si_code == BUS_ADRERR;
    if (!is_ours || !replace_once(mapping))
        signal(signal_number, SIG_DFL);
}

/* NULL with errno set. */
static struct versions_file *map(int flags, int fd)
{
    void *at = mmap(NULL, sizeof(struct versions_file), PROT_READ | PROT_WRITE, flags, fd, 0);
    if (at == MAP_FAILED)
        return NULL;
    assert((uintptr_t)at % 64 == 0); /* a page, so that the versions begin on a cache line */
    return at;
}

/* Whether a file is of our layout, or has its size: then its first word may be damaged. */
static bool is_ours(int fd, int64_t size)
{
    uint32_t layout;
    return size == sizeof(struct versions_file) ||
           (pread(fd, &layout, sizeof layout, 0) == sizeof layout && layout == LAYOUT);
}

/* Gives the file our layout and a number, if it has none. It writes and does not store, so that a
 * full disk is an error and no signal. STATUS_UNUSABLE: it has another layout. */
static enum status claim_locked(int fd, struct file_identity *identity)
{
    uint32_t words[IDENTITY_AT / sizeof(uint32_t) + 1], random;
    struct stat found;
    if (fstat(fd, &found) != 0 || random_fill(&random, sizeof random) != STATUS_OK ||
        pread(fd, words, sizeof words, 0) != sizeof words)
        return STATUS_FAILED;
    uint32_t *layout = &words[0], *number = &words[IDENTITY_AT / sizeof words[0]];
    if (*layout != 0 && *layout != LAYOUT)
        return STATUS_UNUSABLE;
    if (*layout == 0 || *number == 0) {
        *layout = LAYOUT;
        *number = random | 1;
        if (pwrite(fd, number, sizeof *number, IDENTITY_AT) != sizeof *number ||
            pwrite(fd, layout, sizeof *layout, 0) != sizeof *layout)
            return STATUS_FULL;
    }
    *identity =
        (struct file_identity){.device = found.st_dev, .inode = found.st_ino, .number = *number};
    return STATUS_OK;
}

/* Of processes that open a new file at the same time one claims it. */
static enum status claim(int fd, struct file_identity *identity)
{
    int code;
    do
        code = flock(fd, LOCK_EX);
    while (code != 0 && errno == EINTR);
    if (code != 0)
        return STATUS_FAILED;
    enum status status = claim_locked(fd, identity);
    int error = errno;
    flock(fd, LOCK_UN); /* closing is not enough: a mapping keeps the lock */
    errno = error;
    return status;
}

/* Maps an open file with all its blocks, and closes it. STATUS_UNUSABLE: it has another layout. */
static enum status map_file(int fd, struct versions_file **file, struct file_identity *identity,
                            struct fault *fault)
{
    int error;
    enum status status = STATUS_FULL;
    struct versions_file *mapped = NULL;
    do
        error = posix_fallocate(fd, 0, sizeof(struct versions_file));
    while (error == EINTR);
    errno = error;
    if (error == 0)
        status = claim(fd, identity);
    if (status == STATUS_OK)
        mapped = map(MAP_SHARED, fd);
    error = errno;
    close(fd);
    if (status == STATUS_UNUSABLE)
        return fault_set(fault, status, "",
                         "the file of versions is damaged or of another version of khobor");
    if (!mapped)
        return fault_set(fault, STATUS_FULL, "", "the file of versions has no room: %s",
                         strerror(error));
    *file = mapped;
    return STATUS_OK;
}

/* STATUS_INVALID: something else has the file's name. Any other error: it can't be used. */
static enum status open_file(struct versions_mapping *mapping, bool may_replace,
                             struct fault *fault)
{
    int fd;
    enum status status = side_file_open(mapping->database, "versions", is_ours, &fd, fault);
    if (status != STATUS_OK)
        return status;
    status = map_file(fd, &mapping->file, &mapping->identity, fault);
    if (status != STATUS_UNUSABLE || !may_replace)
        return status;
    status = side_file_replace(mapping->database, "versions", &fd, fault);
    if (status != STATUS_OK)
        return status;
    return map_file(fd, &mapping->file, &mapping->identity, fault);
}

enum status versions_file_open(struct versions_mapping *mapping, const char *database,
                               bool may_replace, struct fault *fault)
{
    mapping->database = database;
    enum status status = open_file(mapping, may_replace, fault);
    if (status == STATUS_INVALID)
        return status;
    mapping->is_shared = status == STATUS_OK;
    if (!mapping->is_shared) {
        log_write(LOG_WARNING, "%s; changes by other processes are seen late", fault->text);
        mapping->file = map(MAP_PRIVATE | MAP_ANONYMOUS, -1);
    }
    if (!mapping->file)
        return fault_set(fault, STATUS_NO_MEMORY, "database", "out of memory");
    if (mapping->is_shared) {
        const struct sigaction action = {.sa_sigaction = handle_lost_page, .sa_flags = SA_SIGINFO};
        guarded = mapping;
        sigaction(SIGBUS, &action, NULL);
    }
    mapping->next_epoch = atomic_load(&mapping->file->epoch) + EPOCHS_A_LOSS;
    return STATUS_OK;
}

void versions_file_close(struct versions_mapping *mapping)
{
    if (guarded == mapping)
        guarded = NULL;
    munmap(mapping->file, sizeof *mapping->file);
}

/* Makes a new file with all its blocks and its first fields, which are written and not stored:
 * what fails is an error then, and no signal (V6). */
static enum status make_file(const struct versions_mapping *mapping, struct versions_file **file,
                             struct file_identity *identity, struct fault *fault)
{
    int fd;
    const struct {
        uint32_t layout, begun, ended, epoch, generation, identity;
        int64_t next_due_s;
    } head = {.layout = LAYOUT,
              .epoch = atomic_load(&mapping->file->epoch) + EPOCHS_A_LOSS / 2, /* V7 */
              .next_due_s = INT64_MIN};                                        /* V4 */
    enum status status = side_file_replace(mapping->database, "versions", &fd, fault);
    if (status != STATUS_OK)
        return status;
    if (pwrite(fd, &head, sizeof head, 0) != sizeof head) {
        close(fd);
        return fault_set(fault, STATUS_FULL, "", "the file of versions has no room");
    }
    return map_file(fd, file, identity, fault);
}

/* Whether the file that is mapped still has the name and its number. One that was cut and grew
 * again, or was overwritten, has lost its number. */
static bool is_same_file(const struct versions_mapping *mapping)
{
    char path[PATH_MAX];
    struct stat named;
    return file_path_with_suffix(mapping->database, "versions", path) && stat(path, &named) == 0 &&
           named.st_dev == mapping->identity.device && named.st_ino == mapping->identity.inode &&
           atomic_load(&mapping->file->layout) == LAYOUT &&
           atomic_load(&mapping->file->identity) == mapping->identity.number;
}

void versions_file_check(struct versions_mapping *mapping)
{
    if (!mapping->is_shared)
        return;
    unsigned epoch = atomic_load(&mapping->file->epoch);
    if (!is_same_file(mapping))
        (void)replace_once(mapping); /* without memory: the next time */
    else
        mapping->next_epoch = epoch + EPOCHS_A_LOSS;
}

enum status versions_file_renew(struct versions_mapping *mapping, struct fault *fault)
{
    struct versions_file *file;
    struct file_identity identity;
    assert(!mapping->is_shared);
    enum status status = make_file(mapping, &file, &identity, fault);
    if (status != STATUS_OK)
        return status;
    if (!move_mapping(file, mapping->file)) {
        munmap(file, sizeof *file);
        return fault_set(fault, STATUS_NO_MEMORY, "", "out of memory");
    }
    mapping->identity = identity;
    mapping->is_shared = true;
    return STATUS_OK;
}
