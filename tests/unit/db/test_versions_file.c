/* The file of versions: its layout, its size, files that are something else, and how ids share it. */
#include "versions_file.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum {
    IDS = 80000,   /* 83,204 apart two meet */
    LAYOUT_AT = 0, /* where the file says what its layout is */
};

/* Two handles do not see what the other moves. */
static void check_private(const char *name)
{
    struct versions *alone, *another;
    check_status(name, versions_open(database, false, &alone, &fault), STATUS_OK);
    check_status(name, versions_open(database, false, &another, &fault), STATUS_OK);
    check_true(name, !versions_are_shared(alone));
    versions_invalidate(alone, TOPIC_CARD, 1);
    check_number(name, number(alone, TOPIC_CARD, 1), 1);
    check_number(name, number(another, TOPIC_CARD, 1), 0);
    check_true(name, !versions_have_unfinished_commit(alone));
    versions_close(alone);
    versions_close(another);
}

static void without_the_file_they_are_private(void **state)
{
    (void)state;
    snprintf(database, sizeof database, "%s/nowhere/paper.db", folder);
    check_private("no such folder");
}

static void a_file_of_another_layout_is_left_as_it_is(void **state)
{
    (void)state;
    const uint32_t layout = 4711;
    uint32_t again = 0;
    int fd = open(file, O_RDWR);
    check_true("write", pwrite(fd, &layout, sizeof layout, LAYOUT_AT) == sizeof layout);
    check_private("another layout");
    check_true("read", pread(fd, &again, sizeof again, LAYOUT_AT) == sizeof again);
    check_number("left as it is", again, layout);
    close(fd);
}

/* A first word that is damaged would otherwise mean no cache for ever. */
static void the_server_replaces_a_file_of_another_layout(void **state)
{
    (void)state;
    const uint32_t layout = 4711;
    struct versions *server, *command;
    int fd = open(file, O_RDWR);
    check_true("write", pwrite(fd, &layout, sizeof layout, LAYOUT_AT) == sizeof layout);
    close(fd);
    check_done("server", versions_open(database, true, &server, &fault), &fault);
    check_true("shared", versions_are_shared(server));
    check_done("command", versions_open(database, false, &command, &fault), &fault);
    versions_invalidate(command, TOPIC_CARD, 1);
    check_number("seen", number(server, TOPIC_CARD, 1), 1);
    versions_close(command);
    versions_close(server);
}

/* V6: a store into a page that the file no longer has would end the process. */
static void cut(void)
{
    check_true("cut", truncate(file, 0) == 0);
}

/* As another process does that opens a file that was cut. */
static void cut_and_grow(void)
{
    cut();
    check_true("grow", truncate(file, 64 + 4 * VERSIONS) == 0);
}

static void overwrite(void)
{
    static const char zeros[64];
    int fd = open(file, O_RDWR);
    check_true("write", pwrite(fd, zeros, sizeof zeros, 0) == sizeof zeros);
    close(fd);
}

static void take_away(void)
{
    check_true("unlink", unlink(file) == 0);
}

/* V6, V7: a file that is lost becomes memory, and memory a new file; nothing cached stays valid. */
static void a_file_that_is_lost_is_replaced(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        void (*lose)(void);
    } cases[] = {
        {"cut", cut}, {"grown", cut_and_grow}, {"overwritten", overwrite}, {"removed", take_away}};
    struct versions *server, *command;
    uint32_t epochs[2 * COUNT(cases) + 1];
    size_t len = 0;
    check_done("server", versions_open(database, true, &server, &fault), &fault);
    epochs[len++] = versions_epoch(server);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *name = cases[i].name;
        cases[i].lose();
        versions_invalidate(server, TOPIC_CARD, 1);
        versions_check_file(server);
        check_true(name, !versions_are_shared(server));
        versions_invalidate(server, TOPIC_CARD, 1);
        check_true(name, number(server, TOPIC_CARD, 1) > 0);
        epochs[len++] = versions_epoch(server);
        check_done(name, versions_share_again(server, &fault), &fault);
        versions_check_file(server);
        check_true(name, versions_are_shared(server));
        epochs[len++] = versions_epoch(server);
        check_done("command", versions_open(database, false, &command, &fault), &fault);
        versions_begin_commit(command);
        versions_invalidate(command, TOPIC_CARD, 1);
        versions_end_commit(command);
        check_number(name, number(server, TOPIC_CARD, 1), 1);
        check_number(name, versions_commits_ended_by_others(server), 1);
        versions_close(command);
    }
    for (size_t i = 0; i < len; i++) {
        for (size_t j = 0; j < i; j++)
            check_true("no epoch comes again", epochs[i] != epochs[j]);
    }
    versions_close(server);
}

enum {
    LOSERS = 4,
    LOSSES = 200,
};

static void *move_often(void *arg)
{
    struct versions *server = arg;
    for (int i = 0; i < LOSSES * 100; i++)
        versions_invalidate(server, TOPIC_CARD, i);
    return NULL;
}

/* Threads meet the loss at the same time, while one makes new files. */
static void threads_survive_losses(void **state)
{
    (void)state;
    struct versions *server;
    pthread_t threads[LOSERS];
    check_done("server", versions_open(database, true, &server, &fault), &fault);
    for (int i = 0; i < LOSERS; i++)
        check_true("thread", pthread_create(&threads[i], NULL, move_often, server) == 0);
    for (int i = 0; i < LOSSES; i++) {
        cut();
        versions_check_file(server);
        if (!versions_are_shared(server))
            check_done("again", versions_share_again(server, &fault), &fault);
    }
    for (int i = 0; i < LOSERS; i++)
        pthread_join(threads[i], NULL);
    versions_close(server);
}

/* V6: a file that is not ours stays as it is. */
static void a_file_that_is_none_is_left_as_it_is(void **state)
{
    (void)state;
    size_t len;
    static const char text[] = "not a table of versions\n";
    check_true("unlink", unlink(file) == 0);
    file_write(file, text, sizeof text - 1);
    struct versions *versions;
    check_status("a text", versions_open(database, true, &versions, &fault), STATUS_INVALID);
    check_holds("a text", fault.text, "-versions is not a file of Khobor's");
    char *bytes = file_read(file, &len);
    check_true("its bytes", bytes && strncmp(bytes, text, sizeof text - 1) == 0);
    free(bytes);
}

/* V6: all blocks are allocated at once, so a disk that is full later does no harm. */
static void the_file_has_all_its_room_at_once(void **state)
{
    (void)state;
    struct stat found;
    check_true("stat", stat(file, &found) == 0);
    check_true("its size", found.st_size >= VERSIONS * 4);
    check_true("no holes", found.st_blocks * 512 >= found.st_size);
}

/* Articles that follow each other in a paper never share a number; neither do their topics' own
 * ids 0. */
static void ids_that_follow_each_other_never_meet(void **state)
{
    (void)state;
    static unsigned char taken[VERSIONS];
    static const enum topic topics[] = {TOPIC_ARTICLE, TOPIC_CARD, TOPIC_TERM, TOPIC_LIST};
    static const int64_t firsts[] = {0, 1, 1000000, INT64_C(1) << 40};
    for (size_t i = 0; i < COUNT(topics); i++) {
        for (size_t j = 0; j < COUNT(firsts); j++) {
            memset(taken, 0, sizeof taken);
            for (int64_t id = firsts[j]; id < firsts[j] + IDS; id++) {
                uint32_t index = version_index(topics[i], id);
                check_at_most("index", index, VERSIONS - 1);
                check_true(topic_name(topics[i]), !taken[index]);
                taken[index] = 1;
            }
        }
    }
    for (int i = 0; i < TOPIC__MAX; i++) {
        for (int j = 0; j < i; j++)
            check_true("topics",
                       version_index((enum topic)i, 0) != version_index((enum topic)j, 0));
    }
}

/* A small paper's articles, cards and terms are all apart, too: all is exact there. */
static void a_paper_of_thousands_meets_seldom(void **state)
{
    (void)state;
    static unsigned char taken[VERSIONS];
    int meet = 0;
    memset(taken, 0, sizeof taken);
    for (int64_t id = 0; id < 5000; id++) {
        static const enum topic topics[] = {TOPIC_ARTICLE, TOPIC_CARD, TOPIC_TERM};
        for (size_t i = 0; i < COUNT(topics); i++) {
            uint32_t index = version_index(topics[i], id);
            meet += taken[index];
            taken[index] = 1;
        }
    }
    check_at_most("meet", meet, 1000);
}

static void each_topic_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < TOPIC__MAX; i++) {
        const char *name = topic_name((enum topic)i);
        check_true("a name", name && *name && strpbrk(name, " ,") == NULL);
        for (int j = 0; j < i; j++)
            check_true(name, strcmp(name, topic_name((enum topic)j)) != 0);
    }
    check_text("an article's", topic_name(TOPIC_ARTICLE), "article");
    check_text("the order's", topic_name(TOPIC_ORDER), "most-read");
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(without_the_file_they_are_private),
        TEST(a_file_of_another_layout_is_left_as_it_is),
        TEST(the_server_replaces_a_file_of_another_layout),
        TEST(a_file_that_is_lost_is_replaced),
        TEST(threads_survive_losses),
        TEST(a_file_that_is_none_is_left_as_it_is),
        TEST(the_file_has_all_its_room_at_once),
        TEST(ids_that_follow_each_other_never_meet),
        TEST(a_paper_of_thousands_meets_seldom),
        TEST(each_topic_has_a_name_of_its_own),
    };
    return cmocka_run_group_tests_name("db/versions_file", tests, NULL, NULL);
}
