#include "base/compress.h"

#include <brotli/encode.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum {
    GZIP_LEVEL = 6,
    GZIP_WINDOW_BITS = 15 + 16, /* zlib: 16 more asks for a gzip header */
    GZIP_MEMORY_LEVEL = 8,
    BROTLI_LEVEL = 4,
    INPUT_BUFFER_BYTES = 65536,
};

enum status compress_gzip(const void *bytes, size_t len, struct buf *to)
{
    z_stream stream = {0};
    if (len > UINT32_MAX / 2)
        return STATUS_FULL;
    if (deflateInit2(&stream, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW_BITS, GZIP_MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return STATUS_NO_MEMORY;
    size_t room = deflateBound(&stream, len);
    char *out = buf_reserve(to, room);
    enum status status = STATUS_FULL;
    if (out) {
        stream.next_in = (z_const Bytef *)bytes;
        stream.avail_in = (uInt)len;
        stream.next_out = (Bytef *)out;
        stream.avail_out = (uInt)room;
        status = deflate(&stream, Z_FINISH) == Z_STREAM_END ? STATUS_OK : STATUS_FAILED;
        buf_grew(to, room - stream.avail_out);
    }
    deflateEnd(&stream);
    return status;
}

enum status compress_brotli(const void *bytes, size_t len, struct buf *to)
{
    size_t room = BrotliEncoderMaxCompressedSize(len);
    char *out = room ? buf_reserve(to, room) : NULL;
    if (!out)
        return STATUS_FULL;
    if (!BrotliEncoderCompress(BROTLI_LEVEL, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, len, bytes,
                               &room, (uint8_t *)out))
        return STATUS_NO_MEMORY;
    buf_grew(to, room);
    return STATUS_OK;
}

struct input {
    gzFile file;
    int fd; /* the file's own; closed with it */
    int64_t size;
};

static enum status adopt(int fd, const char *path, struct input **input, struct fault *fault)
{
    struct stat stat;
    if (fstat(fd, &stat) == 0 && S_ISDIR(stat.st_mode))
        return fault_set(fault, STATUS_ABSENT, path, "can't be read: it is a folder");
    struct input *opened = calloc(1, sizeof *opened);
    gzFile file = opened ? gzdopen(fd, "rb") : NULL;
    if (!file) {
        free(opened);
        return fault_set(fault, STATUS_NO_MEMORY, path, "can't be read: out of memory");
    }
    gzbuffer(file, INPUT_BUFFER_BYTES);
    *opened =
        (struct input){.file = file, .fd = fd, .size = S_ISREG(stat.st_mode) ? stat.st_size : 0};
    *input = opened;
    return STATUS_OK;
}

enum status input_open(const char *path, struct input **input, struct fault *fault)
{
    bool is_stdin = strcmp(path, "-") == 0;
    int fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, STATUS_ABSENT, path, "can't be opened: %s", strerror(errno));
    enum status status = adopt(fd, path, input, fault);
    if (status != STATUS_OK)
        close(fd);
    return status;
}

void input_close(struct input *input)
{
    if (!input)
        return;
    gzclose_r(input->file);
    free(input);
}

enum status input_read(struct input *input, void *to, size_t room, size_t *got)
{
    errno = 0;
    int read = gzread(input->file, to, (unsigned)(room < INT32_MAX ? room : INT32_MAX));
    int error = Z_OK;
    (void)gzerror(input->file, &error);
    if (read < 0 || (read == 0 && error != Z_OK && error != Z_STREAM_END)) {
        bool interrupted = error == Z_ERRNO && errno == EINTR;
        if (interrupted)
            gzclearerr(input->file);
        return interrupted ? STATUS_BUSY : error == Z_ERRNO ? STATUS_FAILED : STATUS_INVALID;
    }
    *got = (size_t)read;
    return STATUS_OK;
}

bool input_wait(const struct input *input, int wait_ms)
{
    struct pollfd poll_of_fd = {.fd = input->fd, .events = POLLIN};
    return poll(&poll_of_fd, 1, wait_ms) > 0;
}

void input_progress(const struct input *input, int64_t *offset, int64_t *size)
{
    *offset = (int64_t)gzoffset(input->file);
    *size = input->size;
}
