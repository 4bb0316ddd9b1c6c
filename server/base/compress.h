/* gzip and brotli: compressing response bodies, and reading files that may be gzip. */
#ifndef KHOBOR_BASE_COMPRESS_H
#define KHOBOR_BASE_COMPRESS_H

#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Append `len` bytes to `to` as one gzip member (level 6, or 1 for more than 128 KiB) or one brotli
 * stream (quality 4). STATUS_FULL when `to` has no room, or STATUS_NO_MEMORY. */
enum status compress_gzip(const void *bytes, size_t len, struct buf *to) MUST_CHECK;
enum status compress_brotli(const void *bytes, size_t len, struct buf *to) MUST_CHECK;

/* A file that is read once from its beginning, and decompressed if its first bytes say that it is
 * gzip. Used by one thread. */
struct input;

/* Opens a path, or standard input for "-". STATUS_ABSENT with a fault when it can't be opened. The
 * caller closes the input. */
enum status input_open(const char *path, struct input **input, struct fault *fault) MUST_CHECK;
void input_close(struct input *input);

/* Reads up to `room` bytes, at least 1, into `to`; *got is 0 at the end. STATUS_INVALID when gzip
 * data is damaged or ends early, STATUS_FAILED when the file can't be read, STATUS_BUSY when a
 * signal interrupted the read. */
enum status input_read(struct input *input, void *to, size_t room, size_t *got) MUST_CHECK;

/* Waits at most `wait_ms` until input_read would not block, as it may on a pipe; whether it would
 * not. */
bool input_wait(const struct input *input, int wait_ms);

/* How many bytes of the file have been read (compressed ones, if it is gzip), and its size, which
 * is 0 for a pipe. */
void input_progress(const struct input *input, int64_t *offset, int64_t *size);

#endif
