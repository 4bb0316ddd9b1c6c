#include "http/serve/themer.h"

#include "http/message/client.h"
#include "http/route/routes.h"

#include <string.h>

/* Whether it is somebody at work on a theme who asks: on the machine itself, of a paper whose
 * address is this machine's. A published paper has another, and its proxy's requests come from here
 * too. */
static bool is_themers(const struct exchange *exchange)
{
    static const char *const homes[] = {"127.0.0.1", "localhost", "[::1]"};
    const char *host = strstr(exchange->worker->shared->config->site.url, "://") + 3;
    for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++) {
        size_t len = strlen(homes[i]);
        if (strncmp(host, homes[i], len) == 0 && (host[len] == ':' || host[len] == '\0'))
            return client_is_local(exchange->request);
    }
    return false;
}

bool themer_meets_fault(const struct exchange *exchange, const struct route *route,
                        struct fault *fault)
{
    struct theme_current *theme_current = exchange->worker->shared->theme_current;
    return route->show.template && theme_current_is_broken(theme_current) && is_themers(exchange) &&
           theme_current_fault(theme_current, fault);
}
