#include "http/wire/listen.h"

#include "check.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

/* Clients that read slowly fill the memory of the kernel otherwise. */
static void an_accepted_connection_bounds_what_is_not_sent(void **state)
{
    (void)state;
    struct config config;
    struct fault fault = {.field = ""};
    char address[LISTEN_ADDRESS_BYTES];
    struct sockaddr_storage bound;
    socklen_t len = sizeof bound;
    int listener = -1, client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), unsent = 0;
    config_init(&config);
    snprintf(config.http.listen, sizeof config.http.listen, "127.0.0.1:0");
    check_done("listen", listen_open(&config, &listener, address, &fault), &fault);
    check_number("name", getsockname(listener, (struct sockaddr *)&bound, &len), 0);
    check_number("connect", connect(client, (struct sockaddr *)&bound, len), 0);
    int accepted = accept(listener, NULL, NULL);
    check_true("accept", accepted >= 0);
    len = sizeof unsent;
    check_number("option", getsockopt(accepted, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent, &len), 0);
    check_number("bytes", unsent, 128 * 1024);
    close(accepted);
    close(client);
    close(listener);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_accepted_connection_bounds_what_is_not_sent),
    };
    return cmocka_run_group_tests_name("http/wire/listen", tests, NULL, NULL);
}
