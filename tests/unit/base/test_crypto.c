#include "base/crypto.h"

#include "check.h"

enum {
    BODY_BYTES = 5000
};

/* URLs and entity tags that clients cache: these must not change with a version, a machine or a
 * restart. */
static const struct {
    const char *name;
    const char *input;
    const char *text, *body;
} cases[] = {
    {"nothing", "", "yuZpQdnvvUBOTYh1jqZ2cA", "c2hhcmUgaXMgbm8gdGFnLg"},
    {"a letter", "a", "J8NebpNzh38p5WJGTkZJfg", "akiyfItAIMdVvAU-4jWGzQ"},
    {"Bengali", "খবর", "0t_pK2YZs8vCfKesBmhuCQ", "Y9XAEL1W_3I4i43Uf73FSw"},
    {"more than a block", "0123456789abcdef0123456789abcdef0123456789abcdef0",
     "denMqAcDK1s3AR9qjILWiw", "HNm9sxBPUOUZDQu_q4CXsg"},
};

static void check_hashes(void)
{
    for (size_t i = 0; i < COUNT(cases); i++) {
        char got[HASH_TEXT_BYTES];
        hash_text(cases[i].input, strlen(cases[i].input), got);
        check_text(cases[i].name, got, cases[i].text);
        hash_body(cases[i].input, strlen(cases[i].input), got);
        check_text(cases[i].name, got, cases[i].body);
    }
}

static void hashes_are_the_same_before_and_after_preparing(void **state)
{
    (void)state;
    check_hashes();
    hash_prepare();
    check_hashes();
    hash_prepare();
    check_hashes();
}

static void a_changed_byte_anywhere_changes_the_hash(void **state)
{
    (void)state;
    char body[BODY_BYTES], first[HASH_TEXT_BYTES], got[HASH_TEXT_BYTES];
    memset(body, 'a', sizeof body);
    hash_body(body, sizeof body, first);
    for (size_t i = 0; i < sizeof body; i++) {
        body[i] ^= 1;
        hash_body(body, sizeof body, got);
        check_true("another byte", strcmp(got, first) != 0);
        body[i] ^= 1;
        hash_body(body, i, got);
        check_true("another length", strcmp(got, first) != 0);
    }
    hash_body(body, sizeof body, got);
    check_text("the same again", got, first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_the_same_before_and_after_preparing),
        cmocka_unit_test(a_changed_byte_anywhere_changes_the_hash),
    };
    return cmocka_run_group_tests_name("base/crypto", tests, NULL, NULL);
}
