#include "bilateral/ingest/dataset.h"

#include <string.h>

#include "bilateral/base/text.h"
#include "bilateral/ingest/feed.h"
#include "bilateral/json/read.h"
#include "bilateral/resource/field.h"

static void add_fault(struct error *error, size_t line, const char *pointer, const char *detail)
{
    struct fault *fault = error_add(error, ERROR_INVALID, FAULT_POINTER, pointer, "%s", detail);
    if (fault)
        fault->line = line;
}

/* Two would take turns in naming the one data set that the store knows by this id. */
static void check_id(const struct buffer *text, const char *id, const struct dataset *others,
                     size_t count, struct error *error)
{
    for (size_t i = 0; i < count && id; i++) {
        const char *at = json_scan_pointer(text->data, text->size, "/id");
        if (others[i].id && strcmp(others[i].id, id) == 0)
            add_fault(error, json_scan_line(text->data, at), "/id",
                      "Another folder is the data set of this id; give this one another.");
    }
}

static const char *unknown_member(struct arena *arena, const char *name)
{
    static const char *const NAMES[] = {"id",      "name",        "description",
                                        "license", "license_url", "attribution"};
    const char *nearest = text_nearest(name, NAMES, sizeof NAMES / sizeof NAMES[0]);
    return nearest ? arena_printf(arena, "Unknown member; did you mean \"%s\"?", nearest)
                   : "Unknown member; leave it out.";
}

/* The members: each must be fit, and there are no others. */
static void read_members(const struct buffer *text, json_t *object, struct dataset *dataset,
                         struct error *error)

{
    struct arena *arena = error->faults->arena;
    const struct {
        struct field field;
        const char **value;
    } members[] = {
        {{"id", FIELD_SLUG, .flags = FIELD_REQUIRED}, &dataset->id},
        {{"name", FIELD_LINE, .flags = FIELD_REQUIRED}, &dataset->name},
        {{"description", FIELD_PROSE, .flags = 0}, &dataset->description},
        {{"license", FIELD_LINE, .flags = 0}, &dataset->license},
        {{"license_url", FIELD_URL, .flags = 0}, &dataset->license_url},
        {{"attribution", FIELD_LINE, .flags = 0}, &dataset->attribution},
    };
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const struct field *field = &members[i].field;
        const json_t *value = json_object_get(object, field->name);
        const char *pointer = arena_printf(arena, "/%s", field->name);
        const char *at = json_scan_pointer(text->data, text->size, pointer);
        struct error found = {0};
        bool given = value && !json_is_null(value);
        if (!given && (field->flags & FIELD_REQUIRED))
            error_set(&found, ERROR_INVALID, "Missing; write %s.", field_expectation(field->type));
        else if (given && field_check(field, value, &found))
            *members[i].value = arena_strdup(arena, json_string_value(value));
        if (found.code)
            add_fault(error, json_scan_line(text->data, at), pointer, found.detail);
        json_object_del(object, field->name);
    }
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        const char *pointer = arena_printf(arena, "/%.80s", name);
        const char *at = json_scan_pointer(text->data, text->size, pointer);
        add_fault(error, json_scan_line(text->data, at), pointer, unknown_member(arena, name));
    }
}

void dataset_read(const char *path, const struct dataset *others, size_t count, struct dataset *ret,
                  struct error *error)
{
    struct buffer text = {0};
    struct error found = {0};
    struct json_place place = {.line = 1};
    json_t *object = NULL;
    if (feed_is_pipe(path))
        error_set(&found, ERROR_INVALID, "This is a pipe; put a file here.");
    else if (feed_read_file(path, &text, &place.line, &found))
        object = json_read(text.data, text.size, &place, &found);
    if (json_is_object(object)) {
        read_members(&text, object, ret, error);
        check_id(&text, ret->id, others, count, error);
    } else {
        add_fault(error, place.line, "",
                  object ? "Write one object with id, name and license." : found.detail);
    }
    json_decref(object);
    buffer_finish(&text);
}
