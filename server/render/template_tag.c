/* Finds the tags of a template: searches the next opening delimiter, reads the sign after it, which
 * a table maps to the kind of tag, and the name up to the closing delimiter. Nothing is copied. */
#include "render/template_tag.h"

#include "base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
    NAME_SHOWN_MAX_BYTES = 60,
    REASON_MAX_BYTES = 300,
};

/* A sign after an opening delimiter, and the kind of tag that it means. */
struct sigil {
    char sign;
    char closer; /* must precede the closing delimiter; NUL for nothing */
    bool can_be_standalone;
    enum op_kind kind;
    enum status (*take)(struct tags *tags, const struct tag *tag);
    const char *refusal; /* NULL for a tag that is supported */
};

/* Fills the fault for a tag, and is STATUS_INVALID. */
#define refuse(tags, tag, ...) \
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

static struct slice slice_between(const char *begin, const char *end)
{
    return (struct slice){begin, (size_t)(end - begin)};
}

/* The text between two places, without the blanks around it. */
static struct slice trimmed(const char *begin, const char *end)
{
    begin = skip_blanks(begin, end);
    while (end > begin && is_blank(end[-1]))
        end--;
    return slice_between(begin, end);
}

static const char *find(const char *at, const char *end, struct slice what)
{
    return memmem(at, (size_t)(end - at), what.bytes, what.len);
}

bool slice_equals(struct slice slice, const char *bytes, size_t len)
{
    return slice.len == len && memcmp(slice.bytes, bytes, len) == 0;
}

int slice_shown_len(struct slice slice)
{
    return (int)utf8_cut(slice.bytes, slice.len, NAME_SHOWN_MAX_BYTES);
}

size_t template_line(const struct template_source *source, const char *where)
{
    size_t line = 1;
    assert(where >= source->text && where <= source->text + source->len);
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
    return refuse(tags, tag, "a tag is not closed; it must end with '%.*s%.*s'",
                  tag->sigil->closer != '\0', &tag->sigil->closer, slice_shown_len(tags->close),
                  tags->close.bytes);
}

/* A name with a delimiter in it belongs to a tag that is not closed, and ends with the next tag. */
static enum status take_name(struct tags *tags, const struct tag *tag)
{
    struct slice name = tag->name;
    const char *end = name.bytes + name.len;
    if (name.len == 0)
        return refuse(tags, tag, "a tag has no name in it");
    if (find(name.bytes, end, tags->open) || find(name.bytes, end, tags->close))
        return refuse_open(tags, tag);
    if (skip_word(name.bytes, end) < end)
        return refuse(tags, tag, "the name '%.*s' has a blank in it", slice_shown_len(name),
                      name.bytes);
    return STATUS_OK;
}

static enum status take_partial(struct tags *tags, const struct tag *tag)
{
    struct slice name = tag->name;
    if (name.len > 0 && *name.bytes == '*')
        return refuse(tags, tag, "a dynamic name, '%.*s', is not supported", slice_shown_len(name),
                      name.bytes);
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
    struct slice both = tag->name;
    const char *end = both.bytes + both.len, *open_end = skip_word(both.bytes, end);
    struct slice close = trimmed(open_end, end);
    bool are_two = close.len > 0 && skip_word(close.bytes, end) == end;
    if (!are_two || memchr(both.bytes, '=', both.len))
        return refuse(
            tags, tag,
            "new delimiters are two words without '=', as in {{=<%% %%>=}}; '%.*s' is not",
            slice_shown_len(both), both.bytes);
    assert(open_end > both.bytes);
    tags->open = slice_between(both.bytes, open_end);
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

/* The end of the content of a tag, which begins at `begin`: where the closer and the closing
 * delimiter follow. NULL when they don't. In "{{{a}}}" the delimiter is found twice; the second one
 * follows the closer. */
static const char *content_end(const struct tags *tags, const char *begin, char closer)
{
    const char *at = find(begin, tags->end, tags->close);
    if (!closer)
        return at;
    while (at && (at == begin || at[-1] != closer))
        at = find(at + 1, tags->end, tags->close);
    return at ? at - 1 : NULL;
}

/* Reads the content of a tag; *end is after its closing delimiter. */
static enum status read_content(const struct tags *tags, struct tag *tag, const char **end)
{
    const char *begin = skip_blanks(tag->begin + tags->open.len, tags->end);
    const struct sigil *sigil = sigil_at(begin, tags->end);
    tag->sigil = sigil;
    tag->kind = sigil->kind;
    if (sigil->refusal)
        return refuse(tags, tag, "%s", sigil->refusal);
    begin += sigil->sign != '\0';
    const char *until = content_end(tags, begin, sigil->closer);
    if (!until)
        return refuse_open(tags, tag);
    assert(until >= begin);
    tag->name = trimmed(begin, until);
    *end = until + (sigil->closer != '\0') + tags->close.len;
    return STATUS_OK;
}

/* Makes a tag standalone if there is nothing else but spaces and tabs in its line, or lines: these
 * are then no text. They don't belong to another tag, because no delimiter ends in a blank. */
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
    tag->text = slice_between(tags->at, begin);
    tag->indent = slice_between(begin, tag->begin);
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
    *tag = (struct tag){.text = slice_between(tags->at, begin ? begin : tags->end)};
    if (!begin)
        return STATUS_ABSENT;
    tag->begin = begin;
    enum status status = read_content(tags, tag, &end);
    if (status != STATUS_OK)
        return status;
    if (tag->sigil->can_be_standalone)
        widen_to_lines(tags, tag, &end);
    assert(end > tags->at && end <= tags->end); /* each call moves on */
    tags->at = end;
    return tag->sigil->take(tags, tag);
}
