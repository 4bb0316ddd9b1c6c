/* The bounds of a template: depth, work, and the size of the page. */
#include "filled_template.h"

enum {
    DEPTH_MOST = 64, /* as template.h promises */
};

/* A list of one object that has such a list, and so on: {"a":[{"a":[{"a":[]}]}]}. The last one is
 * empty, for a missing one would be looked for further out. */
static json_t *nested(int depth)
{
    json_t *made = json_pack("{s:[]}", "a");
    for (int i = 0; i < depth; i++)
        made = json_pack("{s:[o]}", "a", made);
    return made;
}

static void depth_is_bounded(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct template_source source;
        int depth;
        enum status expected;
    } cases[] = {
        /* A step into the data is a section and a partial. */
        {"as deep as may be", {"p", TEXT("x{{#a}}{{>p}}{{/a}}")}, DEPTH_MOST / 2, STATUS_OK},
        {"one deeper", {"p", TEXT("x{{#a}}{{>p}}{{/a}}")}, DEPTH_MOST / 2 + 1, STATUS_FULL},
        {"deeper by a last section",
         {"p", TEXT("{{#a}}{{>p}}{{/a}}{{^a}}x{{/a}}")},
         DEPTH_MOST / 2,
         STATUS_FULL},
        {"far deeper", {"p", TEXT("x{{#a}}{{>p}}{{/a}}")}, 500, STATUS_FULL},
        {"itself", {"p", TEXT("x{{>p}}")}, 0, STATUS_FULL},
        {"itself, without a word", {"p", TEXT("{{>p}}{{>p}}")}, 0, STATUS_FULL},
        {"itself, indented", {"p", TEXT("x\n {{>p}}\n {{>p}}\n")}, 0, STATUS_FULL},
        {"itself in a list", {"p", TEXT("{{#a}}{{>p}}{{>p}}{{/a}}")}, 500, STATUS_FULL},
        {"itself in what is missing", {"p", TEXT("{{^b}}{{>p}}{{>p}}{{/b}}")}, 0, STATUS_FULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf got;
        json_t *context = nested(cases[i].depth);
        fill(cases[i].name, &cases[i].source, 1, context, &got);
        check_status(cases[i].name, buf_status(&got), cases[i].expected);
        if (cases[i].expected == STATUS_OK)
            check_number(cases[i].name, (int64_t)got.len, cases[i].depth + 1);
        buf_release(&got);
        json_decref(context);
    }
}

static void partials_of_one_another_come_to_an_end(void **state)
{
    (void)state;
    static const struct template_source sources[] = {
        {"a", TEXT("{{>b}}{{>b}}")},
        {"b", TEXT("{{>a}}{{>a}}")},
    };
    struct buf got;
    fill("one another", sources, COUNT(sources), NULL, &got);
    check_status("one another", buf_status(&got), STATUS_FULL);
    buf_release(&got);
}

/* Each template takes the next in twice, so that 2^60 would be rendered without a word. */
static void work_is_bounded(void **state)
{
    (void)state;
    enum {
        CHAIN = 61
    };
    struct template_source sources[CHAIN];
    char names[CHAIN][16], texts[CHAIN][48];
    for (int i = 0; i < CHAIN; i++) {
        snprintf(names[i], sizeof names[i], "%d", i);
        snprintf(texts[i], sizeof texts[i], "{{>%d}}{{>%d}}", i + 1, i + 1);
        sources[i] = (struct template_source){names[i], texts[i], strlen(texts[i])};
    }
    struct buf got;
    fill("doubling", sources, CHAIN, NULL, &got);
    check_status("doubling", buf_status(&got), STATUS_FULL);
    check_number("doubling", (int64_t)got.len, 0);
    buf_release(&got);
    /* A chain that ends soon may be wide. */
    fill("doubling", sources + CHAIN - 16, 16, NULL, &got);
    check_status("doubling", buf_status(&got), STATUS_OK);
    buf_release(&got);
}

static void what_does_not_fit_fails(void **state)
{
    (void)state;
    static const struct template_source sources[] = {
        {"a.html", TEXT("1{{a}}\n {{>b}}\n{{{c}}}{{#d}}{{.}}{{/d}}{{> c.json}}")},
        {"b", TEXT("{{a}}\n{{a}}\n")},
        {"c.json", TEXT("\"{{a}}\"")},
    };
    struct templates *set = compiled("room", sources, COUNT(sources));
    json_t *data = parsed("room", "{'a':'<খ','c':{'<':'>'},'d':[1.5,true]}");
    const json_t *context = data;
    struct buf whole;
    buf_init(&whole, PAGE_MAX_BYTES);
    template_render(templates_find(set, "a.html"), &context, 1, &whole);
    check_text("whole", buf_string(&whole),
               "1&lt;খ\n &lt;খ\n &lt;খ\n{\"\\u003c\":\"\\u003e\"}1.5true\"\\u003cখ\"");
    for (size_t max = 0; max < whole.len; max++) {
        struct buf got;
        buf_init(&got, max);
        template_render(templates_find(set, "a.html"), &context, 1, &got);
        check_status("too little room", buf_status(&got), STATUS_FULL);
        buf_release(&got);
    }
    buf_release(&whole);
    json_decref(data);
    templates_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(partials_of_one_another_come_to_an_end),
        cmocka_unit_test(work_is_bounded),
        cmocka_unit_test(what_does_not_fit_fails),
    };
    return cmocka_run_group_tests_name("render/template_bounds", tests, NULL, NULL);
}
