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

/* The loopback address for a server that listens on every address. */
static const char *address_to_reach(const char *host)
{
    if (strcmp(host, "0.0.0.0") == 0)
        return "127.0.0.1";
    return strcmp(host, "::") == 0 ? "::1" : host;
}

static int connect_to(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    struct timeval timeout = {.tv_sec = TIMEOUT_S};
    if (getaddrinfo(address_to_reach(host), port, &hints, &found) != 0)
        return -1;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool connected = fd >= 0 &&
                     setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout) == 0 &&
                     setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) == 0 &&
                     connect(fd, found->ai_addr, found->ai_addrlen) == 0;
    freeaddrinfo(found);
    if (connected)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static bool is_healthy(int fd)
{
    static const char request[] =
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    static const char good[] = "HTTP/1.1 200 ";
    char response[sizeof good] = "";
    if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL) != (ssize_t)sizeof request - 1)
        return false;
    ssize_t got = recv(fd, response, sizeof good - 1, MSG_WAITALL);
    return got == (ssize_t)sizeof good - 1 && memcmp(response, good, sizeof good - 1) == 0;
}

int command_health(const struct invocation *invocation)
{
    char text[CONFIG_TEXT_BYTES], *host, *port;
    struct fault fault;
    snprintf(text, sizeof text, "%s", invocation->config->http.listen);
    int fd = listen_split(text, &host, &port) ? connect_to(host, port) : -1;
    bool healthy = fd >= 0 && is_healthy(fd);
    if (fd >= 0)
        close(fd);
    if (healthy)
        return EXIT_DONE;
    fault_set(&fault, STATUS_ABSENT, "", "no healthy server answers on %s",
              invocation->config->http.listen);
    return complain(&fault);
}
