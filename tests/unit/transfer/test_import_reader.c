#include "transfer/import_reader.h"

#include "paper.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LINE_BYTES = 1024 * 1024,
    AHEAD_BYTES = 8 * 1024 * 1024, /* as server/transfer/import_reader.c has it */
    SLACK_BYTES = 4 * LINE_BYTES,  /* the line being parsed, the buffer of lines, the pipe */
    OFFERED_BYTES = 64 * 1024 * 1024,
    NO_PROGRESS_MS = 500,
};

/* Offers lines of 1 MiB until the reader takes no more; returns how many bytes it took. */
static int64_t offer(int fd)
{
    static char line[LINE_BYTES];
    int64_t taken = 0;
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    memset(line, 'x', sizeof line);
    line[sizeof line - 1] = '\n';
    while (taken < OFFERED_BYTES && poll(&wait, 1, NO_PROGRESS_MS) == 1) {
        size_t at = (size_t)(taken % LINE_BYTES);
        ssize_t written = write(fd, line + at, sizeof line - at);
        assert_true(written > 0);
        taken += written;
    }
    return taken;
}

/* A writer that waits for a lock must not have the whole file come into memory. */
static void lines_that_nobody_takes_are_read_ahead_within_bounds(void **state)
{
    (void)state;
    char folder[64], path[96];
    struct fault fault;
    struct input *input;
    struct lines lines;
    struct import_reader *reader;
    const struct import_rules rules = {.language = "bn"};
    folder_make(folder);
    snprintf(path, sizeof path, "%s/fifo", folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    int fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    assert_true(fd >= 0);
    check_done("input", input_open(path, &input, &fault), &fault);
    check_status("lines", lines_open(&lines, input, IMPORT_LINE_BYTES_MAX), STATUS_OK);
    check_status("reader", import_reader_open(&lines, &rules, &reader), STATUS_OK);
    int64_t taken = offer(fd);
    check_at_most("bytes read ahead", taken, AHEAD_BYTES + SLACK_BYTES);
    check_true("some are read ahead", taken >= AHEAD_BYTES / 2);
    close(fd);
    import_reader_close(reader);
    lines_close(&lines);
    input_close(input);
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_nobody_takes_are_read_ahead_within_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
