/* Files next to a database that are Khobor's, and what has their names and is something else. */
#include "db/side_file.h"

#include "paper.h"

#include <fcntl.h>
#include <sys/stat.h>

static char folder[64], database[96], path[128], other[128];
static struct fault fault;

static int set_up(void **state)
{
    (void)state;
    folder_make(folder);
    snprintf(database, sizeof database, "%s/paper.db", folder);
    snprintf(path, sizeof path, "%s-thing", database);
    snprintf(other, sizeof other, "%s/other", folder);
    file_write(database, "database", 8);
    file_write(other, "text", 4);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static bool has_text(int fd, int64_t size)
{
    char text[4];
    return size == 4 && pread(fd, text, sizeof text, 0) == 4 && memcmp(text, "ours", 4) == 0;
}

static void check_open(const char *name)
{
    int fd;
    check_done(name, side_file_open(database, "thing", has_text, &fd, &fault), &fault);
    check_true(name, fd >= 0 && (fcntl(fd, F_GETFD) & FD_CLOEXEC));
    close(fd);
}

/* It is refused, whatever it is, and so is what it leads to left alone. */
static void check_refused(const char *name, const char *why)
{
    int fd = -1;
    char text[8] = "";
    check_status(name, side_file_open(database, "thing", has_text, &fd, &fault), STATUS_INVALID);
    check_holds(name, fault.text, why);
    check_holds(name, fault.text, path);
    check_number(name, fd, -1);
    int other_fd = open(other, O_RDONLY);
    check_true(name, read(other_fd, text, sizeof text) == 4 && memcmp(text, "text", 4) == 0);
    close(other_fd);
}

static void what_is_ours_is_opened(void **state)
{
    (void)state;
    check_open("created");
    check_open("empty");
    file_write(path, "ours", 4);
    check_open("ours");
}

static void what_is_not_ours_is_refused(void **state)
{
    (void)state;
    file_write(path, "text", 4);
    check_refused("a text", "is not a file of Khobor's");
    unlink(path);
    assert_int_equal(symlink(other, path), 0);
    check_refused("a link", "is a symbolic link");
    unlink(path);
    assert_int_equal(symlink("nowhere", path), 0);
    check_refused("a link to nothing", "is a symbolic link");
    unlink(path);
    file_write(path, "ours", 4);
    char second[160];
    snprintf(second, sizeof second, "%s-2", path);
    assert_int_equal(link(path, second), 0);
    check_refused("two names", "has a second name");
    unlink(second);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    check_refused("a folder", "is a folder");
    rmdir(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    check_refused("a queue", "is not a regular file");
}

static void it_takes_owner_and_permissions_of_the_database(void **state)
{
    (void)state;
    struct stat found;
    assert_int_equal(chmod(database, 0660), 0);
    check_open("created");
    check_true("stat", stat(path, &found) == 0);
    check_number("permissions", found.st_mode & 0777, 0660);
    assert_int_equal(chmod(database, 0600), 0);
    check_open("again");
    check_true("stat", stat(path, &found) == 0);
    check_number("permissions", found.st_mode & 0777, 0600);
    if (geteuid() != 0) {
        print_message("owners were not tried: only root can change them\n");
        return;
    }
    assert_int_equal(chown(database, 1234, 1235), 0);
    check_open("as root, for its owner");
    check_true("stat", stat(path, &found) == 0);
    check_number("owner", found.st_uid, 1234);
    check_number("group", found.st_gid, 1235);
    assert_int_equal(chown(path, 4321, 1235), 0);
    check_refused("another's", "belongs to another user");
}

static void one_in_use_is_replaced_and_not_changed(void **state)
{
    (void)state;
    int fd, in_use;
    char text[8];
    file_write(path, "ours", 4);
    in_use = open(path, O_RDWR);
    check_done("replace", side_file_replace(database, "thing", &fd, &fault), &fault);
    check_number("new", read(fd, text, sizeof text), 0);
    check_number("old", read(in_use, text, sizeof text), 4);
    close(in_use);
    close(fd);
    check_open("the new one");
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_ours_is_opened),
        TEST(what_is_not_ours_is_refused),
        TEST(it_takes_owner_and_permissions_of_the_database),
        TEST(one_in_use_is_replaced_and_not_changed),
    };
    return cmocka_run_group_tests_name("db/side_file", tests, NULL, NULL);
}
