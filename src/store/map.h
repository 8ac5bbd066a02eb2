/*
 * map - a reader's view of the store's file: mapped into memory, from one state to the next.
 *
 * For store.c. The engine can read a mapped file without system calls, but lets go of the map
 * whenever the file has changed: another process might have cut the file and made it longer again,
 * and there are systems on which a map does not follow. On Linux it does. So the map is kept, for to
 * touch each page anew after each commit would cost more than to read it.
 */
#ifndef STORE_MAP_H
#define STORE_MAP_H

#include <sqlite3.h>

struct map {
    sqlite3_io_methods methods; /* the first: the engine's file points here */
    const sqlite3_io_methods *own;
    sqlite3_int64 size; /* of the file when it was mapped */
};

/*
 * Maps the file of a new handle, as far as the engine can (2 GiB), for reading only. The map must
 * live as long as the handle. A file that cannot be mapped is read.
 */
void map_keep(struct map *map, sqlite3 *database);

#endif
