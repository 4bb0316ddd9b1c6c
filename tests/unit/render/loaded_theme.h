/* Loads a theme from its folder and compares its files with what is built in. */
#ifndef KHOBOR_TESTS_LOADED_THEME_H
#define KHOBOR_TESTS_LOADED_THEME_H

#include "base/crypto.h"
#include "base/file.h"
#include "http/route/routes.h"
#include "render/theme.h"
#include "theme_folder.h"

enum {
    HASH_CHARACTERS = THEME_HASH_BYTES - 1,
};

static inline int set_up(void **state)
{
    (void)state;
    folder_open();
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    folder_close();
    return 0;
}

static inline struct theme *loaded(const char *path)
{
    struct theme *theme = NULL;
    struct fault fault = {.field = ""};
    check_done(path, theme_load(path, route_templates, &theme, &fault), &fault);
    return theme;
}

/* Compares an asset's bytes; `hash` gets its hash. */
static inline void check_asset(const struct theme *theme, const char *name, const void *bytes,
                               size_t len, char hash[THEME_HASH_BYTES])
{
    size_t got_len;
    struct representation *representation = theme_asset(theme, name, hash);
    assert_non_null(representation);
    const void *got = representation_body(representation, ENCODING_IDENTITY, &got_len);
    check_number(name, (int64_t)got_len, (int64_t)len);
    check_true(name, memcmp(got, bytes, len) == 0);
    representation_unref(representation);
}

static inline void check_text_asset(const struct theme *theme, const char *name, const char *text,
                                    char hash[THEME_HASH_BYTES])
{
    check_asset(theme, name, text, strlen(text), hash);
}

/* The address that pages find under assets.STEM.EXTENSION. */
static inline const char *address_of(const struct theme *theme, const char *name)
{
    char stem[PATH_BYTES];
    const char *dot = strrchr(name, '.');
    snprintf(stem, sizeof stem, "%.*s", (int)(dot - name), name);
    const json_t *assets = json_object_get(theme_context(theme), "assets");
    return json_string_value(json_object_get(json_object_get(assets, stem), dot + 1));
}

static inline void check_address(const struct theme *theme, const char *name,
                                 const char hash[THEME_HASH_BYTES])
{
    char expected[PATH_BYTES];
    snprintf(expected, sizeof expected, "/assets/%s/%s", hash, name);
    check_text(name, address_of(theme, name), expected);
}

static inline const char *file_in(const struct embedded *file, const char *of)
{
    size_t len = strlen(of);
    return strncmp(file->name, of, len) == 0 ? file->name + len : NULL;
}

/* A theme has whatever is built in, `but` one file, byte for byte. */
static inline void check_built_in(const struct theme *theme, const char *but)
{
    int templates = 0, assets = 0;
    for (const struct embedded *file = embedded_theme; file->name; file++) {
        char hash[THEME_HASH_BYTES], whole[HASH_TEXT_BYTES];
        size_t len = (size_t)(file->end - file->begin);
        const char *template = file_in(file, "templates/"), *asset = file_in(file, "assets/");
        check_true(file->name, (template == NULL) != (asset == NULL));
        templates += template != NULL;
        assets += asset != NULL;
        if (template)
            check_true(file->name, theme_template(theme, template) != NULL);
        if (!asset || strcmp(file->name, but) == 0)
            continue;
        check_asset(theme, asset, file->begin, len, hash);
        hash_text(file->begin, len, whole);
        check_number(file->name, strncmp(hash, whole, HASH_CHARACTERS), 0);
        check_number(file->name, (int64_t)strlen(hash), HASH_CHARACTERS);
        check_address(theme, asset, hash);
    }
    check_true("templates", templates > 20);
    check_true("assets", assets > 5);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
