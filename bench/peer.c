#include "peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    BACKLOG = 1024, /* Khobor's own */
    THREADS_MAX = 64
};

void give_up(const char *program, const char *what)
{
    fprintf(stderr, "%s: %s\n", program, what);
    exit(1);
}

char *file_read(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *bytes = NULL;
    if (fseek(file, 0, SEEK_END) == 0) {
        long size = ftell(file);
        rewind(file);
        bytes = size > 0 ? malloc((size_t)size + 1) : NULL;
        if (bytes && fread(bytes, 1, (size_t)size, file) == (size_t)size) {
            bytes[size] = '\0';
            *len = (size_t)size;
        } else {
            free(bytes);
            bytes = NULL;
        }
    }
    fclose(file);
    return bytes;
}

/* Splits one line of a header into name and value, in place. */
static bool take_header(struct answer *answer, const char *line, size_t len)
{
    const char *colon = memchr(line, ':', len);
    if (!colon || answer->headers_len == HEADERS_MAX)
        return false;
    const char *value = colon + 1;
    while (*value == ' ')
        value++;
    struct header *header = &answer->headers[answer->headers_len++];
    header->name = strndup(line, (size_t)(colon - line));
    header->value = strndup(value, (size_t)(line + len - value));
    return header->name && header->value;
}

bool answer_load(const char *path, struct answer *answer)
{
    *answer = (struct answer){.status = 0};
    answer->bytes = file_read(path, &answer->len);
    if (!answer->bytes || sscanf(answer->bytes, "HTTP/1.1 %d ", &answer->status) != 1)
        return false;
    const char *line = strstr(answer->bytes, "\r\n");
    while (line) {
        line += 2;
        const char *end = strstr(line, "\r\n");
        if (end == line) {
            answer->body = line + 2;
            answer->body_len = answer->len - (size_t)(answer->body - answer->bytes);
            return true;
        }
        if (end && !take_header(answer, line, (size_t)(end - line)))
            return false;
        line = end;
    }
    return false;
}

const char *answer_header(const struct answer *answer, const char *name)
{
    for (int i = 0; i < answer->headers_len; i++) {
        if (strcasecmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    }
    return NULL;
}

size_t count_header_ends(int *matched, const char *piece, size_t len)
{
    static const char end[] = "\r\n\r\n";
    size_t ends = 0;
    for (size_t i = 0; i < len; i++) {
        /* Most bytes are in no end of a header: skip to the next one that could be. */
        if (*matched == 0) {
            const char *next = memchr(piece + i, '\r', len - i);
            if (!next)
                break;
            i = (size_t)(next - piece);
        }
        *matched = piece[i] == end[*matched] ? *matched + 1 : piece[i] == '\r';
        if (*matched == 4) {
            *matched = 0;
            ends++;
        }
    }
    return ends;
}

int listen_on_loopback(int *port, bool is_shared)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)*port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int on = is_shared;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0 ||
        bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, BACKLOG) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        close(fd);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return fd;
}

int threads_wanted(const char *text)
{
    long threads = text ? strtol(text, NULL, 10) : sysconf(_SC_NPROCESSORS_ONLN);
    return threads < 1 || threads > THREADS_MAX ? 0 : (int)threads;
}

static void ending_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGTERM);
    sigaddset(signals, SIGINT);
}

void hold_signals(void)
{
    sigset_t signals;
    ending_signals(&signals);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
}

void wait_for_end(int port)
{
    sigset_t signals;
    int which;
    printf("listening on http://127.0.0.1:%d\n", port);
    fflush(stdout);
    ending_signals(&signals);
    sigwait(&signals, &which);
}
