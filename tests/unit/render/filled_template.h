/* Compiles templates and fills the first of them from JSON. */
#ifndef KHOBOR_TESTS_FILLED_TEMPLATE_H
#define KHOBOR_TESTS_FILLED_TEMPLATE_H

#include "check.h"
#include "render/template.h"

#include <jansson.h>
#include <stdio.h>

#define TEXT(text) (text), sizeof(text) - 1

enum {
    PAGE_MAX_BYTES = 1024 * 1024,
    JSON_MAX_BYTES = 512,
};

static inline struct templates *compiled(const char *name, const struct template_source *sources,
                                         size_t len)
{
    struct fault fault = {.field = ""};
    struct templates *set = NULL;
    check_done(name, templates_compile(sources, len, &set, &fault), &fault);
    return set;
}

/* A value of JSON in which ' stands for ". */
static inline json_t *parsed(const char *name, const char *json)
{
    char text[JSON_MAX_BYTES];
    snprintf(text, sizeof text, "%s", json);
    for (char *quote = text; (quote = strchr(quote, '\''));)
        *quote = '"';
    json_t *value = json_loads(text, JSON_DECODE_ANY, NULL);
    check_true(name, value != NULL);
    return value;
}

/* Fills the first of the sources from one context; `got` is released by the caller. */
static inline void fill(const char *name, const struct template_source *sources, size_t len,
                        const json_t *context, struct buf *got)
{
    struct templates *set = compiled(name, sources, len);
    const struct template *template = templates_find(set, sources[0].name);
    check_true(name, template != NULL);
    buf_init(got, PAGE_MAX_BYTES);
    template_render(template, &context, 1, got);
    templates_free(set);
}

#endif
