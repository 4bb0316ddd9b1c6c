#include "http/represent.h"

#include "base/log.h"
#include "document/page.h"
#include "render/json.h"

enum {
    BODY_BYTES_MAX = 64 * 1024 * 1024
};

static enum status fill_template(const struct reading *reading, const struct theme *theme,
                                 const char *name, const struct shown *shown, struct buf *body)
{
    json_t *frame;
    enum status status = page_frame(reading, shown->path, shown->paged, shown->document, &frame);
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

enum status represent(const struct reading *reading, const struct theme *theme,
                      const struct show *show, const struct shown *shown, struct rep **rep)
{
    struct buf body;
    enum status status = STATUS_OK;
    buf_init(&body, BODY_BYTES_MAX);
    if (show->template)
        status = fill_template(reading, theme, show->template, shown, &body);
    else
        json_render(shown->document, &body);
    if (status == STATUS_OK)
        return rep_make(show->media, shown->revision, &body, rep);
    buf_release(&body);
    return status;
}
