/*
 * asset - the files of the web pages, as they were when the program was built.
 *
 *     const struct asset *style = asset_find("docs.css");
 *
 * To add a file: put it in src/web and name it in src/web/meson.build.
 */
#ifndef BILATERAL_WEB_ASSET_H
#define BILATERAL_WEB_ASSET_H

#include <stddef.h>

struct asset {
    const char *name;
    const char *content_type;
    const char *etag; /* with its quotes: a digest of the text */
    const char *text;
    size_t size;
};

/* All of them, ended by a NULL name; made by script/embed_web.py. */
extern const struct asset ASSETS[];

/* NULL where there is none of that name. */
const struct asset *asset_find(const char *name);

#endif
