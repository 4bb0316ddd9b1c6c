#include "http/serve/key.h"

#include <stdint.h>
#include <string.h>

enum {
    KEY_BYTES_MAX = 1024,
    /* Asked for with ever new values, these would push out what many ask for. */
    UNKEPT = PARAMETER_CURSOR | PARAMETER_FIELDS | PARAMETER_FROM | PARAMETER_TO | PARAMETER_AT,
};

/* A text with its NUL, which none has inside. */
static void add(struct buf *key, const char *text)
{
    buf_add(key, text ? text : "", (text ? strlen(text) : 0) + 1);
}

bool key_write(const struct route *route, const struct target *target,
               const struct parameters *parameters, struct buf *key)
{
    const unsigned numbers[] = {(unsigned)parameters->list.limit, parameters->window,
                                parameters->include};
    if (route->freshness == FRESH_NEVER || route->method != METHOD_GET ||
        (parameters->given & UNKEPT))
        return false;
    uintptr_t row = (uintptr_t)route;
    buf_clear(key);
    buf_add(key, &row, sizeof row);
    for (int i = 0; i < target->segments_len; i++)
        add(key, target->segments[i]);
    buf_add(key, numbers, sizeof numbers);
    add(key, parameters->list.section);
    add(key, parameters->list.tag);
    add(key, parameters->list.author);
    return buf_status(key) == STATUS_OK && key->len <= KEY_BYTES_MAX;
}
