#include "bilateral/web/asset.h"

#include <string.h>

const struct asset *asset_find(const char *name)
{
    const struct asset *asset = ASSETS;
    while (asset->name && strcmp(asset->name, name) != 0)
        asset++;
    return asset->name ? asset : NULL;
}
