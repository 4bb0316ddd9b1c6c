/* config/bots.txt: each of its lines is found, and each is needed. */
#include "agent_samples.h"

#include "base/file.h"
#include "base/lines.h"

#include <ctype.h>
#include <stdio.h>

enum {
    LIST_MAX = 512,
};

/* A line of the list, without what it begins with. */
struct line {
    char mark; /* 0 for a word that may be anywhere */
    char text[128];
};

static size_t read_list(struct line list[LIST_MAX])
{
    struct lines lines;
    const char *text;
    size_t len, count = 0;
    lines_open_memory(&lines, embedded_bots.begin,
                      (size_t)(embedded_bots.end - embedded_bots.begin));
    while (lines_next(&lines, &text, &len) == STATUS_OK) {
        if (len == 0 || *text == '#')
            continue;
        size_t mark = strchr("^=!", *text) != NULL;
        assert_true(count < LIST_MAX && len < sizeof list[0].text);
        list[count].mark = mark ? *text : '\0';
        snprintf(list[count].text, sizeof list[count].text, "%.*s", (int)(len - mark), text + mark);
        count++;
    }
    return count;
}

static void each_word_of_the_list_is_found(void **state)
{
    (void)state;
    static struct line list[LIST_MAX];
    size_t count = read_list(list);
    struct agents *agents = opened();
    for (size_t i = 0; i < count; i++) {
        char mark = list[i].mark, with[192];
        check_agent(agents, list[i].text, mark != '!');
        snprintf(with, sizeof with, "%s;", list[i].text);
        check_agent(agents, with, !mark || mark == '^');
        snprintf(with, sizeof with, ";%s", list[i].text);
        check_agent(agents, with, !mark);
        snprintf(with, sizeof with, "Mozilla/5.0 (X11%s) Gecko", list[i].text);
        check_agent(agents, with, !mark);
        snprintf(with, sizeof with, "Mozilla/5.0 (X11%s) Gecko bot", list[i].text);
        check_agent(agents, with, true);
    }
    agents_close(agents);
}

/* Whether `line` does nothing that `other` doesn't do. */
static bool is_needless(const struct line *line, const struct line *other)
{
    if (line->mark == '!')
        return other->mark == '!' && strstr(line->text, other->text);
    if (!other->mark)
        return strstr(line->text, other->text);
    if (other->mark == '^')
        return line->mark && strncmp(line->text, other->text, strlen(other->text)) == 0;
    return other->mark == line->mark && strcmp(line->text, other->text) == 0;
}

static void each_line_of_the_list_is_needed(void **state)
{
    (void)state;
    static struct line list[LIST_MAX];
    size_t count = read_list(list);
    check_true("a short list", count >= 120 && count <= 300);
    for (size_t i = 0; i < count; i++) {
        bool hides = false;
        check_true(list[i].text, strlen(list[i].text) > 1);
        for (const char *c = list[i].text; *c; c++)
            check_true(list[i].text, *c >= ' ' && *c <= '~' && !isupper((unsigned char)*c));
        for (size_t j = 0; j < count; j++) {
            if (i != j && is_needless(&list[i], &list[j]))
                fail_msg("\"%s\" is needless beside \"%s\"", list[i].text, list[j].text);
            hides = hides || (!list[j].mark && strstr(list[i].text, list[j].text));
        }
        if (list[i].mark == '!')
            check_true(list[i].text, hides);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_word_of_the_list_is_found),
        cmocka_unit_test(each_line_of_the_list_is_needed),
    };
    return cmocka_run_group_tests_name("counting/bot_list", tests, NULL, NULL);
}
