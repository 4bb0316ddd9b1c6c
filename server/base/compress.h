/* gzip and brotli, for bodies on the wire and for files read. */
#ifndef KHOBOR_BASE_COMPRESS_H
#define KHOBOR_BASE_COMPRESS_H

#include "base/buf.h"
#include "base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Appends `len` bytes as one gzip member (level 6, or 1 for much) or one brotli stream (quality 4)
 * to `to`. */
enum status compress_gzip(const void *bytes, size_t len, struct buf *to) MUST_CHECK;
enum status compress_brotli(const void *bytes, size_t len, struct buf *to) MUST_CHECK;

/* A file that is read from its beginning, gzip or plain: the first bytes tell. */
struct input;

/* Opens a path, or standard input for "-". STATUS_ABSENT with a fault when it can't be opened. */
enum status input_open(const char *path, struct input **input, struct fault *fault) MUST_CHECK;
void input_close(struct input *input);

/* Reads up to `room` bytes into `to`; *got is 0 at the end. STATUS_INVALID when gzip data is
 * damaged or ends early, STATUS_FAILED when the file can't be read, STATUS_BUSY when a signal came.
 */
enum status input_read(struct input *input, void *to, size_t room, size_t *got) MUST_CHECK;

/* Waits at most `wait_ms` until a read would return at once; a pipe may keep its reader waiting. */
bool input_wait(const struct input *input, int wait_ms);

/* How far the file has been read, before decompressing, and its size; the size is 0 for a pipe. */
void input_progress(const struct input *input, int64_t *offset, int64_t *size);

#endif
