/* Opens the listening socket from the setting http.listen, and reads back which port it has. */
#include "http/wire/listen.h"

#include <assert.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PORT_MAX = 65535,
    /* What the kernel takes of a response before its client has taken what was sent. Otherwise a
     * crowd of clients that read slowly fills the memory that all connections share. */
    UNSENT_BYTES_MAX = 128 * 1024,
};

bool listen_split(char *listen_at, char **host, char **port)
{
    char *colon = strrchr(listen_at, ':');
    size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;
    if (!colon || colon == listen_at || digits == 0 || digits > 5 || colon[1 + digits] != '\0' ||
        strtol(colon + 1, NULL, 10) > PORT_MAX)
        return false;
    assert(digits >= 1 && digits <= 5);
    *colon = '\0';
    *host = listen_at;
    *port = colon + 1;
    size_t len = strlen(listen_at);
    if (len > 2 && listen_at[0] == '[' && listen_at[len - 1] == ']') {
        listen_at[len - 1] = '\0';
        *host = listen_at + 1;
    }
    return true;
}

static int bind_and_listen(const struct addrinfo *at, int backlog)
{
    /* Non-blocking: several threads accept from it, and a thread that comes too late must not wait.
     */
    int fd = socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1, unsent = UNSENT_BYTES_MAX;
    /* Each accepted connection inherits it. A kernel without it needs more memory, no more. */
    if (fd >= 0)
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, sizeof unsent);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, at->ai_addr, at->ai_addrlen) == 0 && listen(fd, backlog) == 0)
        return fd;
    int error = errno;
    if (fd >= 0)
        close(fd);
    errno = error;
    return -1;
}

enum status listen_open(const struct config *config, int *fd, char address[LISTEN_ADDRESS_BYTES],
                        struct fault *fault)
{
    char text[CONFIG_TEXT_BYTES], *host, *port;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    snprintf(text, sizeof text, "%s", config->http.listen);
    if (!listen_split(text, &host, &port) || getaddrinfo(host, port, &hints, &found) != 0)
        return fault_set(
            fault, STATUS_INVALID, "http.listen",
            "must be an address and a port like 127.0.0.1:8080 or [::1]:8080, got \"%s\"",
            config->http.listen);
    int opened = bind_and_listen(found, (int)config->http.backlog);
    freeaddrinfo(found);
    if (opened < 0)
        return fault_set(fault, STATUS_BUSY, "http.listen", "%s can't be listened on: %s",
                         config->http.listen, strerror(errno));
    /* The address as the kernel has it, which chooses the port when the setting has port 0. */
    struct sockaddr_storage bound;
    socklen_t len = sizeof bound;
    char bound_host[NI_MAXHOST] = "?", bound_port[NI_MAXSERV] = "?";
    if (getsockname(opened, (struct sockaddr *)&bound, &len) == 0)
        getnameinfo((struct sockaddr *)&bound, len, bound_host, sizeof bound_host, bound_port,
                    sizeof bound_port, NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(address, LISTEN_ADDRESS_BYTES, strchr(bound_host, ':') ? "[%.60s]:%.8s" : "%.60s:%.8s",
             bound_host, bound_port);
    assert(strchr(address, ':'));
    *fd = opened;
    return STATUS_OK;
}
