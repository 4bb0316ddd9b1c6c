#include "http/route/redirects.h"

#include "edition.h"

#include <stdlib.h>

#define DESH "/%E0%A6%A6%E0%A7%87%E0%A6%B6"

enum {
    TARGET_BYTES = 64 * 1024,
    LOCATION_BYTES = 64 * 1024,
    SOURCE_BYTES = 2048, /* of the longest redirect */
};

static struct edition edition;

/* A redirect as long as one may be: "/" and letters. */
static char longest[SOURCE_BYTES + 1];

static int set_up(void **state)
{
    (void)state;
    struct buf lines;
    edition_open(&edition);
    memset(longest, 'l', SOURCE_BYTES);
    longest[0] = '/';
    buf_init(&lines, 16 * 1024);
    buf_format(&lines, "{\"type\":\"redirect\",\"from\":\"%s\",\"to\":\"a-10\"}\n", longest);
    buf_text(&lines,
             "{\"type\":\"redirect\",\"from\":\"/\",\"to\":\"a-1\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/plain\",\"to\":\"a-2\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/news.php?id=5&l=bn\",\"to\":\"a-3\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/news.php\",\"to\":\"a-4\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/p?42\",\"to\":\"a-5\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/v?id=\",\"to\":\"a-6\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/q?\",\"to\":\"a-7\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/পুরোনো/পাতা\",\"to\":\"a-8\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/coded%20page\",\"to\":\"a-9\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/slash/\",\"to\":\"a-11\"}\n"
             "{\"type\":\"redirect\",\"from\":\"//two//slashes\",\"to\":\"a-12\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/1/2/3/4/5/6/7/8\",\"to\":\"a-13\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/খোঁজ?প্রশ্ন=এক দুই\",\"to\":\"a-14\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/2014/03/12/a/b/c/d/e/f\",\"to\":\"a-14\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/one.php?id=5\",\"to\":\"a-15\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/%e0%a6%96/%e0%a6%97\",\"to\":\"a-16\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/draft\",\"to\":\"a-18\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/withdrawn\",\"to\":\"a-19\"}\n"
             "{\"type\":\"redirect\",\"from\":\"/scheduled\",\"to\":\"a-20\"}\n");
    paper_import(&edition.paper, buf_string(&lines));
    buf_release(&lines);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    edition_close(&edition);
    return 0;
}

static void parse(const char *text, struct target *target)
{
    struct fault fault = {.field = ""};
    check_done(text, target_parse(text, target, &fault), &fault);
}

/* NULL expected with a status that is not OK. */
static void check_redirect(const char *name, const char *text, enum status expected,
                           const char *expected_location)
{
    struct buf location;
    const struct request request = {.method = METHOD_GET, .target = text};
    buf_init(&location, LOCATION_BYTES);
    check_status(name, redirects_find(&edition.context, &request, &location), expected);
    check_text(name, buf_string(&location), expected_location ? expected_location : "");
    buf_release(&location);
}

static const struct {
    const char *name, *target, *location; /* NULL: nowhere */
} redirects[] = {
    {"as it is", "/plain", "/world/2/a-2"},
    {"the root", "/", DESH "/1/a-1"},
    {"encoded without need", "/pl%61in", "/world/2/a-2"},
    {"with a query of its own", "/plain?utm_source=a", "/world/2/a-2"},
    {"with a query without a value", "/plain?a", "/world/2/a-2"},
    {"with a question mark at the end", "/plain?", "/world/2/a-2"},
    {"with two", "/plain??", "/world/2/a-2"},
    {"with an empty parameter", "/plain?&", "/world/2/a-2"},
    {"absolute, encoded", "http://khobor.example/coded%20page",
     "/%E0%A6%A6%E0%A7%87%E0%A6%B6/9/a-9"},
    {"absolute, with a query", "https://khobor.example/p?42", "/%E0%A6%A6%E0%A7%87%E0%A6%B6/5/a-5"},
    {"of many segments", "/2014/03/12/a/b/c/d/e/%66", "/world/14/a-14"},
    {"another case", "/Plain", NULL},
    {"a slash at the end", "/plain/", NULL},
    {"a slash in front", "//plain", NULL},
    {"the beginning", "/plai", NULL},
    {"more", "/plain/more", NULL},
    {"a space behind", "/plain%20", NULL},
    {"its query", "/news.php?id=5&l=bn", DESH "/3/a-3"},
    {"its query encoded", "/news.php?%69d=%35&l=bn", DESH "/3/a-3"},
    {"its query with an empty parameter", "/news.php?&id=5&&l=bn&", "/world/4/a-4"},
    {"its query and what was added", "/one.php?id=5&fbclid=a", DESH "/15/a-15"},
    {"what was added before its query", "/one.php?fbclid=a&id=5", DESH "/15/a-15"},
    {"its query behind seven others", "/one.php?a=1&b=2&c=3&d=4&e=5&f=6&g=7&id=5", DESH "/15/a-15"},
    {"its query behind eight others: no further parameters are looked up",
     "/one.php?a=1&b=2&c=3&d=4&e=5&f=6&g=7&h=8&id=5", NULL},
    {"encoded in small letters", "/%E0%A6%96/%E0%A6%97", "/world/16/a-16"},
    {"plainly, though encoded in small letters", "/খ/গ", "/world/16/a-16"},
    {"its query in another order", "/news.php?l=bn&id=5", "/world/4/a-4"},
    {"another query", "/news.php?id=6&l=bn", "/world/4/a-4"},
    {"more query", "/news.php?id=5&l=bn&x=y", "/world/4/a-4"},
    {"a query without a value", "/p?42", DESH "/5/a-5"},
    {"another without a value", "/p?43", NULL},
    {"an empty value that is left out", "/v?id", NULL},
    {"an empty value", "/v?id=", "/world/6/a-6"},
    {"a value where none was", "/v?id=1", NULL},
    {"a question mark that was imported", "/q?", DESH "/7/a-7"},
    {"and is not there", "/q", NULL},
    {"plain Bengali, encoded",
     "/%E0%A6%AA%E0%A7%81%E0%A6%B0%E0%A7%8B%E0%A6%A8%E0%A7%8B/"
     "%E0%A6%AA%E0%A6%BE%E0%A6%A4%E0%A6%BE",
     "/world/8/a-8"},
    {"plain Bengali, encoded in lower case",
     "/%e0%a6%aa%e0%a7%81%e0%a6%b0%e0%a7%8b%e0%a6%a8%e0%a7"
     "%8b/%e0%a6%aa%e0%a6%be%e0%a6%a4%e0%a6%be",
     "/world/8/a-8"},
    {"plain Bengali as it is", "/পুরোনো/পাতা", "/world/8/a-8"},
    {"Bengali with a query", "/পুরোনো/পাতা?a=b", "/world/8/a-8"},
    {"Bengali and spaces in a query",
     "/%E0%A6%96%E0%A7%8B%E0%A6%81%E0%A6%9C?%E0%A6%AA%E0%A7%8D%E0%A6%B0%E0%A6%B6%E0%A7%8D%E0%A6%A8="
     "%E0%A6%8F%E0%A6%95%20%E0%A6%A6%E0%A7%81%E0%A6%87",
     "/world/14/a-14"},
    {"encoded, as it was imported", "/coded%20page", DESH "/9/a-9"},
    {"encoded, with a query", "/coded%20page?a", DESH "/9/a-9"},
    {"encoded in another way", "/c%6Fded%20page", DESH "/9/a-9"},
    {"a slash that was imported", "/slash/", DESH "/11/a-11"},
    {"and with a query", "/slash/?a=b", DESH "/11/a-11"},
    {"without it", "/slash", NULL},
    {"empty segments", "//two//slashes", "/world/12/a-12"},
    {"empty segments and a query", "//two//slashes?a=b", "/world/12/a-12"},
    {"without the empty ones", "/two/slashes", NULL},
    {"nothing but slashes", "////////", NULL},
    {"eight segments", "/1/2/3/4/5/6/7/8", DESH "/13/a-13"},
    {"eight segments, encoded", "/1/2/3/4/5/6/7/%38", DESH "/13/a-13"},
    {"eight segments and a slash", "/1/2/3/4/5/6/7/8/", NULL},
    {"a hundred segments",
     "/1/2/3/4/5/6/7/8/9/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z/1/2/3/4/5/6/7/8/9",
     NULL},
    {"another host", "http://khobor.example/plain", "/world/2/a-2"},
    {"another host and scheme", "https://a.example:8443/news.php?id=5&l=bn", DESH "/3/a-3"},
    {"another host and Bengali", "https://a.example/পুরোনো/পাতা", "/world/8/a-8"},
    {"another host's root", "http://a.example/", DESH "/1/a-1"},
    {"another host and nothing there", "http://a.example/nothing", NULL},
    {"upwards", "/../plain", NULL},
    {"a star of SQL", "/pl%25", NULL},
    {"a quote of SQL", "/plain'--", NULL},
};

static void old_addresses_lead_to_articles(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(redirects); i++)
        check_redirect(redirects[i].name, redirects[i].target,
                       redirects[i].location ? STATUS_OK : STATUS_ABSENT, redirects[i].location);
}

static void what_may_not_be_seen_is_led_to_by_nothing(void **state)
{
    (void)state;
    static const struct {
        const char *target;
        enum status expected;
    } cases[] = {
        {"/draft", STATUS_ABSENT},         {"/draft?a=b", STATUS_ABSENT},
        {"/withdrawn", STATUS_GONE},       {"/withdrawn?a=b", STATUS_GONE},
        {"/%77ithdrawn", STATUS_GONE},     {"/scheduled", STATUS_ABSENT},
        {"/scheduled?a=b", STATUS_ABSENT},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        check_redirect(cases[i].target, cases[i].target, cases[i].expected, NULL);
    edition.context.now_s = PAPER_NOW + 3600;
    check_redirect("when it has come", "/scheduled", STATUS_OK, "/world/20/a-20");
    edition.context.now_s = PAPER_NOW;
}

/* `head` and as many letters as make `len` bytes. */
static char *target_of(const char *head, char letter, size_t len)
{
    char *text = malloc(len + 1);
    size_t head_len = strlen(head);
    assert_non_null(text);
    memcpy(text, head, head_len);
    memset(text + head_len, letter, len - head_len);
    text[len] = '\0';
    return text;
}

/* A buffer that can't hold a target must not make it the address of something else. */
static void long_targets_lead_where_short_ones_do(void **state)
{
    (void)state;
    static const struct {
        const char *name, *head;
        char letter;
        size_t len;
        const char *location;
    } cases[] = {
        {"the longest redirect", "/", 'l', SOURCE_BYTES, "/world/10/a-10"},
        {"a byte less", "/", 'l', SOURCE_BYTES - 1, NULL},
        {"a byte more", "/", 'l', SOURCE_BYTES + 1, NULL},
        {"a long path", "/", 'l', 8191, NULL},
        {"a longer one", "/", 'l', 8192, NULL},
        {"a path over all bounds", "/", 'l', 8193, NULL},
        {"far over", "/", 'l', TARGET_BYTES, NULL},
        {"a long query", "/plain?a=", 'x', 8000, "/world/2/a-2"},
        {"a query over all bounds", "/plain?a=", 'x', 8193, "/world/2/a-2"},
        {"a query far over", "/plain?a=", 'x', TARGET_BYTES, "/world/2/a-2"},
        {"a long query without a value", "/plain?", 'x', TARGET_BYTES, "/world/2/a-2"},
        {"its query and far more", "/news.php?id=5&l=bn&x=", 'x', TARGET_BYTES, "/world/4/a-4"},
        {"question marks", "/plain?", '?', TARGET_BYTES, "/world/2/a-2"},
        {"ampersands", "/plain?", '&', TARGET_BYTES, "/world/2/a-2"},
        {"slashes", "/", '/', TARGET_BYTES, NULL},
        {"a long host", "http://", 'h', 9000, NULL},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        bool is_host = cases[i].head[0] != '/';
        char *text = target_of(cases[i].head, cases[i].letter, cases[i].len);
        if (is_host)
            memcpy(text + cases[i].len - 8, "/nothing", 8);
        check_redirect(cases[i].name, text, cases[i].location ? STATUS_OK : STATUS_ABSENT,
                       cases[i].location);
        free(text);
    }
}

/* Letters of three bytes each, which are nine when they are encoded. */
static void a_long_path_is_decoded(void **state)
{
    (void)state;
    struct buf line, target;
    buf_init(&line, 8192);
    buf_init(&target, 8192);
    buf_text(&line, "{\"type\":\"redirect\",\"to\":\"a-15\",\"from\":\"/");
    buf_char(&target, '/');
    for (int i = 0; i < 680; i++) {
        buf_text(&line, "খ");
        buf_text(&target, "%E0%A6%96");
    }
    buf_text(&line, "\"}\n");
    paper_import(&edition.paper, buf_string(&line));
    check_redirect("decoded", buf_string(&target), STATUS_OK, DESH "/15/a-15");
    buf_release(&line);
    buf_release(&target);
}

static const struct {
    const char *target, *location; /* NULL: as it is */
} slashes[] = {
    {"/latest/", "/latest"},
    {"/latest/?cursor=1.1", "/latest"},
    {"/most-read/", "/most-read"},
    {"/world/", "/world"},
    {"/world/2/", "/world/2"},
    {"/world/2/a-2/", "/world/2/a-2"},
    {"/tag/Tax/", "/tag/Tax"},
    {"/archive/2024-04-16/", "/archive/2024-04-16"},
    {"/tag/a%2Fb/", "/tag/a%2Fb"},
    {"/%E0%A6%A6%e0%a7%87%E0%A6%B6/", DESH},
    {"/দেশ/", DESH},
    {"/%77orld/", "/world"},
    {"/a%3Fb%23c/", "/a%3Fb%23c"},
    {"/%2F%2Fevil.example/", "/%2F%2Fevil.example"},
    {"/%5Cevil.example/", "/%5Cevil.example"},
    {"http://a.example/latest/", "/latest"},
    {"//", "/"},
    {"/", NULL},
    {"/latest", NULL},
    {"/world/2/a-2", NULL},
    {"/latest?a=/", NULL},
    {"/latest%2F", NULL},
    {"///", NULL},
    {"/latest//", NULL},
    {"/world//", NULL},
    {"//latest/", NULL},
    {"//evil.example/", NULL},
    {"//evil.example/a/", NULL},
    {"/world//a-2/", NULL},
    {"/world/2/a-2/more/", NULL},
    {"/1/2/3/4/5/6/7/", NULL},
    {"/1/2/3/4/5/6/7/8/", NULL},
    {"/1/2/3/4/5/6/7/8/9/", NULL},
    {"/1/2/3/4/5/6/7/8/9/10/", NULL},
    {"/tag/", NULL},
    {"/archive/", NULL},
    {"/search/", NULL},
    {"/api/", NULL},
    {"/api/v1/site/", NULL},
    {"/api/v1/latest/", NULL},
    {"/api/v1/articles/2/views/", NULL},
    {"/healthz/", NULL},
    {"/feed.xml/", NULL},
    {"/world/feed.xml/", NULL},
    {"/sitemap.xml/", NULL},
    {"/sitemaps/1.xml/", NULL},
    {"/robots.txt/", NULL},
    {"/favicon.ico/", NULL},
    {"/assets/x/style.css/", NULL},
};

static void a_slash_at_a_pages_end_is_one_too_many(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(slashes); i++) {
        struct target target = {.storage = NULL};
        struct buf location;
        parse(slashes[i].target, &target);
        buf_init(&location, LOCATION_BYTES);
        check_status(slashes[i].target, redirects_without_slash(&target, &location),
                     slashes[i].location ? STATUS_OK : STATUS_ABSENT);
        check_text(slashes[i].target, buf_string(&location),
                   slashes[i].location ? slashes[i].location : "");
        /* An address with two slashes in front would be another host's. */
        check_true(slashes[i].target, strncmp(buf_string(&location), "//", 2) != 0);
        buf_release(&location);
        target_release(&target);
    }
}

/* Where a slash leads there is no second one, or readers would go round. */
static void a_way_without_a_slash_ends(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(slashes) && slashes[i].location; i++) {
        struct target target = {.storage = NULL};
        struct buf location;
        parse(slashes[i].location, &target);
        buf_init(&location, LOCATION_BYTES);
        check_status(slashes[i].location, redirects_without_slash(&target, &location),
                     STATUS_ABSENT);
        buf_release(&location);
        target_release(&target);
    }
}

/* A longer address would leave no memory for the answer's head. */
static void long_segments_are_kept_up_to_a_bound(void **state)
{
    (void)state;
    static const size_t lens[] = {RESPONSE_ADDRESS_BYTES_MAX + 1, RESPONSE_ADDRESS_BYTES_MAX + 2,
                                  20000};
    for (size_t i = 0; i < COUNT(lens); i++) {
        struct target target = {.storage = NULL};
        struct buf location;
        char *text = target_of("/", 'x', lens[i]);
        text[lens[i] - 1] = '/';
        parse(text, &target);
        buf_init(&location, LOCATION_BYTES);
        check_status("long", redirects_without_slash(&target, &location),
                     i ? STATUS_ABSENT : STATUS_OK);
        buf_release(&location);
        target_release(&target);
        free(text);
    }
}

static void a_query_goes_on_as_it_came(void **state)
{
    (void)state;
    static const struct {
        const char *target, *expected;
    } cases[] = {
        {"/latest", "/x"},
        {"/latest?", "/x?"},
        {"/latest??", "/x??"},
        {"/latest?a", "/x?a"},
        {"/latest?a=", "/x?a="},
        {"/latest?a=b&c=d", "/x?a=b&c=d"},
        {"/latest?&&", "/x?&&"},
        {"/latest?a=b?c=d", "/x?a=b?c=d"},
        {"/latest?a=%2F%3f+%20", "/x?a=%2F%3f+%20"},
        {"/latest?a=/b/", "/x?a=/b/"},
        {"/latest?u=http://a.example/", "/x?u=http://a.example/"},
        {"/latest?খ=গ", "/x?%E0%A6%96=%E0%A6%97"},
        {"/latest%3Fa=b", "/x"},
        {"http://a.example/latest", "/x"},
        {"http://a.example/latest?a=b", "/x?a=b"},
        {"", "/x"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct buf location;
        const struct request request = {.method = METHOD_GET, .target = cases[i].target};
        buf_init(&location, LOCATION_BYTES);
        buf_text(&location, "/x");
        redirects_append_query(&request, &location);
        check_text(cases[i].target, buf_string(&location), cases[i].expected);
        buf_release(&location);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(old_addresses_lead_to_articles),
        cmocka_unit_test(what_may_not_be_seen_is_led_to_by_nothing),
        cmocka_unit_test(long_targets_lead_where_short_ones_do),
        cmocka_unit_test(a_long_path_is_decoded),
        cmocka_unit_test(a_slash_at_a_pages_end_is_one_too_many),
        cmocka_unit_test(a_way_without_a_slash_ends),
        cmocka_unit_test(long_segments_are_kept_up_to_a_bound),
        cmocka_unit_test(a_query_goes_on_as_it_came),
    };
    return cmocka_run_group_tests_name("http/moved", tests, set_up, tear_down);
}
