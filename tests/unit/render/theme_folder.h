/* A theme's folder on disk: files and folders are written and removed by their path in it. */
#ifndef KHOBOR_TESTS_THEME_FOLDER_H
#define KHOBOR_TESTS_THEME_FOLDER_H

#include "paper.h"

#include <sys/stat.h>

enum {
    PATH_BYTES = 512,
};

static char folder[64];

static inline void in_folder(const char *name, char path[PATH_BYTES])
{
    assert_true(snprintf(path, PATH_BYTES, "%s/%s", folder, name) < PATH_BYTES);
}

/* Makes a folder of the theme; one that exists already is left as it is. */
static inline void folder_put(const char *name)
{
    char path[PATH_BYTES];
    in_folder(name, path);
    check_true(path, mkdir(path, 0700) == 0 || access(path, F_OK) == 0);
}

/* Writes a file of the theme, such as "templates/front.html", in a folder that exists. */
static inline void put(const char *name, const char *text)
{
    char path[PATH_BYTES];
    in_folder(name, path);
    file_write(path, text, strlen(text));
}

static inline void remove_file(const char *name)
{
    char path[PATH_BYTES];
    in_folder(name, path);
    check_true(path, unlink(path) == 0);
}

/* A folder with the two that a theme has, both empty. */
static inline void folder_open(void)
{
    folder_make(folder);
    folder_put("templates");
    folder_put("assets");
}

/* Removes a folder and everything in it, hidden files and folders included. */
static inline void remove_all(const char *path)
{
    char inner[PATH_BYTES * 2];
    struct dirent *entry;
    DIR *dir = opendir(path);
    assert_non_null(dir);
    while ((entry = readdir(dir))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%.500s/%s", path, entry->d_name);
        if (unlink(inner) != 0)
            remove_all(inner);
    }
    closedir(dir);
    rmdir(path);
}

static inline void folder_close(void)
{
    remove_all(folder);
}

#endif
