#include "render/template.h"

#include "check.h"

#include "base/utf8.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT(text) (text), sizeof(text) - 1

enum {
    /* What template.h promises, in numbers of its own, so that a change there is seen here. */
    TEMPLATES_MOST = 100,
    TEMPLATE_MOST_BYTES = 262144,
    SECTIONS_MOST = 32,
    PAGE_MAX_BYTES = 4096,
    MUTATIONS = 20000,
    MUTATION_MAX_BYTES = 64,
};

static struct templates *compiled(const char *name, const struct template_source *sources,
                                  size_t len)
{
    struct fault fault = {.field = ""};
    struct templates *set = NULL;
    check_done(name, templates_compile(sources, len, &set, &fault), &fault);
    return set;
}

static const struct {
    const char *name;
    const char *text;
    size_t len;
    const char *expected;
} broken[] = {
    {"an open tag", TEXT("1\n2{{a"), "line 2: a tag is not closed; it must end with '}}'"},
    {"delimiters alone", TEXT("{{"), "line 1: a tag is not closed; it must end with '}}'"},
    {"half a delimiter", TEXT("{{a}"), "line 1: a tag is not closed; it must end with '}}'"},
    {"a tag open until the next", TEXT("{{a\n{{b}}"),
     "line 1: a tag is not closed; it must end with '}}'"},
    {"a section's tag open until the next", TEXT("{{#a}\n{{/a}}"),
     "line 1: a tag is not closed; it must end with '}}'"},
    {"an open comment", TEXT("\n\n{{! c"), "line 3: a tag is not closed; it must end with '}}'"},
    {"two braces for three", TEXT("{{{a}}"), "line 1: a tag is not closed; it must end with '}}}'"},
    {"two braces for three, and more of them", TEXT("{{{a}} {{{b}}}"),
     "line 1: a tag is not closed; it must end with '}}}'"},
    {"two braces for three before text", TEXT("{{{a}} b }}}"),
     "line 1: a tag is not closed; it must end with '}}}'"},
    {"no brace with other delimiters", TEXT("{{=<% %>=}}<%{a%>"),
     "line 1: a tag is not closed; it must end with '}%>'"},
    {"no name", TEXT("\n{{}}"), "line 2: a tag has no name in it"},
    {"blanks for a name", TEXT("{{# \n }}"), "line 1: a tag has no name in it"},
    {"no name in three braces", TEXT("{{{}}}"), "line 1: a tag has no name in it"},
    {"no name of a partial", TEXT("{{>}}"), "line 1: a tag has no name in it"},
    {"a blank in a name", TEXT("{{a b}}"), "line 1: the name 'a b' has a blank in it"},
    {"a line in a name", TEXT("{{>a\nb}}"), "line 1: the name 'a?b' has a blank in it"},
    {"dots alone", TEXT("{{..}}"), "line 1: the name '..' has an empty step"},
    {"a dot at the end", TEXT("\r\n{{a.}}"), "line 2: the name 'a.' has an empty step"},
    {"a dot at the begin", TEXT("{{#.a}}{{/.a}}"), "line 1: the name '.a' has an empty step"},
    {"an open section", TEXT("1\n{{#b}}\n{{a}}\n"), "line 2: the section 'b' is not closed"},
    {"an open section in another", TEXT("{{#a}}\n{{^b}}{{#c}}{{/c}}\n\n"),
     "line 2: the section 'b' is not closed"},
    {"the wrong close", TEXT("\n{{#a}}\n\n{{/b}}"),
     "line 4: 'b' is closed, but open is 'a' of line 2"},
    {"crossed sections", TEXT("{{#a}}{{#b}}{{/a}}{{/b}}"),
     "line 1: 'a' is closed, but open is 'b' of line 1"},
    {"a close alone", TEXT("\n{{/a}}"), "line 2: 'a' is closed, and no section is open"},
    {"a close too many", TEXT("{{#a}}{{/a}}\n{{/a}}"),
     "line 2: 'a' is closed, and no section is open"},
    {"delimiters that don't end", TEXT("{{=<%=}}"),
     "line 1: new delimiters are two words without '=', as in {{=<% %>=}}; '<%' is not"},
    {"no delimiters", TEXT("{{= =}}"),
     "line 1: new delimiters are two words without '=', as in {{=<% %>=}}; '' is not"},
    {"three delimiters", TEXT("{{=a b c=}}"),
     "line 1: new delimiters are two words without '=', as in {{=<% %>=}}; 'a b c' is not"},
    {"a delimiter with a sign", TEXT("{{== ==}}"),
     "line 1: new delimiters are two words without '=', as in {{=<% %>=}}; '= =' is not"},
    {"delimiters left open", TEXT("{{=<% %>}}"),
     "line 1: a tag is not closed; it must end with '=}}'"},
    {"inheritance", TEXT("\n{{< b}}{{/b}}"), "line 2: inheritance, '<', is not supported"},
    {"a block", TEXT("{{$b}}{{/b}}"), "line 1: a block to inherit, '$', is not supported"},
    {"a dynamic name", TEXT("{{> *b}}"), "line 1: a dynamic name, '*b', is not supported"},
    {"a name that is too long to show", TEXT("{{/খখখখখখখখখখখখখখখখখখখখখখখখখ}}"),
     "line 1: 'খখখখখখখখখখখখখখখখখখখখ' is closed, and no section is open"},
    {"bytes that are not UTF-8",
     TEXT("{{/a\xFF"
          "b\x80}}"),
     "line 1: 'ab' is closed, and no section is open"},
    {"NUL in a name", TEXT("\n{{/a\0b}}"), "line 2: 'a' is closed, and no section is open"},
};

static void broken_tags_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(broken); i++) {
        static const struct template_source sound = {"sound", TEXT("{{#a}}b{{/a}}")};
        const struct template_source sources[] = {sound, {"a.html", broken[i].text, broken[i].len}};
        struct templates *set = NULL;
        struct fault fault = {.field = ""};
        check_status(broken[i].name, templates_compile(sources, 2, &set, &fault), STATUS_INVALID);
        check_text(broken[i].name, fault.field, "a.html");
        check_text(broken[i].name, fault.text, broken[i].expected);
        check_true(broken[i].name, !set);
        check_status(broken[i].name, templates_compile(sources, 2, &set, NULL), STATUS_INVALID);
    }
}

static void missing_partials_are_named(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *a, *b;        /* the templates */
        const char *field, *text; /* NULL when none is missing */
    } cases[] = {
        {"none", "x", "y", NULL, NULL},
        {"one in another", "{{>b.html}}{{>b.html}}", "y", NULL, NULL},
        {"itself", "x\n{{>a.html}}", "", "a.html", "line 2: 'a.html' takes this template in again"},
        {"one another", "{{>b.html}}", "\n\n{{#x}}{{>a.html}}{{/x}}", "a.html",
         "line 1: 'b.html' takes this template in again"},
        {"the first", "\n{{>b.html}}{{>c}}\n{{>d}}", "{{>e}}", "a.html",
         "line 2: there is no template 'c'"},
        {"the last", "{{>b.html}}", "{{#a}}\n\n{{>B.html}}{{/a}}", "b.html",
         "line 3: there is no template 'B.html'"},
        {"a shorter name", "{{>b}}", "", "a.html", "line 1: there is no template 'b'"},
        {"a longer name", "{{>b.html5}}", "", "a.html", "line 1: there is no template 'b.html5'"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fault fault = {.field = ""};
        const struct template_source sources[] = {{"a.html", cases[i].a, strlen(cases[i].a)},
                                                  {"b.html", cases[i].b, strlen(cases[i].b)}};
        struct templates *set = compiled(cases[i].name, sources, COUNT(sources));
        check_status(cases[i].name, templates_check(set, &fault),
                     cases[i].text ? STATUS_INVALID : STATUS_OK);
        check_text(cases[i].name, fault.field, cases[i].text ? cases[i].field : "");
        check_text(cases[i].name, fault.text, cases[i].text ? cases[i].text : "");
        templates_free(set);
    }
}

static void sets_are_bounded(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t len;
        size_t bytes; /* of the last */
        const char *expected;
    } cases[] = {
        {"none", 0, 0, NULL},
        {"all that may be", TEMPLATES_MOST, 1, NULL},
        {"one more", TEMPLATES_MOST + 1, 1,
         "a set has at most 100 templates, and this one has 101"},
        {"as long as may be", 1, TEMPLATE_MOST_BYTES, NULL},
        {"one byte longer", 2, TEMPLATE_MOST_BYTES + 1,
         "a template has at most 262144 bytes, and this one has 262145"},
    };
    char *text = malloc(TEMPLATE_MOST_BYTES + 1);
    assert_non_null(text);
    memset(text, 'x', TEMPLATE_MOST_BYTES + 1);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct template_source sources[TEMPLATES_MOST + 1];
        char names[TEMPLATES_MOST + 1][24];
        for (size_t at = 0; at < cases[i].len; at++) {
            snprintf(names[at], sizeof names[at], "%zu", at);
            sources[at] = (struct template_source){names[at], text, cases[i].bytes};
        }
        struct fault fault = {.field = ""};
        struct templates *set = NULL;
        enum status status = templates_compile(sources, cases[i].len, &set, &fault);
        check_status(cases[i].name, status, cases[i].expected ? STATUS_INVALID : STATUS_OK);
        check_text(cases[i].name, fault.text, cases[i].expected ? cases[i].expected : "");
        templates_free(set);
    }
    free(text);
}

static void names_are_unique_and_found(void **state)
{
    (void)state;
    static const struct template_source sources[] = {
        {"a.html", TEXT("1")}, {"a.txt", TEXT("2")}, {"a.html", TEXT("3")}};
    struct fault fault;
    struct templates *none = NULL, *set = compiled("two", sources, 2);
    assert_non_null(templates_find(set, "a.html"));
    assert_non_null(templates_find(set, "a.txt"));
    assert_ptr_not_equal(templates_find(set, "a.html"), templates_find(set, "a.txt"));
    assert_null(templates_find(set, "a.xml"));
    assert_null(templates_find(set, "a"));
    assert_null(templates_find(set, ""));
    templates_free(set);
    check_status("a name twice", templates_compile(sources, 3, &none, &fault), STATUS_INVALID);
    check_text("a name twice", fault.field, "a.html");
    assert_null(none);
    templates_free(NULL);
}

static void open_sections_are_bounded(void **state)
{
    (void)state;
    for (int depth = SECTIONS_MOST - 1; depth <= SECTIONS_MOST + 1; depth++) {
        bool fits = depth <= SECTIONS_MOST;
        struct buf text;
        buf_init(&text, PAGE_MAX_BYTES);
        for (int i = 0; i < depth; i++)
            buf_text(&text, "{{#a}}\n");
        for (int i = 0; i < depth; i++)
            buf_text(&text, "{{/a}}");
        struct template_source source = {"a", buf_string(&text), text.len};
        struct templates *set = NULL;
        struct fault fault = {.field = ""};
        check_status("sections", templates_compile(&source, 1, &set, &fault),
                     fits ? STATUS_OK : STATUS_INVALID);
        check_text("sections", fault.text, fits ? "" : "line 33: at most 32 sections may be open");
        templates_free(set);
        buf_release(&text);
    }
}

/* Puts pieces of templates behind one another without sense. */
static size_t mutate(struct random *random, char text[MUTATION_MAX_BYTES])
{
    static const char *const pieces[] = {
        "{{",     "}}",     "{",      "}",      "#",     "^",   "/",  ">",    "!",
        "=",      "&",      "<",      "$",      "*",     ".",   " ",  "\n",   "\r\n",
        "\t",     "a",      "b",      "0",      "| |",   "|",   "খ",  "\xE0", "{{#a}}",
        "{{/a}}", "{{^b}}", "{{/b}}", "{{>a}}", "{{.}}", "{{=", "=}}"};
    size_t len = 0;
    for (int64_t i = random_below(random, 16); i > 0; i--) {
        const char *piece = pieces[random_below(random, COUNT(pieces))];
        size_t size = strlen(piece) + (random_below(random, 50) == 0);
        if (len + size > MUTATION_MAX_BYTES)
            break;
        memcpy(text + len, piece, size);
        len += size;
    }
    return len;
}

static void any_template_compiles_or_is_refused(void **state)
{
    (void)state;
    struct random random = random_seeded(2025);
    json_t *data =
        json_pack("{s:[{s:s,s:i},[i],s,n],s:{s:f}}", "a", "b", "<", "0", 1, 2, "খ", "b", "a", 1.5);
    assert_non_null(data);
    const json_t *context = data;
    int compiled_count = 0;
    for (int turn = 0; turn < MUTATIONS; turn++) {
        char text[MUTATION_MAX_BYTES];
        struct template_source source = {"a", text, mutate(&random, text)};
        struct templates *set = NULL;
        struct fault fault = {.field = ""};
        enum status status = templates_compile(&source, 1, &set, &fault);
        if (status == STATUS_OK) {
            struct buf got;
            buf_init(&got, 4096);
            template_render(templates_find(set, "a"), &context, 1, &got);
            buf_release(&got);
            templates_free(set);
            compiled_count++;
            continue;
        }
        check_status("any", status, STATUS_INVALID);
        check_true(fault.text, strncmp(fault.text, "line ", 5) == 0);
        check_number(fault.text, utf8_check(fault.text, strlen(fault.text), UTF8_ONE_LINE, NULL),
                     UTF8_FINE);
    }
    check_true("some compile", compiled_count > MUTATIONS / 20);
    check_true("some don't", compiled_count < MUTATIONS);
    json_decref(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(broken_tags_are_refused),
        cmocka_unit_test(missing_partials_are_named),
        cmocka_unit_test(sets_are_bounded),
        cmocka_unit_test(names_are_unique_and_found),
        cmocka_unit_test(open_sections_are_bounded),
        cmocka_unit_test(any_template_compiles_or_is_refused),
    };
    return cmocka_run_group_tests_name("render/template_parse", tests, NULL, NULL);
}
