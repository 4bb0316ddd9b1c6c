/* Runs every case of every target once, without a fuzzer: replay FOLDER. A target is a test, and
 * the folder FOLDER/TARGET has its cases. */
#include "check.h"
#include "fuzz.h"
#include "paper.h"

enum {
    TARGETS_MAX = 32
};

static const char *cases;

/* The name of a case is printed first: what went wrong may end the process. */
static void run_case(const struct fuzz_target *target, const char *folder, const char *name)
{
    char path[512];
    size_t len;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    char *bytes = file_read(path, &len);
    check_true(path, bytes != NULL);
    print_message("%s\n", path);
    fuzz_run(target, bytes, len);
    free(bytes);
}

static void every_case_holds(void **state)
{
    const struct fuzz_target *target = *state;
    char folder[256];
    int ran = 0;
    struct dirent *entry;
    snprintf(folder, sizeof folder, "%s/%s", cases, target->name);
    DIR *dir = opendir(folder);
    check_true(folder, dir != NULL);
    while ((entry = readdir(dir))) {
        if (entry->d_name[0] == '.')
            continue;
        run_case(target, folder, entry->d_name);
        ran++;
    }
    closedir(dir);
    check_true("a target has a case", ran > 0);
}

int main(int argc, char **argv)
{
    struct CMUnitTest tests[TARGETS_MAX];
    size_t len = 0;
    cases = argc == 2 ? argv[1] : "tests/fuzz/cases";
    for (const struct fuzz_target *target = fuzz_targets; target->name && len < TARGETS_MAX;
         target++)
        tests[len++] = (struct CMUnitTest){
            .name = target->name, .test_func = every_case_holds, .initial_state = (void *)target};
    return _cmocka_run_group_tests("fuzz", tests, len, NULL, NULL);
}
