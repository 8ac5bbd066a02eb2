#include "map.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { WITH_MAPS = 3 }; /* the version of methods that has them */

/* What was added since is read, until it is a quarter of the whole. */
static bool fits(const struct map *map, sqlite3_file *file, sqlite3_int64 *ret_size)
{
    sqlite3_int64 size;
    if (map->own->xFileSize(file, &size) != SQLITE_OK)
        return false;
    *ret_size = size;
    return size >= map->size && size < map->size + map->size / 4;
}

/* Of a page, or (NULL) of the whole map. */
static int let_go(sqlite3_file *file, sqlite3_int64 offset, void *page)
{
    struct map *map = (struct map *)(uintptr_t)file->pMethods;
    if (!page && fits(map, file, &map->size))
        return SQLITE_OK;
    return map->own->xUnfetch(file, offset, page);
}

void map_keep(struct map *map, sqlite3 *database)
{
    sqlite3_file *file = NULL;
    if (sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK ||
        !file || !file->pMethods || file->pMethods->iVersion < WITH_MAPS)
        return;
    *map = (struct map){.methods = *file->pMethods, .own = file->pMethods};
    map->methods.xUnfetch = let_go;
    file->pMethods = &map->methods;
    sqlite3_exec(database, "PRAGMA mmap_size = 2147418112", NULL, NULL, NULL);
}
