/* Every parser of what a client, a newsroom or a theme sends takes time in proportion to the length
 * of its input: four times the worst input takes less than six times the instructions. */
#include "instructions.h"
#include "parsers.h"

enum {
    FEW_BYTES = 8 * 1024, /* four times as many are the most of one header field */
    MANY_BYTES = 4 * FEW_BYTES,
    RATIO_MAX = 6,
    NOISE = 20000, /* instructions of what does not depend on the input, such as the first malloc */
};

#define MARKS "\u0323\u0301"
#define MARKS_30 \
    MARKS MARKS MARKS MARKS MARKS MARKS MARKS MARKS MARKS MARKS MARKS MARKS MARKS MARKS MARKS
#define ARTICLE_TO(field)                                                                         \
    "{\"type\":\"article\",\"slug\":\"a\",\"section\":\"s\",\"headline\":\"H\",\"published_at\":" \
    "\"2024-04-16T10:00:00+06:00\",\"" field "\":"

/* The input is `begin`, `pieces` again and again up to a length, and `end`. */
static const struct {
    const char *name;
    void (*parse)(const char *text);
    const char *begin, *piece, *end;
    int most; /* bytes of the larger input; 0: MANY_BYTES */
} cases[] = {
    {"marks in a path", parse_target, "/tag/", MARKS, "", 0},
    {"encoded marks in a path", parse_target, "/tag/", "%CC%A3%CC%81", "", 0},
    {"marks in a short path", parse_target, "/tag/", MARKS, "", TEXT_BYTES_MAX},
    {"letters in a path", parse_target, "/tag/", "ক্ষ", "", 0},
    {"slashes", parse_target, "/", "/", "", 0},
    {"segments", parse_target, "/", "a/", "", 0},
    {"percent codes", parse_target, "/", "%61", "", 0},
    {"bad percent codes at the end", parse_target, "/", "%61", "%", 0},
    {"absolute form", parse_target, "http://", "http://", "/", 0},
    {"ampersands", parse_target, "/latest?", "&", "", 0},
    {"parameters", parse_target, "/latest?", "a=b&", "", 0},
    {"equals signs", parse_target, "/latest?", "=", "", 0},
    {"question marks", parse_target, "/latest", "?", "", 0},
    {"a parameter nobody knows", parse_target, "/latest?utm=", MARKS, "", 0},
    {"a section", parse_target, "/api/v1/articles?section=", MARKS, "", TEXT_BYTES_MAX},
    {"a time", parse_target, "/api/v1/articles?from=", "2", "", TEXT_BYTES_MAX},
    {"a limit", parse_target, "/api/v1/articles?limit=", "0", "", TEXT_BYTES_MAX},
    {"a cursor", parse_target, "/api/v1/articles?cursor=", "1", "", TEXT_BYTES_MAX},
    {"a cursor of dots", parse_target, "/api/v1/articles?cursor=", ".", "", TEXT_BYTES_MAX},
    {"fields", parse_target, "/api/v1/articles?fields=id", ",updated_text", "", TEXT_BYTES_MAX},
    {"no fields", parse_target, "/api/v1/articles?fields=", ",", "", TEXT_BYTES_MAX},
    {"include", parse_target, "/api/v1/articles/1?include=site", ",site", "", TEXT_BYTES_MAX},
    {"per cents in a URL", parse_url, "", "%", "", 0},
    {"half codes in a URL", parse_url, "", "%4", "", 0},
    {"letters in a URL", parse_url, "", "ক", "", 0},

    {"types", parse_accept, "", "text/html;q=0.1,", "", 0},
    {"stars", parse_accept, "", "*/*;q=0,", "", 0},
    {"commas", parse_accept, "", ",", "", 0},
    {"semicolons", parse_accept, "a", ";", "", 0},
    {"semicolons and spaces", parse_accept, "a", "; ", "", 0},
    {"spaces", parse_accept, "", " ", "a", 0},
    {"spaces before a comma", parse_accept, "a", " ", ",a", 0},
    {"a weight without end", parse_accept, "text/html;q=0.", "0", "", 0},
    {"names that are no weight", parse_accept, "a", ";q", "", 0},
    {"encodings", parse_accept_encoding, "", "gzip;q=0,", "", 0},
    {"commas of encodings", parse_accept_encoding, "", ", ", "", 0},
    {"semicolons of an encoding", parse_accept_encoding, "br", ";", "", 0},
    {"tags", parse_if_none_match, "", "\"a\",", "", 0},
    {"weak tags", parse_if_none_match, "", "W/\"a\", ", "", 0},
    {"quotes", parse_if_none_match, "", "\"", "", 0},
    {"quotes never closed", parse_if_none_match, "", "\"\",a\",", "\"", 0},
    {"weak marks", parse_if_none_match, "", "W/", "", 0},
    {"weak marks in elements", parse_if_none_match, "", "W/,", "\"", 0},
    {"commas of tags", parse_if_none_match, "", ",", "", 0},
    {"commas in a tag", parse_if_none_match, "\"", ",", "\"", 0},

    {"proxies", parse_x_forwarded_for, "", "127.0.0.1,", "", 0},
    {"addresses", parse_x_forwarded_for, "", "2001:db8::1, ", "", 0},
    {"brackets", parse_x_forwarded_for, "", "[", "", 0},
    {"brackets in elements", parse_x_forwarded_for, "", "[,", "", 0},
    {"colons", parse_x_forwarded_for, "", ":", "", 0},
    {"commas of addresses", parse_x_forwarded_for, "", ",", "", 0},
    {"spaces around addresses", parse_x_forwarded_for, "", " ", ",a", 0},
    {"for", parse_forwarded, "", "for=127.0.0.1,", "", 0},
    {"for in one element", parse_forwarded, "", "for=127.0.0.1;", "", 0},
    {"quotes of for", parse_forwarded, "", "for=\"[::1]\", ", "", 0},
    {"empty quotes", parse_forwarded, "for=", "\"\"", "", 0},
    {"a quote never closed", parse_forwarded, "", "for=a,", "\"", 0},
    {"backslashes in quotes", parse_forwarded, "for=\"", "\\\"", "\"", 0},
    {"semicolons of for", parse_forwarded, "", ";", "", 0},
    {"nearly prefetch", parse_purpose, "", "prefetc", "", 0},
    {"nearly preview", parse_purpose, "", "p", "review", 0},
    {"nearly an origin", parse_origin, "", ":/", "", 0},
    {"origins", parse_origin, "", "://", "", 0},
    {"words of an agent", parse_agent, "", "Mozilla/5.0 ", "", 0},
    {"letters of an agent", parse_agent, "", "bo", "", 0},
    {"lines of a field", join_fields, "", "a/b;q=1,", "", 0},
    {"framing", parse_framing, "", "1", "", 0},
    {"framing of a host", parse_framing, "", "a:", "", 0},

    {"marks in a name", parse_key, "", MARKS, "", TEXT_BYTES_MAX},
    {"marks that are two", parse_key, "", "\u0F73", "", TEXT_BYTES_MAX},
    {"marks between joiners", parse_key, "e", MARKS "\u200D", "", TEXT_BYTES_MAX},
    {"as many marks as are allowed", parse_key, "", "e" MARKS_30, "", TEXT_BYTES_MAX},
    {"letters of a name", parse_key, "", "ড়ি", "", TEXT_BYTES_MAX},
    {"marks in a slug", parse_slug, "e", MARKS, "", SLUG_MAX_BYTES},
    {"letters in a slug", parse_slug, "", "ক্ষ", "", SLUG_MAX_BYTES},
    {"conjuncts to cut", parse_cut, "", "ক্", "", 0},
    {"flags to cut", parse_cut, "", "🇧", "", 0},
    {"marks to cut", parse_cut, "e", MARKS, "", 0},
    {"control characters", parse_utf8, "", "\x01", "", 0},
    {"bytes that are not UTF-8", parse_utf8, "", "\xE0\xA6", "", 0},
    {"letters of UTF-8", parse_utf8, "", "ক", "", 0},

    {"spaces in a line", parse_line, "{", " ", "}", 0},
    {"lists in a line", parse_line, "{\"a\":", "[", "", 0},
    {"escapes in a line", parse_line, ARTICLE_TO("body") "\"", "\\u0995", "\"}", 0},
    {"quotes in a line", parse_line, ARTICLE_TO("body") "\"", "\\\"", "\"}", 0},
    {"a body", parse_line, ARTICLE_TO("body") "\"", "খবর *এক* ", "\"}", 0},
    {"a number in a line", parse_line, ARTICLE_TO("lead"), "9", "}", 0},
    {"a fraction in a line", parse_line, ARTICLE_TO("lead") "0.", "3", "}", 0},
    {"tags of marks", parse_line, ARTICLE_TO("tags") "[\"\"", ",\"e" MARKS_30 MARKS "\"", "]}", 0},
    {"related", parse_line, ARTICLE_TO("related") "[\"a\"", ",\"a\"", "]}", 0},
    {"a language", parse_line, ARTICLE_TO("language") "\"bn", "-bd", "\"}", 0},
    {"the same key", parse_line, "{\"a\":1", ",\"a\":1", "}", 0},
    {"a slug of a line", parse_line, "{\"type\":\"section\",\"name\":\"N\",\"slug\":\"", MARKS,
     "\"}", 0},
    {"line feeds", parse_lines, "", "\n", "", 0},
    {"lines", parse_lines, "", "{}\r\n", "", 0},

    {"brackets of Markdown", parse_markdown, "", "[", "", 0},
    {"links", parse_markdown, "", "[a](b)", "", 0},
    {"images", parse_markdown, "", "![", "", 0},
    {"stars of Markdown", parse_markdown, "", "*a_b", "", 0},
    {"backticks", parse_markdown, "", "`", "", 0},
    {"backticks of all lengths", parse_markdown, "", "`a``b```c````d", "", 0},
    {"quotes of Markdown", parse_markdown, "", "> ", "", 0},
    {"lists of Markdown", parse_markdown, "", "- ", "", 0},
    {"lists in lines", parse_markdown, "", "- a\n", "", 0},
    {"spaces of Markdown", parse_markdown, "", " ", "a", 0},
    {"tabs", parse_markdown, "", "\t", "a", 0},
    {"lines of Markdown", parse_markdown, "", "\n", "", 0},
    {"carriage returns", parse_markdown, "", "\r", "", 0},
    {"references", parse_markdown, "", "[a]: b\n", "", 0},
    {"fences", parse_markdown, "", "```\n", "", 0},
    {"angles", parse_markdown, "", "<a ", "", 0},
    {"comments", parse_markdown, "", "<!--", "", 0},
    {"entities", parse_markdown, "", "&amp", "", 0},
    {"backslashes", parse_markdown, "", "\\", "", 0},

    {"values of a template", parse_template, "", "{{a.b}}", "", 0},
    {"braces", parse_template, "", "{", "", 0},
    {"a long name", parse_template, "{{a", ".b", "}}", 0},
    {"comments of a template", parse_template, "", "{{! }}\n", "", 0},
    {"sections of a template", parse_template, "", "{{#a}}{{/a}}\n", "", 0},
    {"open sections", parse_template, "", "{{#a}}", "", 0},
    {"delimiters", parse_template, "", "{{=| |=}}|={{ }}=|", "", 0},
    {"partials", parse_template, "", "  {{>b}}\n", "", 0},
    {"lines of a template", parse_template, "", "\n", "{{/a}}", 0},
    {"spaces of a template", parse_template, "", " ", "{{#a}}", 0},

    {"digits", parse_values, "", "1", "", 0},
    {"points", parse_values, "", "1.", "", 0},
    {"a fraction of a second", parse_values, "2024-04-16T10:00:00.", "0", "Z", 0},
    {"networks", parse_values, "", "10.0.0.0/8,", "", 0},
    {"networks of spaces", parse_values, "", " ", "x", 0},
};

/* Measurement 2 × i is of case i with a fourth of its bytes, the next one with all. */
static void prepare(size_t number)
{
    size_t i = number / 2, most = cases[i].most ? (size_t)cases[i].most : MANY_BYTES;
    size_t ends = strlen(cases[i].begin) + strlen(cases[i].end);
    if (number % 2 == 0)
        most /= 4;
    buf_clear(&fixed.input);
    buf_clear(&fixed.output);
    buf_text(&fixed.input, cases[i].begin);
    while (fixed.input.len + strlen(cases[i].piece) + ends <= most)
        buf_text(&fixed.input, cases[i].piece);
    buf_text(&fixed.input, cases[i].end);
    check_status(cases[i].name, buf_status(&fixed.input), STATUS_OK);
    (void)buf_string(&fixed.input);
}

static void run(size_t number)
{
    cases[number / 2].parse(fixed.input.bytes);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
static const bool is_sanitized = true;
#else
static const bool is_sanitized = false;
#endif

static void four_times_the_input_takes_less_than_six_times_the_instructions(void **state)
{
    (void)state;
    static int64_t counts[2 * COUNT(cases)];
    const struct instructions what = {prepare, run, COUNT(counts)};
    if (is_sanitized) { /* the sanitizer's own instructions prove nothing, but its checks do */
        for (size_t i = 0; i < COUNT(counts); i++) {
            prepare(i);
            run(i);
        }
        return;
    }
    if (!instructions_count(&what, counts)) {
        print_error("this machine counts no instructions: perf_event_open is not allowed, and "
                    "valgrind does not run here\n");
        skip();
    }
    bool linear = true;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t few = counts[2 * i], many = counts[2 * i + 1];
        if (getenv("KHOBOR_SHOW"))
            print_message("%-40s %9lld %9lld\n", cases[i].name, (long long)few, (long long)many);
        if (many < RATIO_MAX * few + NOISE)
            continue;
        linear = false;
        print_error("%s: %lld instructions, %lld with four times the input\n", cases[i].name,
                    (long long)few, (long long)many);
    }
    assert_true(linear);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_times_the_input_takes_less_than_six_times_the_instructions),
    };
    return cmocka_run_group_tests_name("linear parsers", tests, open_fixed, close_fixed);
}
