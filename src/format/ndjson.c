/* NDJSON: a record a line, as the store has it. What follows the last line feed is not whole. */
#include "bilateral/format/format.h"

#include "bilateral/resource/members.h"

static bool put_row(struct format_writing *writing, const char *text, size_t size,
                    struct buffer *out, struct error *error)
{
    (void)error;
    members_put(writing->fields, writing->field_count, text, size, out);
    buffer_putc(out, '\n');
    return true;
}

const struct format FORMAT_NDJSON = {
    .extension = "ndjson",
    .media_type = "application/x-ndjson",
    .help = "A JSON record a line, the whole list.",
    .begin = format_put_nothing,
    .row = put_row,
    .end = format_put_nothing,
};
