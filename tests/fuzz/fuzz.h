/* The targets of the fuzzer: each takes any bytes, and ends the process when something that must
 * hold does not. Their cases are in tests/fuzz/cases/NAME. */
#ifndef KHOBOR_TESTS_FUZZ_H
#define KHOBOR_TESTS_FUZZ_H

#include <stddef.h>

/* A NUL follows the `len` bytes, which the target may change. */
struct fuzz_target {
    const char *name;
    void (*run)(char *bytes, size_t len);
};

/* The last row's name is NULL. */
extern const struct fuzz_target fuzz_targets[];

/* texts.c */
void fuzz_target_parse(char *bytes, size_t len);
void fuzz_fields(char *bytes, size_t len);
void fuzz_import(char *bytes, size_t len);
void fuzz_template(char *bytes, size_t len);
void fuzz_markdown(char *bytes, size_t len);
void fuzz_slug(char *bytes, size_t len);
void fuzz_json(char *bytes, size_t len);

/* files.c */
void fuzz_config(char *bytes, size_t len);
void fuzz_journal(char *bytes, size_t len);
void fuzz_rankings(char *bytes, size_t len);
void fuzz_gzip(char *bytes, size_t len);

/* serving.c */
void fuzz_serve(char *bytes, size_t len);

/* Cuts the first line off: returns it, and moves *rest behind its line feed, or to NULL at the
 * end. */
char *fuzz_line(char **rest);

/* Finds the target of a name; ends the process when there is none. */
const struct fuzz_target *fuzz_find(const char *name);

/* Runs a target with a copy of the bytes that has exactly their length and a NUL, so that the
 * sanitizer sees every byte too far. */
void fuzz_run(const struct fuzz_target *target, const void *bytes, size_t len);

#endif
