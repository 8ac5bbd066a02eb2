#include "live.h"

struct store *live_store(struct reader *reader, struct error *error)
{
    if (!reader->live)
        store_open(reader->application->store_path, STORE_READ, &reader->live, error);
    return reader->live;
}
