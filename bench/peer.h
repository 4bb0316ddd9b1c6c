/* What the programs that Khobor is measured against share: a prepared answer, a socket, an end.
 *
 * An answer is a file with the bytes of an HTTP answer as they went over a socket: status line,
 * headers, an empty line, the body.
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

/* Says on stderr what is wrong, and ends the program. */
_Noreturn void give_up(const char *program, const char *what);

/* The bytes of a file with a NUL behind them, to be freed; NULL when there are none. */
char *file_read(const char *path, size_t *len);

/* Reads a file; false when it holds no answer. What is read is kept until the program ends. */
bool answer_load(const char *path, struct answer *answer);

/* The value of a header, NULL when there is none. */
const char *answer_header(const struct answer *answer, const char *name);

/* The headers that end in a piece of a stream; *matched, 0 at its beginning, is how much of the
 * next end was seen so far. */
size_t count_header_ends(int *matched, const char *piece, size_t len);

/* A socket that listens on 127.0.0.1 and does not block; -1 when there is none. It takes *port, or
 * a free one for 0, which *port then tells. Sockets that are shared may have a port in common
 * (SO_REUSEPORT). */
int listen_on_loopback(int *port, bool is_shared);

/* As many as there are processors, or as `text` says, when it is not NULL; 0 when it says nonsense.
 */
int threads_wanted(const char *text);

/* To be called before any thread starts: SIGTERM and SIGINT wait for wait_for_end(). */
void hold_signals(void);

/* Prints "listening on http://127.0.0.1:PORT" and returns when the program is to end. */
void wait_for_end(int port);

#endif
