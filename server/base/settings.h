/* THE table of settings, and how one is set. */
#ifndef KHOBOR_BASE_SETTINGS_H
#define KHOBOR_BASE_SETTINGS_H

#include "base/config.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

enum setting_type {
    SETTING_TEXT,
    SETTING_NUMBER,
    SETTING_CHOICE,
};

struct setting {
    const char *name;
    enum setting_type type;
    size_t offset;
    const char *fallback;
    int64_t least, most; /* of a number; of a text's length in bytes */
    const char *choices; /* of a choice: "bn en" */
    const char *unit;
    const char *purpose;
};

/* The settings in the order in which they are shown; the last row has no name. */
extern const struct setting settings[];

/* NULL when there is no such setting. */
const struct setting *setting_named(const char *name);

/* Gives a setting a value that comes as text. STATUS_INVALID with a fault that says what may stand
 * there; the old value may be gone then. */
enum status setting_set(struct config *config, const struct setting *setting, const char *value,
                        struct config_origin origin, struct fault *fault) MUST_CHECK;

/* Where its value came from. */
struct config_origin *setting_origin(struct config *config, const struct setting *setting);

/* Appends its value as text. */
void setting_print(const struct config *config, const struct setting *setting, struct buf *to);

#endif
