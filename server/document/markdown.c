#include "document/markdown.h"

#include <cmark.h>
#include <stdlib.h>

json_t *markdown_html(const char *text, size_t len)
{
    /* cmark is safe unless CMARK_OPT_UNSAFE is given. */
    char *html = cmark_markdown_to_html(text, len, CMARK_OPT_DEFAULT);
    json_t *json = html ? json_string_nocheck(html) : NULL;
    free(html);
    return json;
}
