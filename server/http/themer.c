#include "http/themer.h"

#include "http/reader.h"

#include <string.h>

/* Whether it is somebody at work on a theme who asks: on the machine itself, of a paper whose
 * address is this machine's. A published paper has another, and its proxy's requests come from here
 * too. */
static bool is_themers(const struct exchange *exchange)
{
    static const char *const homes[] = {"127.0.0.1", "localhost", "[::1]"};
    const char *host = strstr(exchange->desk->shared->config->site.url, "://") + 3;
    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
        size_t len = strlen(homes[i]);
        if (strncmp(host, homes[i], len) == 0 && (host[len] == ':' || host[len] == '\0'))
            return reader_is_here(exchange->request);
    }
    return false;
}

bool themer_meets_fault(const struct exchange *exchange, const struct route *route,
                        struct fault *fault)
{
    struct stage *stage = exchange->desk->shared->stage;
    return route->show.template && stage_is_broken(stage) && is_themers(exchange) &&
           stage_fault(stage, fault);
}
