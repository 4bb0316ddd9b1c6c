/* What the programs that Khobor is compared with share: a prepared response, a socket, the end.
 *
 * An answer is a file with the bytes of an HTTP response as they are sent: status line, headers, an
 * empty line, the body.
 */
#ifndef BENCH_PEER_H
#define BENCH_PEER_H

#include <stdbool.h>
#include <stddef.h>

enum {
    HEADERS_MAX = 32
};

struct header {
    char *name, *value;
};

struct answer {
    char *bytes; /* all of it */
    size_t len;
    int status;
    struct header headers[HEADERS_MAX];
    int headers_len;
    const char *body; /* in `bytes` */
    size_t body_len;
};

/* Prints an error on stderr and ends the program. */
_Noreturn void give_up(const char *program, const char *what);

/* The bytes of a file and a NUL, to be freed; NULL when it can't be read. */
char *file_read(const char *path, size_t *len);

/* Reads a file; false when it has no response. Its memory is never freed. */
bool answer_load(const char *path, struct answer *answer);

/* The value of a header, NULL when there is none. */
const char *answer_header(const struct answer *answer, const char *name);

/* How many headers end in a piece of a stream. *matched, 0 at the beginning of the stream, is how
 * many bytes of the next end were seen so far. */
size_t count_header_ends(int *matched, const char *piece, size_t len);

/* A socket that listens on 127.0.0.1 and does not block; -1 on an error. *port 0 takes a free port,
 * and *port is then set to it. Shared sockets may have the same port (SO_REUSEPORT). */
int listen_on_loopback(int *port, bool is_shared);

/* The number of threads in `text`, 0 if it is no number; of processors if `text` is NULL. */
int threads_wanted(const char *text);

/* Blocks SIGTERM and SIGINT for wait_for_end(). To be called before any thread starts. */
void hold_signals(void);

/* Prints "listening on http://127.0.0.1:PORT" and returns when the program shall end. */
void wait_for_end(int port);

#endif
