/* Compiles a template to a flat list of ops. A section's op has the index of its end, so that a
 * false section is skipped with one step. Names are split at their dots into steps, in one array of
 * the template. Both arrays grow by doubling.
 *
 * A tag is found by its opening delimiter. The sign after that has a row in a table, which says how
 * the tag ends and what it does. No text is copied: names and literal texts are slices.
 */
#include "render/template_parse.h"

#include "base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    INDEX_DIGITS_MAX = 9,
    FIRST_LEN = 32,
    NAME_SHOWN_MAX_BYTES = 60,
    REASON_MAX_BYTES = 300,
};

/* The state of compiling one template. */
struct parser {
    struct template *template;
    struct fault *fault;
    const char *at, *end;                   /* the text that has not been read */
    struct slice open, close;               /* the delimiters in force */
    bool begins_line;                       /* the current line has no op yet */
    size_t sections[TEMPLATE_SECTIONS_MAX]; /* the ops of the open ones */
    size_t sections_len;
};

struct tag {
    const struct sigil *sigil;
    const char *begin, *end; /* with its delimiters, and the line end after a standalone tag */
    struct slice name;
    bool standalone;     /* alone on its line, which is then not part of any text */
    struct slice indent; /* in front of a standalone tag */
};

/* A sign after an opening delimiter, and the tag that it means. */
struct sigil {
    char sign;
    char closer; /* must precede the closing delimiter; NUL for nothing */
    bool can_be_standalone;
    enum op_kind kind; /* OP_TEXT for a tag without op and name */
    enum status (*take)(struct parser *parser, const struct tag *tag); /* NULL: nothing to do */
    const char *refusal; /* NULL for a tag that is supported */
};

/* Fills the fault for a tag, and is STATUS_INVALID. */
#define refuse(parser, tag, ...) \
    template_refuse(&(parser)->template->source, (tag)->begin, (parser)->fault, __VA_ARGS__)

static bool is_blank(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static const char *skip_word(const char *at, const char *end)
{
    while (at < end && !is_blank(*at))
        at++;
    return at;
}

static struct slice slice_between(const char *begin, const char *end)
{
    assert(begin <= end);
    return (struct slice){begin, (size_t)(end - begin)};
}

/* The text between two places, without the blanks around it. */
static struct slice trimmed(const char *begin, const char *end)
{
    while (begin < end && is_blank(*begin))
        begin++;
    while (end > begin && is_blank(end[-1]))
        end--;
    return slice_between(begin, end);
}

static const char *find(const char *at, const char *end, struct slice what)
{
    return memmem(at, (size_t)(end - at), what.bytes, what.len);
}

bool slice_equals(struct slice slice, struct slice other)
{
    return slice.len == other.len && memcmp(slice.bytes, other.bytes, other.len) == 0;
}

int slice_shown_len(struct slice slice)
{
    return (int)utf8_cut(slice.bytes, slice.len, NAME_SHOWN_MAX_BYTES);
}

/* The number of the line that contains `where`, from 1. */
static size_t line_number(const struct template_source *source, const char *where)
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
    fault_fill(fault, source->name, "line %zu: %s", line_number(source, where), reason);
}

/* Returns the array with room for one more element; NULL, and the array unchanged, without memory.
 */
static void *grow(void *array, size_t len, size_t *max, size_t size)
{
    assert(len <= *max);
    if (len < *max)
        return array;
    size_t more = *max ? *max * 2 : FIRST_LEN;
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
    return add_op(parser, (struct op){.kind = tag->sigil->kind,
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

/* Adds an op, and a step for each part of its name. */
static enum status take_dotted_name(struct parser *parser, const struct tag *tag)
{
    struct template *template = parser->template;
    enum status status = take_name(parser, tag);
    if (status != STATUS_OK || slice_equals(tag->name, (struct slice){".", 1}))
        return status;
    const char *at = tag->name.bytes, *end = at + tag->name.len;
    while (at <= end) {
        const char *dot = memchr(at, '.', (size_t)(end - at));
        struct slice key = slice_between(at, dot ? dot : end);
        if (key.len == 0)
            return refuse(parser, tag, "the name '%.*s' has an empty step", SLICE_SHOWN(tag->name));
        struct step *steps =
            grow(template->steps, template->steps_len, &template->steps_max, sizeof *steps);
        if (!steps)
            return STATUS_NO_MEMORY;
        template->steps = steps;
        steps[template->steps_len++] = (struct step){key, index_of(key)};
        template->ops[template->ops_len - 1].steps_len++;
        at += key.len + 1;
    }
    return STATUS_OK;
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
    if (parser->sections_len == 0)
        return refuse(parser, tag, "'%.*s' is closed, and no section is open",
                      SLICE_SHOWN(tag->name));
    struct op *section = &template->ops[parser->sections[--parser->sections_len]];
    assert(section->kind == OP_SECTION || section->kind == OP_INVERTED);
    if (!slice_equals(tag->name, section->text))
        return refuse(parser, tag, "'%.*s' is closed, but open is '%.*s' of line %zu",
                      SLICE_SHOWN(tag->name), SLICE_SHOWN(section->text),
                      line_number(&template->source, section->text.bytes));
    section->last = template->ops_len;
    return take_name(parser, tag);
}

static enum status take_delimiters(struct parser *parser, const struct tag *tag)
{
    struct slice both = tag->name;
    const char *end = both.bytes + both.len, *open_end = skip_word(both.bytes, end);
    struct slice close = trimmed(open_end, end);
    bool are_two = close.len > 0 && skip_word(close.bytes, end) == end;
    if (!are_two || memchr(both.bytes, '=', both.len))
        return refuse(
            parser, tag,
            "new delimiters are two words without '=', as in {{=<%% %%>=}}; '%.*s' is not",
            SLICE_SHOWN(both));
    assert(open_end > both.bytes);
    parser->open = slice_between(both.bytes, open_end);
    parser->close = close;
    return STATUS_OK;
}

static const struct sigil sigils[] = {
    {'#', '\0', true, OP_SECTION, take_section, NULL},
    {'^', '\0', true, OP_INVERTED, take_section, NULL},
    {'/', '\0', true, OP_CLOSE, take_close, NULL},
    {'>', '\0', true, OP_PARTIAL, take_name, NULL},
    {'!', '\0', true, OP_TEXT, NULL, NULL},
    {'=', '=', true, OP_TEXT, take_delimiters, NULL},
    {'&', '\0', false, OP_RAW, take_dotted_name, NULL},
    {'{', '}', false, OP_RAW, take_dotted_name, NULL},
    {'<', '\0', false, OP_TEXT, NULL, "inheritance, '<', is not supported"},
    {'$', '\0', false, OP_TEXT, NULL, "a block to inherit, '$', is not supported"},
    {'\0', '\0', false, OP_VALUE, take_dotted_name, NULL}, /* no sign; the last row */
};

static enum status refuse_open(const struct parser *parser, const struct tag *tag)
{
    return refuse(parser, tag, "a tag is not closed; it must end with '%.*s%.*s'",
                  tag->sigil->closer != '\0', &tag->sigil->closer, SLICE_SHOWN(parser->close));
}

/* Refuses what is no name. With a delimiter in it, it belongs to a tag that is not closed, and ends
 * with the next tag. */
static enum status check_name(const struct parser *parser, const struct tag *tag)
{
    struct slice name = tag->name;
    const char *end = name.bytes + name.len;
    if (name.len == 0)
        return refuse(parser, tag, "a tag has no name in it");
    if (tag->sigil->kind == OP_PARTIAL && *name.bytes == '*')
        return refuse(parser, tag, "a dynamic name, '%.*s', is not supported", SLICE_SHOWN(name));
    if (find(name.bytes, end, parser->open) || find(name.bytes, end, parser->close))
        return refuse_open(parser, tag);
    if (skip_word(name.bytes, end) < end)
        return refuse(parser, tag, "the name '%.*s' has a blank in it", SLICE_SHOWN(name));
    return STATUS_OK;
}

/* Makes a tag standalone if there is nothing else but spaces and tabs in its line, or lines: these
 * are then no text. They don't belong to another tag, because no delimiter ends in a blank. */
static void widen_to_lines(const struct parser *parser, struct tag *tag)
{
    const char *text = parser->template->source.text, *begin = tag->begin, *end = tag->end;
    while (begin > text && (begin[-1] == ' ' || begin[-1] == '\t'))
        begin--;
    while (end < parser->end && (*end == ' ' || *end == '\t'))
        end++;
    if (parser->end - end >= 2 && memcmp(end, "\r\n", 2) == 0)
        end++;
    bool begins_line = begin == text || begin[-1] == '\n';
    if (!begins_line || (end < parser->end && *end != '\n'))
        return;
    tag->standalone = true;
    tag->indent = slice_between(begin, tag->begin);
    tag->end = end < parser->end ? end + 1 : end;
}

/* Reads the tag that begins at tag->begin. */
static enum status read_tag(const struct parser *parser, struct tag *tag)
{
    const char *at = tag->begin + parser->open.len;
    while (at < parser->end && is_blank(*at))
        at++;
    const struct sigil *sigil = sigils;
    while (sigil->sign && (at == parser->end || sigil->sign != *at))
        sigil++;
    tag->sigil = sigil;
    if (sigil->refusal)
        return refuse(parser, tag, "%s", sigil->refusal);
    at += sigil->sign != '\0';
    /* In "{{{a}}}" the delimiter is found twice; the second one follows the closer. */
    const char *close = find(at, parser->end, parser->close);
    while (close && sigil->closer && (close == at || close[-1] != sigil->closer))
        close = find(close + 1, parser->end, parser->close);
    if (!close)
        return refuse_open(parser, tag);
    tag->name = trimmed(at, close - (sigil->closer != '\0'));
    tag->end = close + parser->close.len;
    if (sigil->can_be_standalone)
        widen_to_lines(parser, tag);
    return sigil->kind == OP_TEXT ? STATUS_OK : check_name(parser, tag);
}

static enum status parse(struct parser *parser)
{
    struct tag tag = {.sigil = NULL};
    while ((tag.begin = find(parser->at, parser->end, parser->open))) {
        tag.standalone = false;
        tag.indent = slice_between(tag.begin, tag.begin);
        enum status status = read_tag(parser, &tag);
        if (status == STATUS_OK)
            status = add_text(parser, slice_between(parser->at, tag.begin - tag.indent.len));
        if (status == STATUS_OK && tag.sigil->take)
            status = tag.sigil->take(parser, &tag);
        if (status != STATUS_OK)
            return status;
        assert(tag.end > parser->at && tag.end <= parser->end); /* each round moves on */
        parser->at = tag.end;
    }
    enum status status = add_text(parser, slice_between(parser->at, parser->end));
    if (status != STATUS_OK || parser->sections_len == 0)
        return status;
    const struct template *template = parser->template;
    struct slice open = template->ops[parser->sections[parser->sections_len - 1]].text;
    return template_refuse(&template->source, open.bytes, parser->fault,
                           "the section '%.*s' is not closed", SLICE_SHOWN(open));
}

enum status template_parse(const struct template_source *source, struct template *template,
                           struct fault *fault)
{
    assert(!template->ops && !template->steps); /* all zeros */
    if (source->len > TEMPLATE_MAX_BYTES)
        return fault_set(fault, STATUS_INVALID, source->name,
                         "a template has at most %d bytes, and this one has %zu",
                         TEMPLATE_MAX_BYTES, source->len);
    char *text = malloc(source->len + 1);
    template->source = (struct template_source){strdup(source->name), text, source->len};
    if (!template->source.name || !text)
        return STATUS_NO_MEMORY;
    if (source->len > 0)
        memcpy(text, source->text, source->len);
    text[source->len] = '\0';
    template->escaping = escaping_of(source->name);
    struct parser parser = {.template = template,
                            .fault = fault,
                            .at = text,
                            .end = text + source->len,
                            .open = {"{{", 2},
                            .close = {"}}", 2},
                            .begins_line = true};
    return parse(&parser);
}

void template_release(struct template *template)
{
    free((char *)template->source.name);
    free((char *)template->source.text);
    free(template->ops);
    free(template->steps);
}
