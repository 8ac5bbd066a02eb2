/*
 * geojson - GeoJSON (RFC 7946): a FeatureCollection with a Feature for each record.
 *
 *     static const struct geojson_map MAP = {.latitude = "latitude", .longitude = "longitude"};
 *     .formats = (const struct format_use[]){{&FORMAT_GEOJSON, .map = &MAP}, {0}},
 *
 * A Feature has the record's id, a Point of longitude and latitude in WGS 84 degrees (decimals as
 * they are stored; null where either is not known), and as properties the record's other members.
 * `fields` thins the properties; id and place are always there.
 */
#ifndef BILATERAL_FORMAT_GEOJSON_H
#define BILATERAL_FORMAT_GEOJSON_H

#include "bilateral/format/format.h"

/* Names of members of FIELD_DECIMAL. */
struct geojson_map {
    const char *latitude;
    const char *longitude;
};

#endif
