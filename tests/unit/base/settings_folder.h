/* A folder with one settings file, which tests write and read. */
#ifndef KHOBOR_TESTS_SETTINGS_FOLDER_H
#define KHOBOR_TESTS_SETTINGS_FOLDER_H

#include "base/config.h"
#include "paper.h"

static char folder[64], path[128];

static inline int open_folder(void **state)
{
    (void)state;
    folder_make(folder);
    snprintf(path, sizeof path, "%s/khobor.ini", folder);
    return 0;
}

static inline int remove_folder(void **state)
{
    (void)state;
    folder_remove(folder);
    return 0;
}

static inline enum status read_text(struct config *config, const char *text, struct fault *fault)
{
    file_write(path, text, strlen(text));
    *fault = (struct fault){.field = ""};
    return config_read_file(config, path, fault);
}

#endif
