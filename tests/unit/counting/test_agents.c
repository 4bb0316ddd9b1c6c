/* Programs and browsers are told apart, by any thread, and each time alike. */
#include "agent_samples.h"

#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    LOOKED_BYTES = 1024, /* of an agent, as agents.h promises */
    LONG_BYTES = 32768,
    THREADS = 4,
    EACH = 20000,
    FLOOD = 50000, /* more agents than verdicts are kept for */
};

static void check_tables(struct agents *agents)
{
    for (size_t i = 0; i < COUNT(programs); i++)
        check_agent(agents, programs[i], true);
    for (size_t i = 0; i < COUNT(browsers); i++)
        check_agent(agents, browsers[i], false);
}

static void programs_and_browsers_are_told_apart(void **state)
{
    (void)state;
    struct agents *agents = opened();
    check_true("60 of each", COUNT(programs) >= 60 && COUNT(browsers) >= 60);
    check_tables(agents);
    agents_close(agents);
}

/* Verdicts are kept; one that was asked for before is the same, also when its place was taken. */
static void a_verdict_stays_the_same(void **state)
{
    (void)state;
    struct agents *agents = opened();
    for (int turn = 0; turn < 3; turn++)
        check_tables(agents);
    for (int i = 0; i < FLOOD; i++) {
        char agent[64];
        snprintf(agent, sizeof agent, "%s/%d.%d", i % 3 ? "Reader" : "Googlebot", i, i % 7);
        check_agent(agents, agent, i % 3 == 0);
    }
    check_tables(agents);
    agents_close(agents);
}

static void without_an_agent_it_is_a_program(void **state)
{
    (void)state;
    struct agents *agents = opened();
    check_number("none", agents_is_bot(agents, NULL), true);
    check_number("an empty one", agents_is_bot(agents, ""), true);
    check_agent(agents, " ", false);
    agents_close(agents);
    agents_close(NULL);
}

static void capitals_make_no_difference(void **state)
{
    (void)state;
    struct agents *agents = opened();
    for (size_t i = 0; i < COUNT(programs) + COUNT(browsers); i++) {
        bool is_program = i < COUNT(programs);
        const char *agent = is_program ? programs[i] : browsers[i - COUNT(programs)];
        char large[512], small[512];
        size_t len = strlen(agent) + 1;
        assert_true(len <= sizeof large);
        for (size_t j = 0; j < len; j++) {
            large[j] = (char)toupper((unsigned char)agent[j]);
            small[j] = (char)tolower((unsigned char)agent[j]);
        }
        check_agent(agents, large, is_program);
        check_agent(agents, small, is_program);
    }
    agents_close(agents);
}

static void places_matter(void **state)
{
    (void)state;
    static const struct {
        const char *agent;
        bool expected;
    } cases[] = {
        {"bot", true},
        {"bo", false},
        {"b ot", false},
        {"abota", true},
        {"\xe0\xa6\x96\xe0\xa6\xac\xe0\xa6\xb0 bot", true},
        {"whatsapp", true},
        {"whatsappx", true},
        {"x whatsapp", false},
        {"mozilla/5.0", true},
        {"mozilla/5.0 ", false},
        {" mozilla/5.0", false},
        {"cubot", false},
        {"cubot bot", true},
        {"bot cubot", true},
        {"cubotbot", true},
        {"cubotcubot", false},
        {"cubo", false},
        {"cucubot", false},
        {"botcubo", true},
        {"cubot www.", true},
        {"; M_BOT_TAB", false},
        {"; m?bot?tab", true},
    };
    struct agents *agents = opened();
    for (size_t i = 0; i < COUNT(cases); i++)
        check_agent(agents, cases[i].agent, cases[i].expected);
    agents_close(agents);
}

/* An agent of `len` bytes that has `word` at an offset, and nothing else to be known by. */
static char *long_agent(size_t len, size_t offset, const char *word)
{
    char *agent = malloc(len + 1);
    assert_non_null(agent);
    memset(agent, 'x', len);
    agent[len] = '\0';
    memcpy(agent + offset, word, strlen(word));
    return agent;
}

static void a_long_agent_is_known_by_its_beginning(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t len, offset;
        bool expected;
    } cases[] = {
        {"at the beginning", LONG_BYTES, 0, true},
        {"within", LONG_BYTES, 500, true},
        {"just within", LONG_BYTES, LOOKED_BYTES - 3, true},
        {"just not", LONG_BYTES, LOOKED_BYTES - 2, false},
        {"behind", LONG_BYTES, LOOKED_BYTES, false},
        {"at the end", LONG_BYTES, LONG_BYTES - 3, false},
        {"the longest that is read whole", LOOKED_BYTES, LOOKED_BYTES - 3, true},
        {"one more", LOOKED_BYTES + 1, LOOKED_BYTES - 2, false},
    };
    struct agents *agents = opened();
    for (size_t i = 0; i < 2 * COUNT(cases); i++) {
        char *agent = long_agent(cases[i / 2].len, cases[i / 2].offset, i % 2 ? "bot" : "yyy");
        check_number(cases[i / 2].name, agents_is_bot(agents, agent),
                     i % 2 && cases[i / 2].expected);
        free(agent);
    }
    agents_close(agents);
}

/* Two with keys of their own keep their verdicts in other places, and agree. */
static void any_bytes_get_one_verdict(void **state)
{
    (void)state;
    static const char parts[] =
        "bot cubot crawl-googlehttp://www.^=!$\xe0\xa6\x96\xff\x01\t(;/)MOZILLA";
    struct random random = random_seeded(2016);
    struct agents *one = opened(), *other = opened();
    for (int i = 0; i < EACH; i++) {
        char agent[1200];
        size_t len = (size_t)random_below(&random, i % 100 ? 40 : sizeof agent - 1);
        for (size_t j = 0; j < len; j++)
            agent[j] = parts[random_below(&random, sizeof parts - 1)];
        agent[len] = '\0';
        bool verdict = agents_is_bot(one, agent);
        check_agent(one, agent, verdict);
        check_agent(other, agent, verdict);
    }
    agents_close(one);
    agents_close(other);
}

struct asker {
    pthread_t thread;
    struct agents *agents;
    uint64_t seed;
    int wrong;
};

static void *ask(void *arg)
{
    struct asker *asker = arg;
    struct random random = {.state = asker->seed};
    for (int i = 0; i < EACH; i++) {
        int64_t one = random_below(&random, COUNT(programs));
        asker->wrong += !agents_is_bot(asker->agents, programs[one]);
        one = random_below(&random, COUNT(browsers));
        asker->wrong += agents_is_bot(asker->agents, browsers[one]);
        char agent[64];
        int64_t number = random_below(&random, FLOOD);
        snprintf(agent, sizeof agent, "%s/%lld", number % 2 ? "Reader" : "Crawler",
                 (long long)number);
        asker->wrong += agents_is_bot(asker->agents, agent) != (number % 2 == 0);
    }
    return NULL;
}

static void many_threads_may_ask_at_once(void **state)
{
    (void)state;
    struct asker askers[THREADS];
    struct agents *agents = opened();
    for (int i = 0; i < THREADS; i++) {
        askers[i] = (struct asker){.agents = agents, .seed = (uint64_t)i + 1};
        assert_int_equal(pthread_create(&askers[i].thread, NULL, ask, &askers[i]), 0);
    }
    int wrong = 0;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(askers[i].thread, NULL);
        wrong += askers[i].wrong;
    }
    check_number("wrong verdicts", wrong, 0);
    agents_close(agents);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_and_browsers_are_told_apart),
        cmocka_unit_test(a_verdict_stays_the_same),
        cmocka_unit_test(without_an_agent_it_is_a_program),
        cmocka_unit_test(capitals_make_no_difference),
        cmocka_unit_test(places_matter),
        cmocka_unit_test(a_long_agent_is_known_by_its_beginning),
        cmocka_unit_test(any_bytes_get_one_verdict),
        cmocka_unit_test(many_threads_may_ask_at_once),
    };
    return cmocka_run_group_tests_name("counting/agents", tests, NULL, NULL);
}
