/* Renders compiled templates: walks the ops of a template, keeps a stack of contexts for sections,
 * and writes into a buffer, whose failure ends the rendering. Depth and number of steps are
 * bounded, so that no template and no data can take a thread for long.
 */
#include "render/template.h"

#include "render/escape.h"
#include "render/template_parse.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* The caller's, one of each open section, and the one that is found to be too deep. */
    STACK_MAX = TEMPLATE_CONTEXTS_MAX + TEMPLATE_DEPTH_MAX + 1,
};

struct templates {
    size_t len;
    struct template list[];
};

/* The indentation of a standalone partial; each of its lines begins with it. */
struct margin {
    const struct margin *outer; /* of the partial around it; NULL for none */
    struct slice indent;
};

/* The state of rendering one page. */
struct rendering {
    struct buf *to;
    const struct template *template; /* the one whose ops are rendered now */
    const struct margin *margin;     /* NULL for none */
    int depth;
    int steps; /* so far; at most TEMPLATE_STEPS_MAX */
    size_t contexts_len;
    const json_t *contexts[STACK_MAX];
};

static bool is_true(const json_t *value)
{
    if (json_is_string(value))
        return json_string_length(value) > 0;
    if (json_is_array(value))
        return json_array_size(value) > 0;
    return value && !json_is_null(value) && !json_is_false(value);
}

static void count_step(struct rendering *rendering)
{
    if (++rendering->steps > TEMPLATE_STEPS_MAX)
        rendering->to->failed = true;
}

static const json_t *member(const json_t *value, const struct step *step)
{
    if (json_is_array(value))
        return json_array_get(value, step->index);
    return json_object_getn(value, step->key.bytes, step->key.len);
}

/* The value of an op's name: the first step is looked up in all contexts, the innermost first, and
 * each other step in the value of the step before. NULL when there is none. */
static const json_t *value_of(struct rendering *rendering, const struct op *op)
{
    size_t context = rendering->contexts_len;
    if (op->steps_len == 0)
        return context > 0 ? rendering->contexts[context - 1] : NULL;
    const struct step *steps = rendering->template->steps + op->steps;
    assert(op->steps + op->steps_len <= rendering->template->steps_len);
    const json_t *value = NULL;
    for (; context > 0 && !value; context--) {
        count_step(rendering);
        value = member(rendering->contexts[context - 1], &steps[0]);
    }
    for (size_t i = 1; i < op->steps_len && value; i++)
        value = member(value, &steps[i]);
    return value;
}

static void put_margin(struct buf *to, const struct margin *margin)
{
    if (!margin)
        return;
    put_margin(to, margin->outer);
    buf_add(to, margin->indent.bytes, margin->indent.len);
}

static void render_ops(struct rendering *rendering, size_t from, size_t end);

static void render_text(struct rendering *rendering, const struct op *op)
{
    const char *at = op->text.bytes, *end = at + op->text.len, *feed;
    /* The last line feed is the end of the text; the next op begins that line. */
    while (rendering->margin && (feed = memchr(at, '\n', (size_t)(end - at - 1)))) {
        buf_add(rendering->to, at, (size_t)(feed + 1 - at));
        put_margin(rendering->to, rendering->margin);
        at = feed + 1;
    }
    buf_add(rendering->to, at, (size_t)(end - at));
}

static void render_body(struct rendering *rendering, const struct op *op)
{
    size_t at = (size_t)(op - rendering->template->ops);
    assert(op->last > at && op->last < rendering->template->ops_len);
    render_ops(rendering, at + 1, op->last + 1);
}

static void render_in(struct rendering *rendering, const struct op *op, const json_t *context)
{
    assert(rendering->contexts_len < STACK_MAX);
    rendering->contexts[rendering->contexts_len++] = context;
    render_body(rendering, op);
    rendering->contexts_len--;
}

static void render_section(struct rendering *rendering, const struct op *op)
{
    const json_t *value = value_of(rendering, op);
    if (!json_is_array(value)) {
        if (is_true(value))
            render_in(rendering, op, value);
        return;
    }
    for (size_t i = 0; i < json_array_size(value) && !rendering->to->failed; i++)
        render_in(rendering, op, json_array_get(value, i));
}

/* The lines of a standalone partial are indented like its tag; those of any other are not. */
static void render_partial(struct rendering *rendering, const struct op *op)
{
    if (!op->partial)
        return;
    const struct template *template = rendering->template;
    const struct margin *margin = rendering->margin;
    const struct margin inner = {margin, op->indent};
    rendering->template = op->partial;
    if (!op->standalone)
        rendering->margin = NULL;
    else if (op->indent.len > 0)
        rendering->margin = &inner;
    render_ops(rendering, 0, op->partial->ops_len);
    rendering->template = template;
    rendering->margin = margin;
}

static void render_op(struct rendering *rendering, const struct op *op)
{
    switch (op->kind) {
    case OP_TEXT:
        render_text(rendering, op);
        return;
    case OP_VALUE:
        escape_value(value_of(rendering, op), rendering->template->escaping, rendering->to);
        return;
    case OP_RAW:
        escape_value(value_of(rendering, op), ESCAPING_NONE, rendering->to);
        return;
    case OP_SECTION:
        render_section(rendering, op);
        return;
    case OP_INVERTED:
        if (!is_true(value_of(rendering, op)))
            render_body(rendering, op);
        return;
    case OP_PARTIAL:
        render_partial(rendering, op);
        return;
    case OP_CLOSE:
        return;
    }
}

static void render_ops(struct rendering *rendering, size_t from, size_t end)
{
    if (rendering->depth > TEMPLATE_DEPTH_MAX) {
        rendering->to->failed = true;
        return;
    }
    assert(end <= rendering->template->ops_len);
    rendering->depth++;
    count_step(rendering);
    const struct op *ops = rendering->template->ops;
    for (size_t at = from; at < end && !rendering->to->failed; at = ops[at].last + 1) {
        count_step(rendering);
        if (ops[at].begins_line)
            put_margin(rendering->to, rendering->margin);
        render_op(rendering, &ops[at]);
    }
    rendering->depth--;
}

void template_render(const struct template *template, const json_t *const *contexts, size_t len,
                     struct buf *to)
{
    assert(len <= TEMPLATE_CONTEXTS_MAX);
    struct rendering rendering = {.to = to, .template = template, .contexts_len = len};
    for (size_t i = 0; i < len; i++)
        rendering.contexts[i] = contexts[i];
    render_ops(&rendering, 0, template->ops_len);
    assert(rendering.depth == 0 && rendering.contexts_len == len);
}

static const struct template *find(const struct templates *set, struct slice name)
{
    for (size_t i = 0; i < set->len; i++) {
        const char *other = set->list[i].source.name;
        if (slice_equals(name, (struct slice){other, strlen(other)}))
            return &set->list[i];
    }
    return NULL;
}

const struct template *templates_find(const struct templates *set, const char *name)
{
    return find(set, (struct slice){name, strlen(name)});
}

enum status templates_compile(const struct template_source *sources, size_t len,
                              struct templates **set, struct fault *fault)
{
    if (len > TEMPLATES_MAX)
        return fault_set(fault, STATUS_INVALID, "",
                         "a set has at most %d templates, and this one has %zu", TEMPLATES_MAX,
                         len);
    struct templates *made = calloc(1, sizeof *made + len * sizeof made->list[0]);
    enum status status = made ? STATUS_OK : STATUS_NO_MEMORY;
    for (size_t i = 0; i < len && status == STATUS_OK; i++) {
        if (templates_find(made, sources[i].name))
            status = fault_set(fault, STATUS_INVALID, sources[i].name,
                               "there are two templates of the name");
        else
            status = template_parse(&sources[i], &made->list[made->len++], fault);
    }
    if (status != STATUS_OK) {
        templates_free(made);
        return status;
    }
    /* A partial may name any template, so partials are resolved when all are compiled. */
    for (size_t i = 0; i < len; i++) {
        for (size_t at = 0; at < made->list[i].ops_len; at++) {
            struct op *op = &made->list[i].ops[at];
            assert(op->last >= at && op->last < made->list[i].ops_len);
            if (op->kind == OP_PARTIAL)
                op->partial = find(made, op->text);
        }
    }
    *set = made;
    return STATUS_OK;
}

/* Whether `from` includes `sought`, directly or through others; `seen` has the templates that were
 * searched before. */
static bool includes(const struct templates *set, const struct template *from,
                     const struct template *sought, bool seen[TEMPLATES_MAX])
{
    assert(from >= set->list && from < set->list + set->len);
    if (seen[from - set->list])
        return false;
    seen[from - set->list] = true;
    for (size_t at = 0; at < from->ops_len; at++) {
        const struct op *op = &from->ops[at];
        if (op->kind == OP_PARTIAL && op->partial &&
            (op->partial == sought || includes(set, op->partial, sought, seen)))
            return true;
    }
    return false;
}

enum status templates_check(const struct templates *set, struct fault *fault)
{
    for (size_t i = 0; i < set->len; i++) {
        const struct template *template = &set->list[i];
        for (size_t at = 0; at < template->ops_len; at++) {
            const struct op *op = &template->ops[at];
            bool seen[TEMPLATES_MAX] = {false};
            if (op->kind != OP_PARTIAL)
                continue;
            if (!op->partial)
                return template_refuse(&template->source, op->text.bytes, fault,
                                       "there is no template '%.*s'", SLICE_SHOWN(op->text));
            if (op->partial == template || includes(set, op->partial, template, seen))
                return template_refuse(&template->source, op->text.bytes, fault,
                                       "'%.*s' takes this template in again",
                                       SLICE_SHOWN(op->text));
        }
    }
    return STATUS_OK;
}

void templates_free(struct templates *set)
{
    for (size_t i = 0; set && i < set->len; i++)
        template_release(&set->list[i]);
    free(set);
}
