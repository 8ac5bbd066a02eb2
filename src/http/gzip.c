#include "bilateral/http/gzip.h"

#define ZLIB_CONST /* what is compressed is only read */
#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "bilateral/base/arena.h"
#include "bilateral/http/accept.h"

enum {
    LEVEL = 5,                    /* 9 saves a few hundredths more and takes twice the time */
    WINDOW_BITS = MAX_WBITS + 16, /* 16 asks for the gzip frame */
    MEMORY_LEVEL = 8,
    ROOM = 16 * 1024, /* that there is at least for each call of the library */
};

struct gzip {
    z_stream stream;
};

struct gzip *gzip_create(void)
{
    struct gzip *gzip = memory_alloc(sizeof *gzip);
    *gzip = (struct gzip){0};
    if (deflateInit2(&gzip->stream, LEVEL, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        memory_exhausted();
    return gzip;
}

void gzip_destroy(struct gzip *gzip)
{
    if (!gzip)
        return;
    deflateEnd(&gzip->stream);
    free(gzip);
}

/* Runs until the library has taken all it was given, and with Z_FINISH given all it has. */
static void run(z_stream *stream, int flush, struct buffer *out)
{
    do {
        stream->next_out = (Bytef *)buffer_reserve(out, ROOM);
        stream->avail_out = ROOM;
        deflate(stream, flush); /* fails only for wrong arguments */
        out->size += ROOM - stream->avail_out;
    } while (stream->avail_out == 0);
}

void gzip_put(struct gzip *gzip, const void *bytes, size_t size, bool last, struct buffer *out)
{
    z_stream *stream = &gzip->stream;
    const Bytef *at = bytes;
    do {
        uInt piece = size > UINT_MAX ? UINT_MAX : (uInt)size;
        stream->next_in = at;
        stream->avail_in = piece;
        if (piece)
            at += piece;
        size -= piece;
        run(stream, last && size == 0 ? Z_FINISH : Z_NO_FLUSH, out);
    } while (size > 0);
    if (last)
        deflateReset(stream);
}

bool gzip_is_accepted(const char *accept_encoding)
{
    if (!accept_encoding)
        return false;
    int weight = accept_weight(accept_encoding, "gzip");
    return weight > 0 && weight >= accept_weight(accept_encoding, "identity");
}
