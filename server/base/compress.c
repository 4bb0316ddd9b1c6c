/* Compresses whole bodies through zlib and brotli. An input is a small state machine over one read
 * buffer: it looks at the first two bytes, and then copies or inflates what is buffered. */
#include "base/compress.h"

#include "base/arena.h"

#include <assert.h>
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
    GZIP_LARGE_BYTES = 128 * 1024, /* for more, speed matters more than size */
    GZIP_LARGE_LEVEL = 1,
    GZIP_WINDOW_BITS = 15 + 16, /* 16 more make zlib write a gzip header */
    GZIP_MEMORY_LEVEL = 8,
    BROTLI_LEVEL = 4,
    INPUT_BUFFER_BYTES = 65536,
};

enum status compress_gzip(const void *bytes, size_t len, struct buf *to)
{
    z_stream stream = {0};
    if (len > UINT32_MAX / 2)
        return STATUS_FULL;
    if (deflateInit2(&stream, len > GZIP_LARGE_BYTES ? GZIP_LARGE_LEVEL : GZIP_LEVEL, Z_DEFLATED,
                     GZIP_WINDOW_BITS, GZIP_MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
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
        assert(stream.avail_out <= room);
        buf_grew(to, room - stream.avail_out);
    }
    deflateEnd(&stream);
    return status;
}

/* What brotli compresses. */
struct brotli_work {
    const uint8_t *bytes;
    size_t len;
    uint8_t *out;
    size_t room; /* of out; then what is left of it */
    bool is_done;
};

static void *allocate(void *opaque, size_t size)
{
    (void)opaque;
    return arena_calloc(1, size);
}

static void release(void *opaque, void *bytes)
{
    (void)opaque;
    arena_free(bytes);
}

static void run_brotli(void *arg)
{
    struct brotli_work *work = arg;
    size_t size_hint = work->len < UINT32_MAX ? work->len : UINT32_MAX;
    BrotliEncoderState *state = BrotliEncoderCreateInstance(allocate, release, NULL);
    if (!state)
        return;
    BrotliEncoderSetParameter(state, BROTLI_PARAM_QUALITY, BROTLI_LEVEL);
    BrotliEncoderSetParameter(state, BROTLI_PARAM_LGWIN, BROTLI_DEFAULT_WINDOW);
    BrotliEncoderSetParameter(state, BROTLI_PARAM_MODE, BROTLI_MODE_TEXT);
    BrotliEncoderSetParameter(state, BROTLI_PARAM_SIZE_HINT, (uint32_t)size_hint);
    work->is_done = BrotliEncoderCompressStream(state, BROTLI_OPERATION_FINISH, &work->len,
                                                &work->bytes, &work->room, &work->out, NULL) &&
                    BrotliEncoderIsFinished(state);
    BrotliEncoderDestroyInstance(state);
}

enum status compress_brotli(const void *bytes, size_t len, struct buf *to)
{
    size_t room = BrotliEncoderMaxCompressedSize(len);
    char *out = room ? buf_reserve(to, room) : NULL;
    if (!out)
        return STATUS_FULL;
    struct brotli_work work = {.bytes = bytes, .len = len, .out = (uint8_t *)out, .room = room};
    enum status status = arena_run(run_brotli, &work);
    if (status != STATUS_OK || !work.is_done)
        return STATUS_NO_MEMORY;
    assert(work.room <= room && work.len == 0);
    buf_grew(to, room - work.room);
    return STATUS_OK;
}

struct input {
    int fd;
    int64_t size;       /* of the file; 0 for a pipe */
    int64_t offset;     /* how many bytes of it have been read */
    bool is_recognized; /* is_gzip has been determined */
    bool is_gzip;
    bool in_member; /* a gzip member has begun and not ended */
    bool at_end;    /* of the file; there may be more to decompress */
    z_stream stream;
    size_t begin, end; /* raw[begin..end) has been read and not yet consumed */
    unsigned char raw[INPUT_BUFFER_BYTES];
};

enum status input_open(const char *path, struct input **input, struct fault *fault)
{
    bool is_stdin = strcmp(path, "-") == 0;
    struct stat stat = {.st_size = 0};
    struct input *opened = calloc(1, sizeof *opened);
    if (!opened)
        return fault_set(fault, STATUS_NO_MEMORY, "", "%s: can't be read: out of memory", path);
    opened->fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
    int error = opened->fd < 0 || fstat(opened->fd, &stat) != 0 ? errno : 0;
    if (error == 0 && S_ISDIR(stat.st_mode))
        error = EISDIR;
    if (error != 0) {
        input_close(opened);
        return fault_set(fault, STATUS_ABSENT, "", "%s: can't be read: %s", path, strerror(error));
    }
    opened->size = S_ISREG(stat.st_mode) ? stat.st_size : 0;
    *input = opened;
    return STATUS_OK;
}

void input_close(struct input *input)
{
    if (!input)
        return;
    if (input->is_gzip)
        inflateEnd(&input->stream);
    if (input->fd >= 0)
        close(input->fd);
    free(input);
}

/* Reads once, appending to what is buffered. A short read is enough, so that the lines of a slow
 * pipe are passed on as they are written. */
static enum status fill(struct input *input)
{
    if (input->begin == input->end)
        input->begin = input->end = 0;
    /* With a full buffer, read would return 0 as at the end of the file. */
    assert(input->begin <= input->end && input->end < sizeof input->raw);
    ssize_t got = read(input->fd, input->raw + input->end, sizeof input->raw - input->end);
    if (got < 0)
        return errno == EINTR ? STATUS_BUSY : STATUS_FAILED;
    input->end += (size_t)got;
    input->offset += got;
    input->at_end = got == 0;
    return STATUS_OK;
}

/* Decompresses what is buffered, and reads more, until there is something to return. A file may
 * have several members, one after the other. */
static enum status read_gzip(struct input *input, void *to, size_t room, size_t *got)
{
    z_stream *stream = &input->stream;
    *got = 0;
    for (;;) {
        /* Zeros after a member are padding, which gzip skips too. */
        while (!input->in_member && input->begin < input->end && input->raw[input->begin] == 0)
            input->begin++;
        if (input->begin < input->end || (input->in_member && input->at_end)) {
            if (!input->in_member && inflateReset(stream) != Z_OK)
                return STATUS_FAILED;
            stream->next_in = input->raw + input->begin;
            stream->avail_in = (uInt)(input->end - input->begin);
            stream->next_out = to;
            stream->avail_out = (uInt)room;
            int code = inflate(stream, Z_NO_FLUSH);
            input->begin = input->end - stream->avail_in;
            *got = room - stream->avail_out;
            input->in_member = code != Z_STREAM_END;
            assert(input->begin <= input->end && *got <= room);
            if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
                return STATUS_INVALID;
            if (*got > 0)
                return STATUS_OK;
        }
        if (input->at_end && input->begin == input->end)
            return input->in_member ? STATUS_INVALID : STATUS_OK;
        enum status status = input->begin == input->end ? fill(input) : STATUS_OK;
        if (status != STATUS_OK)
            return status;
    }
}

enum status input_read(struct input *input, void *to, size_t room, size_t *got)
{
    assert(room > 0);
    while (!input->is_recognized) {
        if (input->end < 2 && !input->at_end) {
            enum status status = fill(input);
            if (status != STATUS_OK)
                return status;
            continue;
        }
        /* gzip is recognized by its first two bytes (RFC 1952 §2.3.1). */
        bool is_gzip = input->end >= 2 && input->raw[0] == 0x1F && input->raw[1] == 0x8B;
        if (is_gzip && inflateInit2(&input->stream, GZIP_WINDOW_BITS) != Z_OK)
            return STATUS_NO_MEMORY;
        input->is_gzip = input->in_member = is_gzip;
        input->is_recognized = true;
    }
    if (input->is_gzip)
        return read_gzip(input, to, room, got);
    enum status status = input->begin == input->end ? fill(input) : STATUS_OK;
    if (status != STATUS_OK)
        return status;
    size_t buffered = input->end - input->begin;
    *got = buffered < room ? buffered : room;
    memcpy(to, input->raw + input->begin, *got);
    input->begin += *got;
    return STATUS_OK;
}

bool input_wait(const struct input *input, int wait_ms)
{
    struct pollfd poll_of_fd = {.fd = input->fd, .events = POLLIN};
    bool is_ready = input->begin < input->end || input->at_end;
    return is_ready || poll(&poll_of_fd, 1, wait_ms) > 0;
}

void input_progress(const struct input *input, int64_t *offset, int64_t *size)
{
    assert(input->offset >= (int64_t)(input->end - input->begin));
    *offset = input->offset;
    *size = input->size;
}
