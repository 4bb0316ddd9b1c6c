/* Bounds depth and number of values before jansson parses, because its parser recurses. Then each
 * field is checked by the row of its table: its JSON type, and what that type's function adds. */
#include "newsroom/check_json.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/utf8.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

static enum status check_text(const struct field_rule *field, const json_t *value,
                              struct fault *fault)
{
    const char *text = json_string_value(value);
    size_t len = json_string_length(value);
    assert(field->most > 0);
    if (len > (size_t)field->most)
        return fault_set(fault, STATUS_INVALID, field->name,
                         "is %zu bytes long; at most %" PRId64 " are allowed", len, field->most);
    uint32_t code = 0;
    enum utf8_problem problem =
        utf8_check(text, len, field->type == FIELD_BODY ? UTF8_MANY_LINES : UTF8_ONE_LINE, &code);
    if (problem != UTF8_FINE)
        return fault_set(fault, STATUS_INVALID, field->name,
                         "has %s, U+%04" PRIX32 ", which is not allowed in a text",
                         utf8_problem_text(problem), code);
    if (field->type != FIELD_BODY && strspn(text, " ") == len)
        return fault_set(fault, STATUS_INVALID, field->name, "is empty; give a text%s",
                         field->required ? "" : ", or null for none");
    return STATUS_OK;
}

static enum status check_texts(const struct field_rule *field, const json_t *value,
                               struct fault *fault)
{
    size_t len = json_array_size(value);
    assert(field->most_len > 0);
    if (len > (size_t)field->most_len)
        return fault_set(fault, STATUS_INVALID, field->name,
                         "has %zu texts; at most %" PRId64 " are allowed", len, field->most_len);
    for (size_t i = 0; i < len; i++) {
        const json_t *text = json_array_get(value, i);
        if (!json_is_string(text))
            return fault_set(fault, STATUS_INVALID, field->name, "must be an array of texts");
        enum status status = check_text(field, text, fault);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status check_instant(const struct field_rule *field, const json_t *value,
                                 struct fault *fault)
{
    int64_t at;
    const char *text = json_string_value(value);
    if (instant_parse(text, json_string_length(value), &at) == STATUS_OK)
        return STATUS_OK;
    return fault_set(fault, STATUS_INVALID, field->name,
                     "must be a date and time with a zone, like 2024-04-16T17:10:00+06:00, in the "
                     "years 1000 to 9999; got \"%.40s\"",
                     text);
}

static enum status check_number(const struct field_rule *field, const json_t *value,
                                struct fault *fault)
{
    json_int_t number = json_integer_value(value);
    if (number >= 0 && number <= field->most)
        return STATUS_OK;
    return fault_set(fault, STATUS_INVALID, field->name,
                     "must be a whole number from 0 to %" PRId64 ", got %" JSON_INTEGER_FORMAT,
                     field->most, number);
}

static enum status check_object(const struct field_rule *field, const json_t *value,
                                struct fault *fault)
{
    struct fault inner;
    assert(field->inner);
    enum status status = check_json_fields(field->inner, value, &inner);
    if (status != STATUS_OK)
        return fault_set(fault, status, field->name, "%s: %s", inner.field, inner.text);
    return STATUS_OK;
}

static enum status check_flag(const struct field_rule *field, const json_t *value,
                              struct fault *fault)
{
    (void)field;
    (void)value;
    (void)fault;
    return STATUS_OK;
}

/* A type's name in messages, its JSON type (json_true also means json_false), and its further
 * check. */
static const struct {
    const char *words;
    json_type json;
    enum status (*check)(const struct field_rule *, const json_t *, struct fault *);
} field_types[] = {
    [FIELD_TEXT] = {"a text", JSON_STRING, check_text},
    [FIELD_BODY] = {"a text", JSON_STRING, check_text},
    [FIELD_TEXTS] = {"an array of texts", JSON_ARRAY, check_texts},
    [FIELD_INSTANT] = {"a date and time", JSON_STRING, check_instant},
    [FIELD_NUMBER] = {"a whole number", JSON_INTEGER, check_number},
    [FIELD_FLAG] = {"true or false", JSON_TRUE, check_flag},
    [FIELD_OBJECT] = {"an object", JSON_OBJECT, check_object},
};

static bool has_type(const struct field_rule *field, const json_t *value)
{
    return json_typeof(value) == field_types[field->type].json ||
           (field->type == FIELD_FLAG && json_is_false(value));
}

/* Refuses an object with a field that is in no row. */
static enum status check_known(const struct field_rule *fields, const json_t *object,
                               struct fault *fault)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        const struct field_rule *field = fields;
        while (field->name && strcmp(field->name, key) != 0)
            field++;
        if (!field->name)
            return fault_set(fault, STATUS_INVALID, key, "is no field of this type of line");
    }
    return STATUS_OK;
}

enum status check_json_fields(const struct field_rule *fields, const json_t *object,
                              struct fault *fault)
{
    assert(json_is_object(object));
    enum status status = check_known(fields, object, fault);
    for (const struct field_rule *field = fields; field->name && status == STATUS_OK; field++) {
        assert((size_t)field->type < sizeof field_types / sizeof field_types[0]);
        const json_t *value = json_object_get(object, field->name);
        bool absent = !value || json_is_null(value);
        if (absent && field->required)
            return fault_set(fault, STATUS_INVALID, field->name, "is missing; it must be %s",
                             field_types[field->type].words);
        if (absent)
            continue;
        if (!has_type(field, value))
            return fault_set(fault, STATUS_INVALID, field->name, "must be %s",
                             field_types[field->type].words);
        status = field_types[field->type].check(field, value, fault);
    }
    return status;
}

bool check_json_instant(const json_t *object, const char *name, int64_t *at)
{
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) &&
           instant_parse(json_string_value(value), json_string_length(value), at) == STATUS_OK;
}

/* Where a JSON text that begins at `at` ends: at its closing quote, or at `end`. */
static const char *text_end(const char *at, const char *end)
{
    assert(at <= end);
    const char *quote = at;
    while ((quote = memchr(quote, '"', (size_t)(end - quote)))) {
        const char *slash = quote;
        while (slash > at && slash[-1] == '\\')
            slash--;
        if ((quote - slash) % 2 == 0) /* the backslashes before it escape each other */
            return quote;
        quote++;
    }
    return end;
}

/* jansson's parser recurses, so depth costs stack; and a value takes up to a hundred times the
 * memory of its text, so the number of values is bounded, too. */
static bool is_too_large(const char *line, size_t len)
{
    int depth = 0, commas = 0;
    const char *end = line + len;
    for (const char *at = line;
         at < end && depth <= FIELDS_DEPTH_MAX && commas <= FIELDS_VALUES_MAX; at++) {
        if (*at == '"') {
            at = text_end(at + 1, end);
            continue;
        }
        depth += *at == '[' || *at == '{';
        depth -= *at == ']' || *at == '}';
        commas += *at == ',';
    }
    return depth > FIELDS_DEPTH_MAX || commas > FIELDS_VALUES_MAX;
}

/* jansson's own error texts are not used: they repeat the input, and may cut it in a character. */
static enum status parse_fault(const json_error_t *error, struct fault *fault)
{
    static const struct {
        enum json_error_code code;
        const char *words;
    } reasons[] = {
        {json_error_invalid_utf8, "has bytes that are not UTF-8"},
        {json_error_duplicate_key, "has the same key twice"},
        {json_error_null_character, "has a NUL character in a text"},
        {json_error_null_byte_in_key, "has a NUL character in a key"},
        {json_error_numeric_overflow, "has a number that is too large"},
        {json_error_premature_end_of_input, "ends in the middle"},
        {json_error_end_of_input_expected, "goes on after its object"},
        {json_error_out_of_memory, "needs more memory than there is"},
    };
    const char *words = "is not valid JSON";
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (json_error_code(error) == reasons[i].code)
            words = reasons[i].words;
    }
    return fault_set(fault, STATUS_INVALID, "", "the line %s (near byte %d)", words,
                     error->position);
}

enum status check_json_parse(const char *text, size_t len, json_t **object, struct fault *fault)
{
    if (is_too_large(text, len))
        return fault_set(fault, STATUS_INVALID, "",
                         "the line is nested deeper than %d levels, or has over %d values",
                         FIELDS_DEPTH_MAX, FIELDS_VALUES_MAX);
    json_error_t error;
    (void)arena_take_failure();
    json_t *loaded = json_load_text(text, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!loaded && arena_take_failure())
        return fault_set(fault, STATUS_NO_MEMORY, "", "the line can't be read: out of memory");
    if (!loaded)
        return parse_fault(&error, fault);
    if (!json_is_object(loaded)) {
        json_decref(loaded);
        return fault_set(fault, STATUS_INVALID, "", "the line must be a JSON object");
    }
    *object = loaded;
    return STATUS_OK;
}
