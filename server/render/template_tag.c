#include "render/template_tag.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    NAME_SHOWN_MAX_BYTES = 60,
    REASON_MAX_BYTES = 300,
};

/* The sign behind an opening delimiter, which says what a tag is. */
struct sigil {
    char sign;
    char closer; /* has to stand before the closing delimiter; NUL for nothing */
    bool may_stand_alone;
    enum op_kind kind;
    enum status (*take)(struct tags *tags, const struct tag *tag);
    const char *refusal;
};

/* Refuses the tag that is being read. */
#define respond_error(tags, tag, ...) \
    template_refuse((tags)->source, (tag)->begin, (tags)->fault, __VA_ARGS__)

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

static const char *skip_word(const char *at, const char *end)
{
    while (at < end && !is_blank(*at))
        at++;
    return at;
}

static struct span span_between(const char *begin, const char *end)
{
    return (struct span){begin, (size_t)(end - begin)};
}

/* What is between two places, without the blanks around it. */
static struct span trimmed(const char *begin, const char *end)
{
    begin = skip_blanks(begin, end);
    while (end > begin && is_blank(end[-1]))
        end--;
    return span_between(begin, end);
}

static const char *find(const char *at, const char *end, struct span what)
{
    return memmem(at, (size_t)(end - at), what.bytes, what.len);
}

bool span_equals(struct span span, const char *bytes, size_t len)
{
    return span.len == len && memcmp(span.bytes, bytes, len) == 0;
}

int span_shown(struct span span)
{
    return (int)utf8_cut(span.bytes, span.len, NAME_SHOWN_MAX_BYTES);
}

/* Lines are counted when one has to be named, which is seldom. */
size_t template_line(const struct template_source *source, const char *where)
{
    size_t line = 1;
    for (const char *at = source->text; at < where; at++)
        line += *at == '\n';
    return line;
}

void template_fault(const struct template_source *source, const char *where, struct fault *fault,
                    const char *format, ...)
{
    char reason[REASON_MAX_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    fault_fill(fault, source->name, "line %zu: %s", template_line(source, where), reason);
}

static enum status refuse_open(const struct tags *tags, const struct tag *tag)
{
    return respond_error(tags, tag, "a tag is not closed; it must end with '%.*s%.*s'",
                         tag->sigil->closer != '\0', &tag->sigil->closer, span_shown(tags->close),
                         tags->close.bytes);
}

/* A delimiter in a name tells of a tag that was left open and went on to the end of the next. */
static enum status take_name(struct tags *tags, const struct tag *tag)
{
    struct span name = tag->name;
    const char *end = name.bytes + name.len;
    if (name.len == 0)
        return respond_error(tags, tag, "a tag has no name in it");
    if (find(name.bytes, end, tags->open) || find(name.bytes, end, tags->close))
        return refuse_open(tags, tag);
    if (skip_word(name.bytes, end) < end)
        return respond_error(tags, tag, "the name '%.*s' has a blank in it", span_shown(name),
                             name.bytes);
    return STATUS_OK;
}

static enum status take_partial(struct tags *tags, const struct tag *tag)
{
    struct span name = tag->name;
    if (name.len > 0 && *name.bytes == '*')
        return respond_error(tags, tag, "a dynamic name, '%.*s', is not supported",
                             span_shown(name), name.bytes);
    return take_name(tags, tag);
}

static enum status take_comment(struct tags *tags, const struct tag *tag)
{
    (void)tags;
    (void)tag;
    return STATUS_OK;
}

static enum status take_delimiters(struct tags *tags, const struct tag *tag)
{
    struct span both = tag->name;
    const char *end = both.bytes + both.len, *open_end = skip_word(both.bytes, end);
    struct span close = trimmed(open_end, end);
    bool are_two = close.len > 0 && skip_word(close.bytes, end) == end;
    if (!are_two || memchr(both.bytes, '=', both.len))
        return respond_error(
            tags, tag,
            "new delimiters are two words without '=', as in {{=<%% %%>=}}; '%.*s' is not",
            span_shown(both), both.bytes);
    tags->open = span_between(both.bytes, open_end);
    tags->close = close;
    return STATUS_OK;
}

static const struct sigil sigils[] = {
    {'#', '\0', true, OP_SECTION, take_name, NULL},
    {'^', '\0', true, OP_INVERTED, take_name, NULL},
    {'/', '\0', true, OP_CLOSE, take_name, NULL},
    {'>', '\0', true, OP_PARTIAL, take_partial, NULL},
    {'!', '\0', true, OP_TEXT, take_comment, NULL},
    {'=', '=', true, OP_TEXT, take_delimiters, NULL},
    {'&', '\0', false, OP_RAW, take_name, NULL},
    {'{', '}', false, OP_RAW, take_name, NULL},
    {'<', '\0', false, OP_TEXT, NULL, "inheritance, '<', is not supported"},
    {'$', '\0', false, OP_TEXT, NULL, "a block to inherit, '$', is not supported"},
    {'\0', '\0', false, OP_VALUE, take_name, NULL}, /* no sign; the last row */
};

static const struct sigil *sigil_at(const char *at, const char *end)
{
    const struct sigil *sigil = sigils;
    while (sigil->sign && (at == end || sigil->sign != *at))
        sigil++;
    return sigil;
}

/* Where the content of a tag ends that begins at `begin`, and its closer and delimiter follow; NULL
 * when they don't. "{{{a}}}" holds the delimiter twice, the second time behind the closer. */
static const char *content_end(const struct tags *tags, const char *begin, char closer)
{
    const char *at = find(begin, tags->end, tags->close);
    if (!closer)
        return at;
    while (at && (at == begin || at[-1] != closer))
        at = find(at + 1, tags->end, tags->close);
    return at ? at - 1 : NULL;
}

/* Reads what is in a tag; `end` is behind its closing delimiter. */
static enum status read_content(const struct tags *tags, struct tag *tag, const char **end)
{
    const char *begin = skip_blanks(tag->begin + tags->open.len, tags->end);
    const struct sigil *sigil = sigil_at(begin, tags->end);
    tag->sigil = sigil;
    tag->kind = sigil->kind;
    if (sigil->refusal)
        return respond_error(tags, tag, "%s", sigil->refusal);
    begin += sigil->sign != '\0';
    const char *until = content_end(tags, begin, sigil->closer);
    if (!until)
        return refuse_open(tags, tag);
    tag->name = trimmed(begin, until);
    *end = until + (sigil->closer != '\0') + tags->close.len;
    return STATUS_OK;
}

/* Looks whether a tag has its line, or lines, to itself but for spaces and tabs; then they are no
 * text. They can't be another tag's either, for a closing delimiter ends in neither. */
static void widen_to_lines(const struct tags *tags, struct tag *tag, const char **end)
{
    const char *begin = tag->begin, *until = *end;
    while (begin > tags->source->text && (begin[-1] == ' ' || begin[-1] == '\t'))
        begin--;
    while (until < tags->end && (*until == ' ' || *until == '\t'))
        until++;
    if (tags->end - until >= 2 && memcmp(until, "\r\n", 2) == 0)
        until++;
    bool begins_line = begin == tags->source->text || begin[-1] == '\n';
    bool ends_line = until == tags->end || *until == '\n';
    if (!begins_line || !ends_line)
        return;
    tag->standalone = true;
    tag->text = span_between(tags->at, begin);
    tag->indent = span_between(begin, tag->begin);
    *end = until < tags->end ? until + 1 : until;
}

void tags_init(struct tags *tags, const struct template_source *source, struct fault *fault)
{
    *tags = (struct tags){.source = source,
                          .fault = fault,
                          .at = source->text,
                          .end = source->text + source->len,
                          .open = {"{{", 2},
                          .close = {"}}", 2}};
}

enum status tags_next(struct tags *tags, struct tag *tag)
{
    const char *begin = find(tags->at, tags->end, tags->open), *end = NULL;
    *tag = (struct tag){.text = span_between(tags->at, begin ? begin : tags->end)};
    if (!begin)
        return STATUS_ABSENT;
    tag->begin = begin;
    enum status status = read_content(tags, tag, &end);
    if (status != STATUS_OK)
        return status;
    if (tag->sigil->may_stand_alone)
        widen_to_lines(tags, tag, &end);
    tags->at = end;
    return tag->sigil->take(tags, tag);
}
