/* The table of all settings: name, type, default, bounds and purpose. Everything about a setting is
 * made from its row: parsing, checking, `khobor config`, and config/khobor.ini. */
#ifndef KHOBOR_BASE_SETTINGS_H
#define KHOBOR_BASE_SETTINGS_H

#include "base/config.h"
#include "base/status.h"

#include <stdbool.h>
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
    size_t offset;        /* of its field in struct config */
    const char *fallback; /* the default, as text */
    int64_t least, most;  /* of a number, or of a text's length in bytes */
    const char *choices;  /* of a choice, separated by spaces: "bn en" */
    const char *unit;     /* of a number: "ms" */
    const char *purpose;  /* a sentence for config/khobor.ini */
};

/* In the order in which they are printed; the name in the last row is NULL. */
extern const struct setting settings[];

/* The setting with a name like "http.max_age_s"; NULL when there is none. */
const struct setting *setting_named(const char *name);

/* Parses `value`, checks it and stores it with its origin. STATUS_INVALID with a fault that says
 * what is allowed; the value may have changed then. */
enum status setting_set(struct config *config, const struct setting *setting, const char *value,
                        struct config_origin origin, struct fault *fault) MUST_CHECK;

/* Where the value of a setting is from; never NULL. */
struct config_origin *setting_origin(struct config *config, const struct setting *setting);

/* Whether a list of words, with a space between two, has this word. */
bool has_word(const char *words, const char *word);

/* Appends the value of a setting as text. */
void setting_print(const struct config *config, const struct setting *setting, struct buf *to);

#endif
