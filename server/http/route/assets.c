/* Handlers of a theme's assets: their bytes are in memory, ready in all encodings. The address of
 * an asset contains a hash of its bytes, so that a browser may cache it for ever. */
#include "http/route/assets.h"

#include "document/dependencies.h"

#include <assert.h>
#include <string.h>

static enum status find_asset(const struct worker *worker, const char *hash, const char *name,
                              struct handler_result *result, struct fault *fault)
{
    char current[THEME_HASH_BYTES];
    struct theme *theme = theme_current_ref(worker->shared->theme_current);
    result->representation = theme_asset(theme, name, current);
    theme_unref(theme);
    if (!result->representation)
        return fault_set(fault, STATUS_ABSENT, "", "there is no such asset");
    result->is_immutable = strcmp(hash, current) == 0;
    return STATUS_OK;
}

/* At an address with the hash of other bytes the asset is sent as it is now, with the usual
 * lifetime: a page that a cache outside still has may refer to that address. */
enum status handle_asset(const struct worker *worker, const struct context *context,
                         const struct parameters *parameters, struct handler_result *result,
                         struct fault *fault)
{
    assert(parameters->names[0] && parameters->names[1]); /* the route's pattern has both */
    dependency_note(context, TOPIC_THEME, 0);
    enum status status =
        find_asset(worker, parameters->names[0], parameters->names[1], result, fault);
    assert(status != STATUS_OK || result->representation);
    result->is_misaddressed = !result->is_immutable;
    return status;
}

/* /favicon.ico, where browsers look for an icon when a page names none. */
enum status handle_favicon(const struct worker *worker, const struct context *context,
                           const struct parameters *parameters, struct handler_result *result,
                           struct fault *fault)
{
    (void)parameters;
    dependency_note(context, TOPIC_THEME, 0);
    return find_asset(worker, "", "favicon.ico", result, fault);
}
