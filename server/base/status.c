/* Texts of statuses, and faults that are formatted into fixed buffers: they need no release. */
#include "base/status.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const names[STATUS__MAX] = {
    [STATUS_OK] = "done",
    [STATUS_ABSENT] = "not found",
    [STATUS_GONE] = "withdrawn",
    [STATUS_INVALID] = "invalid",
    [STATUS_BUSY] = "locked by another process",
    [STATUS_FULL] = "no room left",
    [STATUS_TOO_MANY] = "too often",
    [STATUS_UNUSABLE] = "not usable",
    [STATUS_NO_MEMORY] = "out of memory",
    [STATUS_FAILED] = "failed",
};

const char *status_text(enum status status)
{
    return status < STATUS__MAX ? names[status] : "unknown";
}

void fault_fill(struct fault *fault, const char *field, const char *format, ...)
{
    if (!fault)
        return;
    snprintf(fault->field, sizeof fault->field, "%s", field);
    utf8_scrub(fault->field);
    va_list args;
    va_start(args, format);
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
    utf8_scrub(fault->text);
    fault->retry_s = 0;
}
