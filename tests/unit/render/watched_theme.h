/* The theme in use, on a folder whose files the tests change. */
#ifndef KHOBOR_TESTS_WATCHED_THEME_H
#define KHOBOR_TESTS_WATCHED_THEME_H

#include "http/route/routes.h"
#include "render/theme_current.h"
#include "theme_folder.h"

#include <fcntl.h>

enum {
    TEXT_BYTES = 128,
};

static struct theme_current *theme_current;

/* Writes a file and says when, so that no test waits for a clock to move. */
static inline void put_at(const char *name, const char *text, int64_t at_ns)
{
    char path[PATH_BYTES];
    const struct timespec at = {.tv_sec = at_ns / 1000000000, .tv_nsec = at_ns % 1000000000};
    const struct timespec times[] = {at, at};
    put(name, text);
    in_folder(name, path);
    check_true(path, utimensat(AT_FDCWD, path, times, 0) == 0);
}

/* A stage on a folder with an asset and a template that say "first". */
static inline int set_up(void **state)
{
    (void)state;
    struct fault fault = {.field = ""};
    folder_open();
    put("assets/a.txt", "first");
    put("templates/robots.txt", "first");
    check_done("open", theme_current_open(folder, route_templates, &theme_current, &fault), &fault);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    theme_current_close(theme_current);
    folder_close();
    return 0;
}

/* What a theme's asset holds; "" for none. */
static inline void asset_text(const struct theme *theme, const char *name, char text[TEXT_BYTES])
{
    size_t len;
    char hash[THEME_HASH_BYTES];
    struct representation *representation = theme_asset(theme, name, hash);
    text[0] = '\0';
    if (!representation)
        return;
    const char *body = representation_body(representation, ENCODING_IDENTITY, &len);
    snprintf(text, TEXT_BYTES, "%.*s", (int)len, body);
    representation_unref(representation);
}

static inline void template_text(const struct theme *theme, const char *name, char text[TEXT_BYTES])
{
    struct buf page;
    json_t *document = json_object();
    const json_t *contexts[] = {theme_context(theme), document};
    buf_init(&page, 64 * 1024);
    template_render(theme_template(theme, name), contexts, COUNT(contexts), &page);
    snprintf(text, TEXT_BYTES, "%s", buf_string(&page));
    buf_release(&page);
    json_decref(document);
}

static inline void check_theme(const char *name, const struct theme *theme, const char *asset,
                               const char *template)
{
    char text[TEXT_BYTES];
    asset_text(theme, "a.txt", text);
    check_text(name, text, asset);
    template_text(theme, "robots.txt", text);
    if (template)
        check_text(name, text, template);
    else
        check_holds(name, text, "User-agent");
}

/* The theme in use; NULL for the template is what is built in. */
static inline void check_stage(const char *name, const char *asset, const char *template)
{
    struct theme *theme = theme_current_ref(theme_current);
    check_theme(name, theme, asset, template);
    theme_unref(theme);
}

static inline void check_whole(const char *name)
{
    struct fault fault = {.field = "untouched"};
    check_true(name, !theme_current_fault(theme_current, &fault));
    check_text(name, fault.field, "untouched");
}

static inline void check_broken(const char *name, const char *field, const char *text)
{
    struct fault fault = {.field = ""};
    check_true(name, theme_current_fault(theme_current, &fault));
    check_text(name, fault.field, field);
    check_text(name, fault.text, text);
}

/* Watches, and says whether another theme came. */
static inline bool watch(void)
{
    struct theme *before = theme_current_ref(theme_current);
    theme_current_watch(theme_current);
    struct theme *after = theme_current_ref(theme_current);
    bool is_another = before != after;
    theme_unref(before);
    theme_unref(after);
    return is_another;
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

#endif
