/* Renders compiled templates: walks the ops of a template, keeps a stack of contexts for sections,
 * and writes into a buffer, whose failure ends the rendering. Depth and number of steps are
 * bounded, so that no template and no data can take a thread for long.
 */
#include "render/template.h"

#include "render/escape.h"
#include "render/template_parse.h"
#include "render/template_tag.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* The caller's contexts, and one of each open section; the one that is too deep is pushed, too.
     */
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

static void render_value(struct rendering *rendering, const struct op *op)
{
    escape_value(value_of(rendering, op), rendering->template->escaping, rendering->to);
}

static void render_raw(struct rendering *rendering, const struct op *op)
{
    escape_value(value_of(rendering, op), ESCAPING_NONE, rendering->to);
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

static void render_inverted(struct rendering *rendering, const struct op *op)
{
    if (!is_true(value_of(rendering, op)))
        render_body(rendering, op);
}

static void render_close(struct rendering *rendering, const struct op *op)
{
    (void)rendering;
    (void)op;
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

static void (*const renderers[OP__MAX])(struct rendering *rendering, const struct op *op) = {
    [OP_TEXT] = render_text,       [OP_VALUE] = render_value,       [OP_RAW] = render_raw,
    [OP_SECTION] = render_section, [OP_INVERTED] = render_inverted, [OP_CLOSE] = render_close,
    [OP_PARTIAL] = render_partial,
};

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
        renderers[ops[at].kind](rendering, &ops[at]);
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
    for (size_t i = 0; i < set->len; i++)
        if (slice_equals(name, set->list[i].source.name, strlen(set->list[i].source.name)))
            return &set->list[i];
    return NULL;
}

const struct template *templates_find(const struct templates *set, const char *name)
{
    return find(set, (struct slice){name, strlen(name)});
}

/* To be called when all templates are compiled: a partial may name any of them. */
static void resolve_partials(struct templates *set)
{
    for (size_t i = 0; i < set->len; i++)
        for (size_t at = 0; at < set->list[i].ops_len; at++) {
            struct op *op = &set->list[i].ops[at];
            assert(op->last >= at && op->last < set->list[i].ops_len);
            if (op->kind == OP_PARTIAL)
                op->partial = find(set, op->text);
        }
}

static enum status add_template(struct templates *set, const struct template_source *source,
                                struct fault *fault)
{
    if (templates_find(set, source->name))
        return fault_set(fault, STATUS_INVALID, source->name,
                         "there are two templates of the name");
    struct template *template = &set->list[set->len++];
    return template_parse(source, template, fault);
}

enum status templates_compile(const struct template_source *sources, size_t len,
                              struct templates **set, struct fault *fault)
{
    if (len > TEMPLATES_MAX)
        return fault_set(fault, STATUS_INVALID, "",
                         "a set has at most %d templates, and this one has %zu", TEMPLATES_MAX,
                         len);
    struct templates *made = calloc(1, sizeof *made + len * sizeof made->list[0]);
    if (!made)
        return STATUS_NO_MEMORY;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < len && status == STATUS_OK; i++)
        status = add_template(made, &sources[i], fault);
    if (status != STATUS_OK) {
        templates_free(made);
        return status;
    }
    resolve_partials(made);
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

static enum status check_partial(const struct templates *set, const struct template *template,
                                 const struct op *op, struct fault *fault)
{
    bool seen[TEMPLATES_MAX] = {false};
    if (!op->partial)
        return template_refuse(&template->source, op->text.bytes, fault,
                               "there is no template '%.*s'", slice_shown_len(op->text),
                               op->text.bytes);
    if (op->partial == template || includes(set, op->partial, template, seen))
        return template_refuse(&template->source, op->text.bytes, fault,
                               "'%.*s' takes this template in again", slice_shown_len(op->text),
                               op->text.bytes);
    return STATUS_OK;
}

enum status templates_check(const struct templates *set, struct fault *fault)
{
    for (size_t i = 0; i < set->len; i++) {
        const struct template *template = &set->list[i];
        for (size_t at = 0; at < template->ops_len; at++) {
            enum status status = STATUS_OK;
            if (template->ops[at].kind == OP_PARTIAL)
                status = check_partial(set, template, &template->ops[at], fault);
            if (status != STATUS_OK)
                return status;
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
