#include "render/template_parse.h"

#include <stdlib.h>
#include <string.h>

enum {
    PLACE_DIGITS_MAX = 9,
    FIRST_ROOM = 32,
};

/* A template while it is compiled. */
struct parser {
    struct template *template;
    struct tags tags;
    bool begins_line;                       /* no op stands in the current line yet */
    size_t sections[TEMPLATE_SECTIONS_MAX]; /* the ops of the open ones */
    size_t sections_len;
};

/* Refuses a tag. */
#define respond_error(parser, tag, ...) \
    template_refuse(&(parser)->template->source, (tag)->begin, (parser)->tags.fault, __VA_ARGS__)

/* Makes room for one more element; NULL, and the array as it was, without memory. */
static void *grown(void *array, size_t len, size_t *room, size_t size)
{
    if (len < *room)
        return array;
    size_t more = *room ? *room * 2 : FIRST_ROOM;
    void *moved = realloc(array, more * size);
    if (moved)
        *room = more;
    return moved;
}

static enum status add_op(struct parser *parser, struct op op)
{
    struct template *template = parser->template;
    struct op *ops = grown(template->ops, template->ops_len, &template->ops_room, sizeof *ops);
    if (!ops)
        return STATUS_NO_MEMORY;
    template->ops = ops;
    op.last = template->ops_len;
    if (!op.standalone) {
        op.begins_line = parser->begins_line;
        parser->begins_line = false;
    }
    ops[template->ops_len++] = op;
    return STATUS_OK;
}

static enum status add_text(struct parser *parser, struct span text)
{
    if (text.len == 0)
        return STATUS_OK;
    enum status status = add_op(parser, (struct op){.kind = OP_TEXT, .span = text});
    parser->begins_line = text.bytes[text.len - 1] == '\n';
    return status;
}

static enum status take_name(struct parser *parser, const struct tag *tag)
{
    return add_op(parser, (struct op){.kind = tag->kind,
                                      .standalone = tag->standalone,
                                      .span = tag->name,
                                      .indent = tag->indent,
                                      .steps = parser->template->steps_len});
}

static size_t place_of(struct span key)
{
    size_t place = 0;
    if (key.len > PLACE_DIGITS_MAX)
        return NO_PLACE;
    for (size_t i = 0; i < key.len; i++) {
        if (key.bytes[i] < '0' || key.bytes[i] > '9')
            return NO_PLACE;
        place = place * 10 + (size_t)(key.bytes[i] - '0');
    }
    return place;
}

/* Adds a step to the name of the last op. */
static enum status add_step(struct template *template, struct span key)
{
    struct step *steps =
        grown(template->steps, template->steps_len, &template->steps_room, sizeof *steps);
    if (!steps)
        return STATUS_NO_MEMORY;
    template->steps = steps;
    steps[template->steps_len++] = (struct step){key, place_of(key)};
    template->ops[template->ops_len - 1].steps_len++;
    return STATUS_OK;
}

static enum status take_dotted_name(struct parser *parser, const struct tag *tag)
{
    enum status status = take_name(parser, tag);
    struct span name = tag->name;
    if (span_equals(name, ".", 1))
        return status;
    const char *at = name.bytes, *end = name.bytes + name.len;
    while (status == STATUS_OK && at <= end) {
        const char *dot = memchr(at, '.', (size_t)(end - at));
        struct span key = {at, (size_t)((dot ? dot : end) - at)};
        if (key.len == 0)
            return respond_error(parser, tag, "the name '%.*s' has an empty step", span_shown(name),
                                 name.bytes);
        status = add_step(parser->template, key);
        at += key.len + 1;
    }
    return status;
}

static enum status take_section(struct parser *parser, const struct tag *tag)
{
    if (parser->sections_len == TEMPLATE_SECTIONS_MAX)
        return respond_error(parser, tag, "at most %d sections may be open", TEMPLATE_SECTIONS_MAX);
    parser->sections[parser->sections_len++] = parser->template->ops_len;
    return take_dotted_name(parser, tag);
}

static enum status take_close(struct parser *parser, const struct tag *tag)
{
    const struct template *template = parser->template;
    struct span name = tag->name;
    if (parser->sections_len == 0)
        return respond_error(parser, tag, "'%.*s' is closed, and no section is open",
                             span_shown(name), name.bytes);
    struct op *section = &template->ops[parser->sections[--parser->sections_len]];
    struct span open = section->span;
    if (!span_equals(name, open.bytes, open.len))
        return respond_error(parser, tag, "'%.*s' is closed, but open is '%.*s' of line %zu",
                             span_shown(name), name.bytes, span_shown(open), open.bytes,
                             template_line(&template->source, open.bytes));
    section->last = template->ops_len;
    return take_name(parser, tag);
}

/* A comment or new delimiters, of which nothing is left to do. */
static enum status take_nothing(struct parser *parser, const struct tag *tag)
{
    (void)parser;
    (void)tag;
    return STATUS_OK;
}

static enum status (*const takers[OP__MAX])(struct parser *parser, const struct tag *tag) = {
    [OP_TEXT] = take_nothing,    [OP_VALUE] = take_dotted_name, [OP_RAW] = take_dotted_name,
    [OP_SECTION] = take_section, [OP_INVERTED] = take_section,  [OP_CLOSE] = take_close,
    [OP_PARTIAL] = take_name,
};

static enum status check_closed(const struct parser *parser)
{
    if (parser->sections_len == 0)
        return STATUS_OK;
    const struct template *template = parser->template;
    struct span open = template->ops[parser->sections[parser->sections_len - 1]].span;
    return template_refuse(&template->source, open.bytes, parser->tags.fault,
                           "the section '%.*s' is not closed", span_shown(open), open.bytes);
}

static enum status parse(struct parser *parser)
{
    for (;;) {
        struct tag tag;
        enum status next = tags_next(&parser->tags, &tag);
        if (next != STATUS_OK && next != STATUS_ABSENT)
            return next;
        enum status status = add_text(parser, tag.text);
        if (status != STATUS_OK)
            return status;
        if (next == STATUS_ABSENT)
            return check_closed(parser);
        status = takers[tag.kind](parser, &tag);
        if (status != STATUS_OK)
            return status;
    }
}

static enum status copy_source(const struct template_source *source, struct template_source *copy)
{
    char *text = malloc(source->len + 1);
    copy->name = strdup(source->name);
    copy->text = text;
    copy->len = source->len;
    if (!copy->name || !text)
        return STATUS_NO_MEMORY;
    if (source->len > 0)
        memcpy(text, source->text, source->len);
    text[source->len] = '\0';
    return STATUS_OK;
}

enum status template_parse(const struct template_source *source, struct template *template,
                           struct fault *fault)
{
    if (source->len > TEMPLATE_MAX_BYTES)
        return fault_set(fault, STATUS_INVALID, source->name,
                         "a template has at most %d bytes, and this one has %zu",
                         TEMPLATE_MAX_BYTES, source->len);
    enum status status = copy_source(source, &template->source);
    if (status != STATUS_OK)
        return status;
    template->escaping = escaping_of(source->name);
    struct parser parser = {.template = template, .begins_line = true};
    tags_init(&parser.tags, &template->source, fault);
    return parse(&parser);
}

void template_release(struct template *template)
{
    free((char *)template->source.name);
    free((char *)template->source.text);
    free(template->ops);
    free(template->steps);
}
