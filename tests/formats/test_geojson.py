"""GeoJSON by RFC 7946, read with json; decimals are compared as they are written."""

import json

import hostile as hostile_seeds


def features(text):
    """The features, whose structure is right (sections 3.1 to 3.3); numbers as texts."""
    collection = json.loads(text, parse_float=str, parse_int=str)
    assert collection.keys() == {"type", "features"} and collection["type"] == "FeatureCollection"
    for feature in collection["features"]:
        assert feature.keys() == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert isinstance(feature["properties"], dict)
        if feature["geometry"] is not None:
            assert feature["geometry"].keys() == {"type", "coordinates"}
            assert feature["geometry"]["type"] == "Point"
            longitude, latitude = map(float, feature["geometry"]["coordinates"])
            assert -180 <= longitude <= 180 and -90 <= latitude <= 90
    return collection["features"]


def test_every_place_is_a_feature(shipped, record):
    found = {feature["id"]: feature for feature in features(shipped.get("places", "geojson"))}
    assert list(found) == sorted(record["places"])
    for identifier, place in record["places"].items():
        feature = found[identifier]
        known = place["latitude"] is not None and place["longitude"] is not None
        assert (feature["geometry"] is not None) == known
        if known:
            assert feature["geometry"]["coordinates"] == [str(place["longitude"]), str(place["latitude"])]
        assert not {"id", "latitude", "longitude"} & feature["properties"].keys()
        for name in ("name", "classification", "country", "parent_id", "type", "source_ids"):
            assert feature["properties"][name] == place[name], name
        assert feature["properties"]["revision"] == "1"


def test_ha_noi_is_where_it_is(shipped):
    """Longitude first: the other way round it would lie in the Arctic Ocean."""
    ha_noi, = [feature for feature in features(shipped.get("places", "geojson"))
               if feature["id"] == "ha-noi"]
    assert ha_noi["geometry"]["coordinates"] == ["105.854", "21.028"]


def test_fields_thin_the_properties(shipped):
    for feature in features(shipped.get("places", "geojson", fields="name,latitude")):
        assert feature["properties"].keys() == {"name"}
        assert feature["id"] != "nanning" or feature["geometry"]["coordinates"] == ["108.366", "22.817"]


def test_hostile_names_come_back(hostile):
    found = {feature["id"]: feature for feature in features(hostile.get("places", "geojson"))}
    for number, (key, name) in enumerate(hostile_seeds.NAMES.items()):
        feature = found[f"place-{key}"]
        assert feature["properties"]["name"] == name
        assert [float(one) for one in feature["geometry"]["coordinates"]] == [100, number - 0.5]
