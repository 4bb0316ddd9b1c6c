/* Maps the statuses of functions to HTTP statuses, and writes problem documents. */
#include "http/message/problem.h"

#include "base/json.h"

#include <assert.h>

enum {
    BODY_BYTES_MAX = 8192
};

static const struct {
    int http_status;
    const char *title;
} titles[] = {
    {400, "Bad Request"},         {404, "Not Found"},
    {405, "Method Not Allowed"},  {406, "Not Acceptable"},
    {408, "Request Timeout"},     {410, "Gone"},
    {413, "Content Too Large"},   {415, "Unsupported Media Type"},
    {429, "Too Many Requests"},   {500, "Internal Server Error"},
    {503, "Service Unavailable"},
};

int problem_http_status(enum status status)
{
    switch (status) {
    case STATUS_ABSENT:
        return 404;
    case STATUS_GONE:
        return 410;
    case STATUS_INVALID:
        return 400;
    case STATUS_TOO_MANY:
        return 429;
    case STATUS_BUSY:
    case STATUS_FULL:
        return 503;
    default:
        return 500;
    }
}

const char *problem_title(int http_status)
{
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (titles[i].http_status == http_status)
            return titles[i].title;
    }
    return "Error";
}

enum status problem_make(int http_status, const struct fault *fault,
                         struct representation **representation)
{
    struct buf body;
    assert(http_status >= 400 && http_status < 600);
    buf_init(&body, BODY_BYTES_MAX);
    json_t *problem = json_pack("{s:s, s:s, s:i}", "type", "about:blank", "title",
                                problem_title(http_status), "status", http_status);
    if (problem && fault && fault->text[0])
        json_object_set_new(
            problem, "detail",
            json_sprintf("%s%s%s", fault->field, fault->field[0] ? " " : "", fault->text));
    if (problem && fault && fault->field[0])
        json_object_set_new(problem, "parameter", json_string(fault->field));
    if (!problem)
        return STATUS_NO_MEMORY;
    json_render(problem, &body);
    json_decref(problem);
    return representation_make(MEDIA_PROBLEM, 0, &body, representation);
}
