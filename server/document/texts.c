#include "document/texts.h"

#include "document/row.h"

enum status texts_document(const struct reading *reading, json_t **document)
{
    json_t *texts = json_object();
    enum status status = texts ? STATUS_OK : STATUS_NO_MEMORY;
    for (int label = 0; label < LABEL__MAX && status == STATUS_OK; label++)
        status = json_put(texts, label_name((enum label)label),
                          json_string_nocheck(words_label(reading->words, (enum label)label)));
    if (status != STATUS_OK) {
        json_decref(texts);
        return status;
    }
    *document = texts;
    return STATUS_OK;
}
