/* Counts how many instructions a function takes: with the processor's own counter where the kernel
 * allows it (perf_event_open), otherwise in a second run of the test program under callgrind, which
 * stores a profile after each call of instructions_run. */
#ifndef KHOBOR_TESTS_INSTRUCTIONS_H
#define KHOBOR_TESTS_INSTRUCTIONS_H

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Set in the environment of the run under callgrind. */
#define INSTRUCTIONS_RUN "KHOBOR_INSTRUCTIONS_RUN"

enum {
    INSTRUCTIONS_PATH_BYTES = 300
};

/* What is counted: `prepare` is not, `run` is. Both take the number of a measurement. */
struct instructions {
    void (*prepare)(size_t number);
    void (*run)(size_t number);
    size_t len; /* of the measurements, numbered from 0 */
};

/* Has a name of its own in the program, by which callgrind finds it. */
__attribute__((noinline, used)) void instructions_run(const struct instructions *what,
                                                      size_t number);
void instructions_run(const struct instructions *what, size_t number)
{
    what->run(number);
}

/* False when the kernel or the machine has no such counter. */
static inline bool instructions_by_counter(const struct instructions *what, int64_t *counts)
{
    struct perf_event_attr attributes = {.type = PERF_TYPE_HARDWARE,
                                         .size = sizeof attributes,
                                         .config = PERF_COUNT_HW_INSTRUCTIONS,
                                         .disabled = 1,
                                         .exclude_kernel = 1,
                                         .exclude_hv = 1};
    int counter = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
    if (counter < 0)
        return false;
    bool counted = true;
    for (size_t i = 0; i < what->len && counted; i++) {
        what->prepare(i);
        ioctl(counter, PERF_EVENT_IOC_RESET, 0);
        ioctl(counter, PERF_EVENT_IOC_ENABLE, 0);
        instructions_run(what, i);
        ioctl(counter, PERF_EVENT_IOC_DISABLE, 0);
        counted = read(counter, &counts[i], sizeof counts[i]) == sizeof counts[i] && counts[i] > 0;
    }
    close(counter);
    return counted;
}

/* The total of a profile, which is removed; 0 when there is none. */
static inline int64_t instructions_of_profile(const char *path)
{
    char line[INSTRUCTIONS_PATH_BYTES];
    long long total = 0;
    FILE *profile = fopen(path, "re");
    while (profile && total == 0 && fgets(line, sizeof line, profile))
        (void)sscanf(line, "totals: %lld", &total);
    if (profile)
        fclose(profile);
    unlink(path);
    return total;
}

/* Ends the process: this is the run that callgrind counts. */
static inline void instructions_run_all(const struct instructions *what)
{
    for (size_t i = 0; i < what->len; i++) {
        what->prepare(i);
        instructions_run(what, i);
    }
    _exit(0);
}

/* False when there is no valgrind, or it can't run this program. */
static inline bool instructions_by_callgrind(const struct instructions *what, int64_t *counts)
{
    char folder[] = "/tmp/khobor-instructions-XXXXXX", program[INSTRUCTIONS_PATH_BYTES];
    char profile[INSTRUCTIONS_PATH_BYTES], option[INSTRUCTIONS_PATH_BYTES + 40];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    if (len < 0 || !mkdtemp(folder))
        return false;
    program[len] = '\0';
    snprintf(option, sizeof option, "--callgrind-out-file=%s/profile", folder);
    pid_t child = fork();
    if (child == 0) {
        int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(nothing, STDOUT_FILENO);
        dup2(nothing, STDERR_FILENO);
        setenv(INSTRUCTIONS_RUN, "yes", 1);
        execlp("valgrind", "valgrind", "--tool=callgrind", "--zero-before=instructions_run",
               "--dump-after=instructions_run", option, program, (char *)NULL);
        _exit(127);
    }
    int status = -1;
    bool counted = child > 0 && waitpid(child, &status, 0) == child && status == 0;
    for (size_t i = 0; i < what->len; i++) {
        snprintf(profile, sizeof profile, "%s/profile.%zu", folder, i + 1);
        counts[i] = instructions_of_profile(profile);
        counted &= counts[i] > 0;
    }
    snprintf(profile, sizeof profile, "%s/profile", folder); /* of what came after the last */
    unlink(profile);
    rmdir(folder);
    return counted;
}

/* Fills `counts`; false, with nothing counted, when this machine can't count. */
static inline bool instructions_count(const struct instructions *what, int64_t *counts)
{
    if (getenv(INSTRUCTIONS_RUN))
        instructions_run_all(what);
    return instructions_by_counter(what, counts) || instructions_by_callgrind(what, counts);
}

#endif
