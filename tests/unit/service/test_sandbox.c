/* The sandbox of a server, each case in a process of its own, since limits can't be taken back. */
#include "service/sandbox.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    FOLDER_BYTES = 64,
    PATH_BYTES = 128,
};

static char folder[FOLDER_BYTES];
static struct config config;

static void path_in(const char *name, char path[PATH_BYTES])
{
    snprintf(path, PATH_BYTES, "%s/%s", folder, name);
}

static void write_file(const char *name)
{
    char path[PATH_BYTES];
    path_in(name, path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0 && write(fd, "text", 4) == 4);
    close(fd);
}

static int set_up(void **state)
{
    (void)state;
    static const char *const folders[] = {"data", "theme", "other"};
    char path[PATH_BYTES];
    snprintf(folder, sizeof folder, "/tmp/khobor-sandbox-XXXXXX");
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < COUNT(folders); i++) {
        path_in(folders[i], path);
        assert_true(mkdir(path, 0700) == 0);
    }
    write_file("data/paper.db");
    write_file("theme/a.css");
    write_file("other/secret");
    config_init(&config);
    snprintf(config.store.database, sizeof config.store.database, "%s/data/paper.db", folder);
    snprintf(config.site.theme, sizeof config.site.theme, "%s/theme", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    pid_t child = fork();
    if (child == 0)
        execlp("rm", "rm", "-rf", folder, (char *)NULL);
    waitpid(child, NULL, 0);
    return access(folder, F_OK) == 0;
}

/* Runs a case in a child; it returns 0 when all is right, else a line number. */
static void in_child(const char *name, int (*run)(void))
{
    int ended;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(run());
    assert_true(waitpid(child, &ended, 0) == child);
    check_true(name, WIFEXITED(ended)); /* never killed */
    check_number(name, WEXITSTATUS(ended), 0);
}

#define EXPECT(condition)              \
    do {                               \
        if (!(condition))              \
            return __LINE__ % 250 + 1; \
    } while (0)

static void *do_nothing(void *arg)
{
    return arg;
}

static int limited_calls(void)
{
    char bytes[8];
    pthread_t thread;
    sandbox_limit_files(&(struct config){.process = {.landlock = "off"}}); /* no new privileges */
    sandbox_limit_calls(&config);
    EXPECT(ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 && errno == EPERM);
    EXPECT(socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM);
    EXPECT(execlp("true", "true", (char *)NULL) < 0 && errno == EPERM);
    EXPECT(chmod(folder, 0700) < 0 && errno == EPERM);
    EXPECT(kill(getppid(), 0) < 0 && errno == EPERM);
    EXPECT(symlink("a", "b") < 0 && errno == EPERM);
    EXPECT(prctl(PR_SET_DUMPABLE, 0) < 0 && errno == EPERM);
    int fd = open(config.store.database, O_RDWR);
    EXPECT(fd >= 0 && pread(fd, bytes, 4, 0) == 4 && pwrite(fd, bytes, 4, 4) == 4);
    EXPECT(fdatasync(fd) == 0 && ftruncate(fd, 4096) == 0);
    EXPECT(mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0) != MAP_FAILED);
    EXPECT(pthread_create(&thread, NULL, do_nothing, NULL) == 0 && pthread_join(thread, NULL) == 0);
    return 0;
}

static int calls_that_are_not_limited(void)
{
    struct config off = config;
    snprintf(off.process.seccomp, sizeof off.process.seccomp, "off");
    sandbox_limit_calls(&off);
    EXPECT(socket(AF_INET, SOCK_STREAM, 0) >= 0);
    return 0;
}

static int limited_files(void)
{
    char path[PATH_BYTES], moved[PATH_BYTES];
    sandbox_limit_files(&config);
    EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
    EXPECT(open(config.store.database, O_RDWR) >= 0);
    path_in("data/paper.db-new", path);
    path_in("data/paper.db-moved", moved);
    EXPECT(open(path, O_RDWR | O_CREAT, 0600) >= 0);
    EXPECT(rename(path, moved) == 0 && unlink(moved) == 0);
    path_in("theme/a.css", path);
    EXPECT(open(path, O_RDONLY) >= 0);
    EXPECT(open(path, O_WRONLY) < 0 && errno == EACCES);
    path_in("other/secret", path);
    EXPECT(open(path, O_RDONLY) < 0 && errno == EACCES);
    path_in("new", path);
    EXPECT(open(path, O_WRONLY | O_CREAT, 0600) < 0 && errno == EACCES);
    EXPECT(open("/etc/hosts", O_RDONLY) >= 0 || errno == ENOENT);
    return 0;
}

static int files_that_are_not_limited(void)
{
    char path[PATH_BYTES];
    struct config off = config;
    snprintf(off.process.landlock, sizeof off.process.landlock, "off");
    sandbox_limit_files(&off);
    path_in("other/secret", path);
    EXPECT(open(path, O_RDONLY) >= 0);
    return 0;
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
static void a_call_that_a_server_never_makes_fails(void **state)
{
    (void)state;
    in_child("limited", limited_calls);
}

static void a_file_outside_of_the_folders_can_t_be_opened(void **state)
{
    (void)state;
    if (syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
                (unsigned)LANDLOCK_CREATE_RULESET_VERSION) < 1) {
        print_message("skipped: this kernel has no Landlock\n");
        skip();
    }
    in_child("limited", limited_files);
}
#endif

static void a_setting_turns_either_off(void **state)
{
    (void)state;
    in_child("calls", calls_that_are_not_limited);
    in_child("files", files_that_are_not_limited);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
        cmocka_unit_test_setup_teardown(a_call_that_a_server_never_makes_fails, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_outside_of_the_folders_can_t_be_opened, set_up,
                                        tear_down),
#endif
        cmocka_unit_test_setup_teardown(a_setting_turns_either_off, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("service/sandbox", tests, NULL, NULL);
}
