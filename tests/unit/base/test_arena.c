/* Libraries that end the process when an allocation fails are left, and leave no memory behind. */
#include "base/arena.h"

#include "base/buf.h"
#include "base/compress.h"
#include "check.h"
#include "language/markdown.h"

#include <stdlib.h>

/* Sanitizers have an allocator of their own, and find what is left behind by themselves. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_COUNTED false
static int calls, fails_at, live;
#else
#define IS_COUNTED true

static int calls, fails_at; /* fails_at 0: none fails */
static int live;            /* blocks that were allocated and not freed */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *bytes, size_t size);
extern void __libc_free(void *bytes);

static void *counted(void *bytes)
{
    live += bytes != NULL;
    return bytes;
}

static bool fails(void)
{
    return fails_at > 0 && ++calls == fails_at;
}

/* These take the place of the C library's. */
void *malloc(size_t size)
{
    return fails() ? NULL : counted(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : counted(__libc_calloc(count, size));
}

void *realloc(void *bytes, size_t size)
{
    if (fails())
        return NULL;
    return bytes ? __libc_realloc(bytes, size) : counted(__libc_malloc(size));
}

void free(void *bytes)
{
    live -= bytes != NULL;
    __libc_free(bytes);
}
#endif

static const char text[] = "# একটি\n\nদুই *তিন* [x](y) ![z](w)\n\n- a\n- b\n\n[r]: /u\n\n[r] `c`\n";

static bool make_html(void)
{
    json_t *html = markdown_html(text, strlen(text), "http://x/y");
    bool is_done = html != NULL;
    if (is_done)
        check_true("html", strstr(json_string_value(html), "http://x/w") != NULL &&
                               strstr(json_string_value(html), "<em>") != NULL);
    json_decref(html);
    return is_done;
}

static bool make_excerpt(void)
{
    struct buf excerpt;
    buf_init(&excerpt, 1000);
    markdown_excerpt(text, strlen(text), 100, &excerpt);
    bool is_done = buf_status(&excerpt) == STATUS_OK;
    if (is_done)
        check_text("excerpt", buf_string(&excerpt), "দুই তিন x z");
    buf_release(&excerpt);
    return is_done;
}

static bool make_brotli(void)
{
    struct buf compressed;
    buf_init(&compressed, 100000);
    enum status status = compress_brotli(text, strlen(text), &compressed);
    if (status == STATUS_OK)
        check_true("compressed", compressed.len > 10 && compressed.len < strlen(text));
    buf_release(&compressed);
    return status == STATUS_OK;
}

static void each_allocation_that_fails_is_a_clean_failure(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool (*make)(void);
        int least; /* failures that are met */
    } cases[] = {{"html", make_html, 30}, {"excerpt", make_excerpt, 10}, {"br", make_brotli, 8}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        int failures = 0;
        check_true(cases[i].name, cases[i].make());
        int before = live;
        for (int n = 1; IS_COUNTED; n++) {
            calls = 0;
            fails_at = n;
            bool is_done = cases[i].make();
            bool is_met = calls >= n;
            fails_at = 0;
            if (!is_met)
                break;
            failures++;
            check_true("a failure is told", !is_done);
        }
        check_true(cases[i].name, !IS_COUNTED || failures >= cases[i].least);
        check_number("left behind", live, before);
    }
}

static void use(void *arg)
{
    char **kept = arg;
    char *a = arena_calloc(2, 8), *b = arena_realloc(NULL, 8), *c = arena_calloc(1, 8);
    check_true("zeros", memcmp(a, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16) == 0);
    memcpy(b, "seven..", 8);
    b = arena_realloc(b, 100000);
    check_text("moved", b, "seven..");
    arena_free(a);
    arena_free(NULL);
    arena_free(c);
    *kept = b;
    arena_calloc(SIZE_MAX / 4, 8); /* is left here */
    fail();
}

static void a_run_that_is_left_frees_what_it_has(void **state)
{
    (void)state;
    char *kept = NULL;
    int before = live;
    check_status("left", arena_run(use, &kept), STATUS_NO_MEMORY);
    check_true("it had got there", kept != NULL);
    check_number("left behind", live, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_that_is_left_frees_what_it_has),
        cmocka_unit_test(each_allocation_that_fails_is_a_clean_failure),
    };
    return cmocka_run_group_tests_name("base/arena", tests, NULL, NULL);
}
