/* Loads a theme: collects the built-in files and the folder's, which replace built-in ones of the
 * same name; compiles the templates; makes a representation of each asset, in all encodings.
 */
#include "render/theme.h"

#include "base/crypto.h"
#include "base/file.h"
#include "base/json.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    PATH_BYTES = 512,
    ADDRESS_BYTES_MAX = 512,
};

struct theme_file {
    char *name; /* "templates/front.html" or "assets/style.css" */
    struct buf bytes;
};

struct asset {
    char *name; /* without its folder */
    char hash[THEME_HASH_BYTES];
    struct representation *representation;
};

struct theme {
    atomic_int references;
    struct templates *templates;
    struct asset assets[THEME_FILES_MAX];
    size_t assets_len;
    json_t *context;
};

/* The files of a theme while it is loaded. No two have the same name. */
struct file_set {
    struct theme_file files[THEME_FILES_MAX];
    size_t len;
    const char *path;      /* of the theme's folder; "" for none */
    const char *subfolder; /* "templates/" or "assets/", whichever is being read */
    struct fault *fault;
};

static const char templates_folder[] = "templates/", assets_folder[] = "assets/";

/* The name of a file without its folder; NULL when it is in another one. */
static const char *name_in(const struct theme_file *file, const char *folder)
{
    size_t len = strlen(folder);
    return strncmp(file->name, folder, len) == 0 ? file->name + len : NULL;
}

/* The file of a name, which is added, empty, when there was none. NULL without memory, or when the
 * set is full. */
static struct theme_file *file_named(struct file_set *set, const char *name)
{
    for (size_t i = 0; i < set->len; i++) {
        if (strcmp(set->files[i].name, name) == 0)
            return &set->files[i];
    }
    assert(set->len <= THEME_FILES_MAX);
    char *copy = set->len < THEME_FILES_MAX ? strdup(name) : NULL;
    if (!copy)
        return NULL;
    struct theme_file *file = &set->files[set->len++];
    file->name = copy;
    buf_init(&file->bytes, THEME_FILE_BYTES);
    return file;
}

static enum status add_built_in(struct file_set *set)
{
    for (const struct embedded *embedded = embedded_theme; embedded->name; embedded++) {
        struct theme_file *file = file_named(set, embedded->name);
        if (!file)
            return STATUS_NO_MEMORY;
        buf_add(&file->bytes, embedded->begin, (size_t)(embedded->end - embedded->begin));
    }
    return STATUS_OK;
}

static enum status add_file(void *context, const struct file_entry *entry)
{
    /* These need no encoding in a URL. */
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    struct file_set *set = context;
    struct fault fault;
    char name[PATH_BYTES];
    snprintf(name, sizeof name, "%s%s", set->subfolder, entry->name);
    if (entry->name[strspn(entry->name, plain)] != '\0')
        return fault_set(set->fault, STATUS_INVALID, name,
                         "must be named with letters a to z, digits, '.', '-' and '_'");
    struct theme_file *file = file_named(set, name);
    if (!file)
        return fault_set(set->fault, STATUS_FULL, name, "is one file too many: at most %d",
                         THEME_FILES_MAX);
    buf_clear(&file->bytes);
    if (file_load_below(set->path, name, &file->bytes, &fault) == STATUS_OK)
        return STATUS_OK;
    /* STATUS_ABSENT would say that the folder is missing. */
    return fault_set(set->fault, STATUS_FAILED, name, "%s", fault.text);
}

static enum status add_folder(struct file_set *set)
{
    static const char *const folders[] = {templates_folder, assets_folder};
    bool found = false;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        set->subfolder = folders[i];
        enum status status = folder_each_below(set->path, folders[i], add_file, set);
        if (status == STATUS_UNUSABLE)
            return fault_set(set->fault, STATUS_UNUSABLE, folders[i],
                             "is a link that leads out of the folder");
        if (status != STATUS_OK && status != STATUS_ABSENT)
            return status;
        found |= status == STATUS_OK;
    }
    if (found)
        return STATUS_OK;
    return fault_set(set->fault, STATUS_ABSENT, set->path,
                     "has neither a folder templates nor a folder assets");
}

/* Compiles the templates and checks that those in `needed` are among them. */
static enum status compile(struct theme *theme, const struct file_set *set,
                           const char *const *needed)
{
    struct template_source sources[THEME_FILES_MAX];
    size_t len = 0;
    for (size_t i = 0; i < set->len; i++) {
        const struct theme_file *file = &set->files[i];
        const char *name = name_in(file, templates_folder);
        if (name)
            sources[len++] =
                (struct template_source){name, buf_string(&file->bytes), file->bytes.len};
    }
    enum status status = templates_compile(sources, len, &theme->templates, set->fault);
    if (status == STATUS_OK)
        status = templates_check(theme->templates, set->fault);
    for (; status == STATUS_OK && *needed; needed++) {
        if (!templates_find(theme->templates, *needed))
            status =
                fault_set(set->fault, STATUS_ABSENT, *needed, "is missing among the templates");
    }
    return status;
}

/* Adds the address of an asset where a template finds it: assets.style.css for "style.css", an
 * object for each part before a dot. STATUS_INVALID when another asset's name is the beginning of
 * this one, or the other way round. */
static enum status add_address(json_t *assets, const struct asset *asset)
{
    char address[ADDRESS_BYTES_MAX], step[PATH_BYTES];
    const char *at = asset->name;
    for (const char *dot; (dot = strchr(at, '.')); at = dot + 1) {
        snprintf(step, sizeof step, "%.*s", (int)(dot - at), at);
        json_t *group = json_object_get(assets, step);
        if (!group) {
            group = json_object();
            if (json_put(assets, step, group) != STATUS_OK)
                return STATUS_NO_MEMORY;
        }
        assets = group;
    }
    if (!json_is_object(assets) || json_object_get(assets, at))
        return STATUS_INVALID;
    snprintf(address, sizeof address, "/assets/%s/%s", asset->hash, asset->name);
    return json_put(assets, at, json_string_nocheck(address));
}

/* Adds an asset of a name; the bytes of its file move into it. */
static enum status add_asset(struct theme *theme, struct theme_file *file, const char *name,
                             json_t *assets, struct fault *fault)
{
    enum media media;
    char hash[HASH_TEXT_BYTES];
    assert(theme->assets_len < THEME_FILES_MAX); /* there are as many files at most */
    struct asset *asset = &theme->assets[theme->assets_len];
    if (!media_of_asset(name, &media))
        return fault_set(fault, STATUS_INVALID, file->name,
                         "must end in .css, .js, .svg, .ico, .png, .jpg, .webp, .woff2 or .txt");
    hash_text(buf_string(&file->bytes), file->bytes.len, hash);
    snprintf(asset->hash, sizeof asset->hash, "%.*s", THEME_HASH_BYTES - 1, hash);
    asset->name = strdup(name);
    if (!asset->name ||
        representation_make(media, 0, &file->bytes, &asset->representation) != STATUS_OK) {
        free(asset->name);
        return STATUS_NO_MEMORY;
    }
    assert(strlen(asset->hash) == THEME_HASH_BYTES - 1);
    theme->assets_len++;
    representation_encode(asset->representation);
    enum status status = add_address(assets, asset);
    if (status == STATUS_INVALID)
        fault_fill(fault, file->name, "begins like another asset; give it a name of its own");
    return status;
}

static enum status load(struct file_set *set, const char *const *needed, struct theme *theme)
{
    enum status status = add_built_in(set);
    if (status == STATUS_OK && set->path[0])
        status = add_folder(set);
    if (status == STATUS_OK)
        status = compile(theme, set, needed);
    json_t *assets = json_object();
    theme->context = json_pack("{s:o}", "assets", assets);
    if (status == STATUS_OK && !theme->context)
        status = STATUS_NO_MEMORY;
    for (size_t i = 0; i < set->len && status == STATUS_OK; i++) {
        const char *name = name_in(&set->files[i], assets_folder);
        if (name)
            status = add_asset(theme, &set->files[i], name, assets, set->fault);
    }
    return status;
}

enum status theme_load(const char *path, const char *const *needed, struct theme **theme,
                       struct fault *fault)
{
    fault_fill(fault, "theme", "there is no memory for it");
    struct theme *made = calloc(1, sizeof *made);
    struct file_set *set = calloc(1, sizeof *set);
    enum status status = STATUS_NO_MEMORY;
    if (made && set) {
        atomic_init(&made->references, 1);
        set->path = path;
        set->fault = fault;
        status = load(set, needed, made);
    }
    for (size_t i = 0; set && i < set->len; i++) {
        free(set->files[i].name);
        buf_release(&set->files[i].bytes);
    }
    free(set);
    if (status != STATUS_OK) {
        theme_unref(made);
        return status;
    }
    *theme = made;
    return STATUS_OK;
}

struct theme *theme_ref(struct theme *theme)
{
    int before = atomic_fetch_add_explicit(&theme->references, 1, memory_order_relaxed);
    assert(before >= 1); /* the caller has, or borrows, a reference */
    return theme;
}

void theme_unref(struct theme *theme)
{
    if (!theme)
        return;
    int before = atomic_fetch_sub_explicit(&theme->references, 1, memory_order_acq_rel);
    assert(before >= 1);
    if (before > 1)
        return;
    for (size_t i = 0; i < theme->assets_len; i++) {
        free(theme->assets[i].name);
        representation_unref(theme->assets[i].representation);
    }
    json_decref(theme->context);
    templates_free(theme->templates);
    free(theme);
}

const struct template *theme_template(const struct theme *theme, const char *name)
{
    /* cppcheck-suppress CastIntegerToAddressAtReturn ; it takes the type's name for C++ */
    return templates_find(theme->templates, name);
}

const json_t *theme_context(const struct theme *theme)
{
    return theme->context;
}

struct representation *theme_asset(const struct theme *theme, const char *name,
                                   char hash[THEME_HASH_BYTES])
{
    for (size_t i = 0; i < theme->assets_len; i++) {
        const struct asset *asset = &theme->assets[i];
        if (strcmp(asset->name, name) == 0) {
            memcpy(hash, asset->hash, THEME_HASH_BYTES);
            return representation_ref(asset->representation);
        }
    }
    return NULL;
}
