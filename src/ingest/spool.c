#include "bilateral/ingest/spool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "bilateral/base/buffer.h"

FILE *spool_create(const char *store_path)
{
    struct buffer path = {0};
    buffer_put_all(&path, store_path, ".import-XXXXXX", NULL);
    int fd = mkostemp(path.data, O_CLOEXEC);
    if (fd >= 0)
        unlink(path.data);
    buffer_finish(&path);
    return fd >= 0 ? fdopen(fd, "w+") : NULL;
}
