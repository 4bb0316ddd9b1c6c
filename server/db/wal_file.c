/* Walks over the frames of the WAL, from the newest to the oldest, and compares the first frame of
 * each page that it meets with the page in the main file.
 *
 * The format is SQLite's (https://sqlite.org/fileformat2.html#walformat):
 *
 *   WAL     a header of 32 bytes: 8 page size | 16 salts, 8 bytes
 *           frames: a header of 24 bytes: 0 page number | 4 pages of the database, in a frame that
 *           ends a commit | 8 salts; then the page. Frames with other salts are left from before.
 */
#include "db/wal_file.h"

#include "base/file.h"

#include <assert.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    WAL_HEADER_BYTES = 32,
    FRAME_HEADER_BYTES = 24,
    PAGE_BYTES_MIN = 512,
    PAGE_BYTES_MAX = 65536,
};

struct frame {
    uint32_t page;  /* its number, from 1 */
    uint32_t pages; /* of the database after this commit; 0: the frame ends no commit */
};

struct wal {
    int fd, database_fd;
    unsigned char salts[8];
    uint32_t page_bytes;
    int64_t frames; /* up to the last commit */
    uint32_t pages; /* of the database after it */
};

static bool read_all(int fd, void *to, size_t len, int64_t offset)
{
    return file_read_at(fd, to, len, offset) == (ssize_t)len;
}

static int64_t frame_at(const struct wal *wal, int64_t frame)
{
    return WAL_HEADER_BYTES + frame * (FRAME_HEADER_BYTES + (int64_t)wal->page_bytes);
}

/* False for what is no frame of this WAL. */
static bool read_frame(const struct wal *wal, int64_t number, struct frame *frame)
{
    unsigned char header[FRAME_HEADER_BYTES];
    if (!read_all(wal->fd, header, sizeof header, frame_at(wal, number)) ||
        memcmp(header + 8, wal->salts, sizeof wal->salts) != 0)
        return false;
    *frame = (struct frame){.page = wal_file_number(header), .pages = wal_file_number(header + 4)};
    return frame->page > 0;
}

/* Reads the header, and finds the last commit among at most `most` frames. */
static void find_frames(struct wal *wal, int64_t most)
{
    struct frame frame;
    unsigned char header[WAL_HEADER_BYTES];
    if (!read_all(wal->fd, header, sizeof header, 0))
        return;
    memcpy(wal->salts, header + 16, sizeof wal->salts);
    wal->page_bytes = wal_file_number(header + 8);
    if (wal->page_bytes < PAGE_BYTES_MIN || wal->page_bytes > PAGE_BYTES_MAX)
        return;
    for (int64_t i = 0; i < most && read_frame(wal, i, &frame); i++) {
        if (frame.pages > 0) {
            wal->frames = i + 1;
            wal->pages = frame.pages;
        }
    }
}

static enum wal_state compare(const struct wal *wal)
{
    enum wal_state state = WAL_MOVED;
    struct frame frame;
    size_t page_bytes = wal->page_bytes;
    unsigned char *seen = calloc(1, (size_t)wal->pages / 8 + 1); /* a bit for each page */
    unsigned char *in_wal = malloc(page_bytes), *in_file = malloc(page_bytes);
    if (!seen || !in_wal || !in_file)
        state = WAL_DIFFERS;
    for (int64_t i = wal->frames - 1; i >= 0 && state == WAL_MOVED; i--) {
        if (!read_frame(wal, i, &frame))
            state = WAL_DIFFERS;
        else if (frame.page > wal->pages || seen[frame.page / 8] & 1u << frame.page % 8)
            continue; /* cut off since, or an older frame */
        else if (!read_all(wal->fd, in_wal, page_bytes, frame_at(wal, i) + FRAME_HEADER_BYTES) ||
                 !read_all(wal->database_fd, in_file, page_bytes,
                           (int64_t)(frame.page - 1) * wal->page_bytes) ||
                 memcmp(in_wal, in_file, page_bytes) != 0)
            state = WAL_DIFFERS;
        if (state == WAL_MOVED)
            seen[frame.page / 8] |= (unsigned char)(1u << frame.page % 8);
    }
    free(in_file);
    free(in_wal);
    free(seen);
    return state;
}

uint32_t wal_file_number(const unsigned char *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

enum wal_state wal_file_compare(const char *database, int database_fd, int64_t most)
{
    enum wal_state state = WAL_EMPTY;
    char path[PATH_MAX];
    struct wal wal = {.fd = -1, .database_fd = database_fd};
    if (file_path_with_suffix(database, "wal", path))
        wal.fd = open(path, O_RDONLY | O_CLOEXEC);
    if (wal.fd < 0)
        return WAL_EMPTY;
    find_frames(&wal, most);
    if (wal.frames > 0)
        state = compare(&wal);
    close(wal.fd);
    return state;
}

int64_t wal_file_bytes(const char *database)
{
    char path[PATH_MAX];
    struct stat found;
    return file_path_with_suffix(database, "wal", path) && stat(path, &found) == 0 ? found.st_size
                                                                                   : 0;
}
