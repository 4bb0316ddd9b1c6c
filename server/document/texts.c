#include "document/texts.h"

#include "base/json.h"
#include "document/fields.h"

enum status texts_document(const struct context *context, json_t **document)
{
    json_t *texts = json_object();
    enum status status = texts ? STATUS_OK : STATUS_NO_MEMORY;
    for (int label = 0; label < LABEL__MAX && status == STATUS_OK; label++)
        status = json_put(texts, label_name((enum label)label),
                          json_string_nocheck(words_label(context->words, (enum label)label)));
    if (status != STATUS_OK) {
        json_decref(texts);
        return status;
    }
    *document = texts;
    return STATUS_OK;
}
