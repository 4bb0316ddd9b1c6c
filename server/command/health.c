/* `khobor health`: sends GET /healthz to the address that the settings name, and looks at the
 * status line of the response. */
#include "command/command.h"

#include "http/wire/listen.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum {
    TIMEOUT_S = 2
};

/* Whether the server at an address responds with 200. */
static bool is_healthy(const char *host, const char *port)
{
    static const char request[] =
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    static const char good[] = "HTTP/1.1 200 ";
    const ssize_t request_len = sizeof request - 1, good_len = sizeof good - 1;
    char response[sizeof good] = "";
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    struct timeval timeout = {.tv_sec = TIMEOUT_S};
    /* A server that listens on every address is reached by the loopback address. */
    if (strcmp(host, "0.0.0.0") == 0)
        host = "127.0.0.1";
    else if (strcmp(host, "::") == 0)
        host = "::1";
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return false;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool healthy = fd >= 0 &&
                   setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0 &&
                   setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) == 0 &&
                   connect(fd, found->ai_addr, found->ai_addrlen) == 0 &&
                   send(fd, request, (size_t)request_len, MSG_NOSIGNAL) == request_len &&
                   recv(fd, response, (size_t)good_len, MSG_WAITALL) == good_len &&
                   memcmp(response, good, (size_t)good_len) == 0;
    if (fd >= 0)
        close(fd);
    freeaddrinfo(found);
    return healthy;
}

int command_health(const struct invocation *invocation)
{
    char text[CONFIG_TEXT_BYTES], *host, *port;
    struct fault fault;
    snprintf(text, sizeof text, "%s", invocation->config->http.listen);
    if (listen_split(text, &host, &port) && is_healthy(host, port))
        return EXIT_DONE;
    fault_set(&fault, STATUS_ABSENT, "", "no healthy server answers on %s",
              invocation->config->http.listen);
    return complain(&fault);
}
