#include "http/serve/represent.h"

#include "base/json.h"
#include "base/log.h"
#include "page/page_frame.h"

enum {
    BODY_BYTES_MAX = 64 * 1024 * 1024
};

static enum status fill_template(const struct context *context, const struct theme *theme,
                                 const char *name, const struct presented *shown, struct buf *body)
{
    json_t *frame;
    enum status status = page_frame(context, shown->path, shown->paged, shown->document, &frame);
    if (status != STATUS_OK)
        return status;
    const json_t *contexts[] = {theme_context(theme), frame, shown->document};
    template_render(theme_template(theme, name), contexts, sizeof contexts / sizeof contexts[0],
                    body);
    json_decref(frame);
    status = buf_status(body);
    if (status != STATUS_OK)
        log_write(LOG_ERROR, "the template %s goes too deep, or its page is too large", name);
    return status;
}

enum status represent_document(const struct context *context, const struct theme *theme,
                               const struct presentation *show, const struct presented *shown,
                               struct representation **representation)
{
    struct buf body;
    enum status status = STATUS_OK;
    buf_init(&body, BODY_BYTES_MAX);
    if (show->template)
        status = fill_template(context, theme, show->template, shown, &body);
    else
        json_render(shown->document, &body);
    if (status == STATUS_OK)
        return representation_make(show->media, shown->revision, &body, representation);
    buf_release(&body);
    return status;
}
