/* Who works on a theme, and is told what is wrong with it. */
#ifndef KHOBOR_HTTP_SERVE_THEMER_H
#define KHOBOR_HTTP_SERVE_THEMER_H

#include "http/message/exchange.h"

#include <stdbool.h>

/* Whether who asks for a route is at work on the theme and that is broken; the fault says how. It
 * is shown to nobody else. */
bool themer_meets_fault(const struct exchange *exchange, const struct route *route,
                        struct fault *fault);

#endif
