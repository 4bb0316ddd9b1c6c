/* Compiles a template to a flat list of ops. A section's op has the index of its end, so that a
 * false section is skipped with one step. Names are split at their dots into steps, in one array of
 * the template. Both arrays grow by doubling. */
#include "render/template_parse.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    INDEX_DIGITS_MAX = 9,
    FIRST_LEN = 32,
};

/* The state of compiling one template. */
struct parser {
    struct template *template;
    struct tags tags;
    bool begins_line;                       /* the current line has no op yet */
    size_t sections[TEMPLATE_SECTIONS_MAX]; /* the ops of the open ones */
    size_t sections_len;
};

/* Fills the fault for a tag, and is STATUS_INVALID. */
#define refuse(parser, tag, ...) \
    template_refuse(&(parser)->template->source, (tag)->begin, (parser)->tags.fault, __VA_ARGS__)

/* Returns the array with room for one more element; NULL, and the array unchanged, without memory.
 */
static void *grow(void *array, size_t len, size_t *max, size_t size)
{
    if (len < *max)
        return array;
    size_t more = *max ? *max * 2 : FIRST_LEN;
    assert(more > len);
    void *moved = realloc(array, more * size);
    if (moved)
        *max = more;
    return moved;
}

static enum status add_op(struct parser *parser, struct op op)
{
    struct template *template = parser->template;
    struct op *ops = grow(template->ops, template->ops_len, &template->ops_max, sizeof *ops);
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

static enum status add_text(struct parser *parser, struct slice text)
{
    if (text.len == 0)
        return STATUS_OK;
    enum status status = add_op(parser, (struct op){.kind = OP_TEXT, .text = text});
    parser->begins_line = text.bytes[text.len - 1] == '\n';
    return status;
}

static enum status take_name(struct parser *parser, const struct tag *tag)
{
    return add_op(parser, (struct op){.kind = tag->kind,
                                      .standalone = tag->standalone,
                                      .text = tag->name,
                                      .indent = tag->indent,
                                      .steps = parser->template->steps_len});
}

static size_t index_of(struct slice key)
{
    size_t index = 0;
    if (key.len > INDEX_DIGITS_MAX)
        return NO_INDEX;
    for (size_t i = 0; i < key.len; i++) {
        if (key.bytes[i] < '0' || key.bytes[i] > '9')
            return NO_INDEX;
        index = index * 10 + (size_t)(key.bytes[i] - '0');
    }
    return index;
}

/* Adds a step to the name of the last op, whose steps are the last in the array. */
static enum status add_step(struct template *template, struct slice key)
{
    struct step *steps =
        grow(template->steps, template->steps_len, &template->steps_max, sizeof *steps);
    if (!steps)
        return STATUS_NO_MEMORY;
    template->steps = steps;
    assert(template->ops_len > 0); /* the step's op is the last one */
    steps[template->steps_len++] = (struct step){key, index_of(key)};
    template->ops[template->ops_len - 1].steps_len++;
    return STATUS_OK;
}

static enum status take_dotted_name(struct parser *parser, const struct tag *tag)
{
    enum status status = take_name(parser, tag);
    struct slice name = tag->name;
    if (slice_equals(name, ".", 1))
        return status;
    const char *at = name.bytes, *end = name.bytes + name.len;
    while (status == STATUS_OK && at <= end) {
        const char *dot = memchr(at, '.', (size_t)(end - at));
        struct slice key = {at, (size_t)((dot ? dot : end) - at)};
        if (key.len == 0)
            return refuse(parser, tag, "the name '%.*s' has an empty step", slice_shown_len(name),
                          name.bytes);
        status = add_step(parser->template, key);
        at += key.len + 1;
    }
    return status;
}

static enum status take_section(struct parser *parser, const struct tag *tag)
{
    if (parser->sections_len == TEMPLATE_SECTIONS_MAX)
        return refuse(parser, tag, "at most %d sections may be open", TEMPLATE_SECTIONS_MAX);
    parser->sections[parser->sections_len++] = parser->template->ops_len;
    return take_dotted_name(parser, tag);
}

static enum status take_close(struct parser *parser, const struct tag *tag)
{
    const struct template *template = parser->template;
    struct slice name = tag->name;
    if (parser->sections_len == 0)
        return refuse(parser, tag, "'%.*s' is closed, and no section is open",
                      slice_shown_len(name), name.bytes);
    struct op *section = &template->ops[parser->sections[--parser->sections_len]];
    assert(section->kind == OP_SECTION || section->kind == OP_INVERTED);
    struct slice open = section->text;
    if (!slice_equals(name, open.bytes, open.len))
        return refuse(parser, tag, "'%.*s' is closed, but open is '%.*s' of line %zu",
                      slice_shown_len(name), name.bytes, slice_shown_len(open), open.bytes,
                      template_line(&template->source, open.bytes));
    section->last = template->ops_len;
    return take_name(parser, tag);
}

/* A comment or new delimiters need no op. */
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
    assert(parser->sections_len <= TEMPLATE_SECTIONS_MAX);
    struct slice open = template->ops[parser->sections[parser->sections_len - 1]].text;
    return template_refuse(&template->source, open.bytes, parser->tags.fault,
                           "the section '%.*s' is not closed", slice_shown_len(open), open.bytes);
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
    assert(!template->ops && !template->steps); /* all zeros */
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
