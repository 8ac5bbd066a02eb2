"""JSON-LD 1.1, expanded by pyld and read into triples by rdflib: two processors, no network."""

import json
import re

import pytest
import rdflib
import rdflib.compare
from pyld import jsonld
from rdflib import RDF, XSD, Literal, URIRef

import hostile as hostile_seeds

DOCUMENT = "https://h.example/x/v1/"
SCHEMA, ORG, OPENGOV, DCTERMS, SKOS = (rdflib.Namespace(address) for address in (
    "https://schema.org/", "http://www.w3.org/ns/org#", "http://www.w3.org/ns/opengov#",
    "http://purl.org/dc/terms/", "http://www.w3.org/2004/02/skos/core#"))
EDTF = URIRef("http://id.loc.gov/datatypes/edtf/EDTF")
VOCABULARIES = (str(SCHEMA), str(ORG), str(OPENGOV), str(DCTERMS), str(SKOS),
                "http://www.w3.org/2000/10/swap/pim/contact#")
COLLECTIONS = ["meetings", "officials", "organizations", "places"]


def refuse(address, options):
    raise AssertionError(f"the context must stand in the document; {address} was asked for")


def expanded(text, collection):
    return jsonld.expand(json.loads(text), {"base": f"{DOCUMENT}{collection}.jsonld",
                                            "documentLoader": refuse})


def graph_of(text, collection):
    return rdflib.Graph().parse(data=text, format="json-ld", publicID=f"{DOCUMENT}{collection}.jsonld")


def at(collection, identifier):
    return URIRef(f"{DOCUMENT}{collection}/{identifier}")


def nodes(value):
    """Every node and value object in what was expanded."""
    if isinstance(value, list):
        for one in value:
            yield from nodes(one)
    elif isinstance(value, dict):
        yield value
        for one in value.values():
            yield from nodes(one)


def term_of(part):
    """pyld's term as rdflib's."""
    if part["type"] == "literal":
        plain = part["datatype"] in (str(XSD.string), str(RDF.langString))
        return Literal(part["value"], lang=part.get("language"),
                       datatype=None if plain else part["datatype"])
    return rdflib.BNode(part["value"]) if part["type"] == "blank node" else URIRef(part["value"])


@pytest.fixture(scope="module")
def graph(shipped):
    """All four collections, as one client would gather them."""
    whole = rdflib.Graph()
    for collection in COLLECTIONS:
        whole += graph_of(shipped.get(collection, "jsonld"), collection)
    return whole


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_every_record_is_a_node(shipped, record, collection):
    found = expanded(shipped.get(collection, "jsonld"), collection)
    assert [node["@id"] for node in found] \
        == [str(at(collection, identifier)) for identifier in sorted(record[collection])]
    for node in nodes(found):
        for name in node:
            assert name.startswith("@") or name.startswith(VOCABULARIES), name
        for kind in node.get("@type", []) if isinstance(node.get("@type"), list) else []:
            assert kind.startswith(VOCABULARIES), kind
        if "@id" in node:
            assert re.match(r"https?://[^ ]+$", node["@id"])


@pytest.mark.parametrize("collection", COLLECTIONS)
@pytest.mark.parametrize("name", ["shipped", "hostile"])
def test_two_processors_agree(request, name, collection):
    text = request.getfixturevalue(name).get(collection, "jsonld")
    # Coordinates aside: the two give a JSON number different datatypes.
    document = json.loads(text)
    for node in document["@graph"]:
        node.pop("geo", None)
    dataset = jsonld.to_rdf(document, {"base": f"{DOCUMENT}{collection}.jsonld",
                                       "documentLoader": refuse})
    theirs = rdflib.Graph()
    for triple in dataset["@default"]:
        theirs.add(term_of(triple[name]) for name in ("subject", "predicate", "object"))
    ours = graph_of(json.dumps(document), collection)
    assert len(ours) > 5
    assert set(rdflib.compare.to_canonical_graph(ours)) \
        == set(rdflib.compare.to_canonical_graph(theirs))


def test_officials_are_persons(graph, record):
    for identifier, official in record["officials"].items():
        person = at("officials", identifier)
        assert (person, RDF.type, SCHEMA.Person) in graph
        assert graph.value(person, SCHEMA.name) == Literal(official["name"])
        country = graph.value(person, SCHEMA.nationality)
        assert graph.value(country, SCHEMA.identifier) == Literal(official["country"])
        assert {(str(name), name.language) for name in graph.objects(person, SCHEMA.alternateName)} \
            == {(name["name"], name["lang"] and name["lang"].lower())
                for name in official["other_names"]}
        assert {str(graph.value(membership, OPENGOV.post))
                for membership in graph.objects(person, ORG.hasMembership)} \
            == {str(at("posts", tenure["post_id"])) for tenure in official["tenures"]}
        occupations = [graph.value(role, SCHEMA.hasOccupation)
                       for role in graph.objects(person, SCHEMA.hasOccupation)]
        assert sorted(str(graph.value(one, SCHEMA.name)) for one in occupations) \
            == sorted(tenure["label"] for tenure in official["tenures"] if tenure["label"])
        assert set(graph.objects(person, DCTERMS.source)) \
            == {at("sources", source) for source in official["source_ids"]}


def test_wei_tao_is_found_by_his_vietnamese_name(graph):
    assert (at("officials", "wei-tao"), SCHEMA.alternateName, Literal("Vi Thao", lang="vi")) in graph


def test_places_lie_in_places(graph, record):
    kinds = {"country": SCHEMA.Country, "city": SCHEMA.City, "site": SCHEMA.Place,
             "autonomous_region": SCHEMA.AdministrativeArea, "scenic_area": SCHEMA.Place,
             "province": SCHEMA.AdministrativeArea, "municipality": SCHEMA.AdministrativeArea}
    for identifier, place in record["places"].items():
        node = at("places", identifier)
        assert (node, RDF.type, kinds.get(place["classification"], SCHEMA.Place)) in graph
        assert graph.value(node, SCHEMA.containedInPlace) \
            == (at("places", place["parent_id"]) if place["parent_id"] else None)
        geo = graph.value(node, SCHEMA.geo)
        assert (geo is not None) == (place["latitude"] is not None)
        if geo:
            assert float(graph.value(geo, SCHEMA.latitude)) == float(place["latitude"])
            assert float(graph.value(geo, SCHEMA.longitude)) == float(place["longitude"])
        assert {(str(graph.value(one, SCHEMA.propertyID)), str(graph.value(one, SCHEMA.value)))
                for one in graph.objects(node, SCHEMA.identifier)} \
            == {(one["scheme"], one["identifier"]) for one in place["identifiers"]}


def test_organizations_have_parents(graph, record):
    kinds = {"party": SCHEMA.PoliticalParty, "ministry": SCHEMA.GovernmentOrganization,
             "government": SCHEMA.GovernmentOrganization, "party_committee": SCHEMA.Organization}
    for identifier, body in record["organizations"].items():
        node = at("organizations", identifier)
        if body["classification"] in kinds:
            assert graph.value(node, RDF.type) == kinds[body["classification"]]
        assert graph.value(node, SCHEMA.parentOrganization) \
            == (at("organizations", body["parent_id"]) if body["parent_id"] else None)
        assert graph.value(node, SCHEMA.location) \
            == (at("places", body["place_id"]) if body["place_id"] else None)


def test_meetings_are_events(graph, record):
    status = {"held": SCHEMA.EventScheduled, "confirmed": SCHEMA.EventScheduled, "proposed": None}
    for identifier, meeting in record["meetings"].items():
        node = at("meetings", identifier)
        assert graph.value(node, RDF.type) in (SCHEMA.Event, SCHEMA.ExhibitionEvent)
        assert graph.value(node, SCHEMA.eventStatus) == status[meeting["status"]]
        plain = re.fullmatch(r"\d{4}(-(0\d|1[0-2])(-\d\d)?)?", meeting["start_date"])
        assert graph.value(node, SCHEMA.startDate) \
            == Literal(meeting["start_date"], datatype=SCHEMA.Date if plain else EDTF)
        assert graph.value(node, SCHEMA.location) \
            == (at("places", meeting["place_id"]) if meeting["place_id"] else None)
        assert graph.value(node, SCHEMA.superEvent) \
            == (at("meetings", meeting["parent_id"]) if meeting["parent_id"] else None)
        assert set(graph.objects(node, SCHEMA.about)) \
            == {at("topics", topic) for topic in meeting["topic_ids"]}
        hosts = [at("organizations", one["organization_id"]) if one.get("organization_id")
                 else one.get("official_id") and at("officials", one["official_id"])
                 for one in meeting["participants"] if one["role"] == "host"]
        assert sorted(graph.value(role, SCHEMA.organizer)
                      for role in graph.objects(node, SCHEMA.organizer)) == sorted(filter(None, hosts))
        here = [one for one in meeting["participants"] if one["attendance"] == "present"]
        roles = list(graph.objects(node, SCHEMA.attendee))
        assert len(roles) == len(here)
        assert {(str(graph.value(role, SCHEMA.name)), str(graph.value(role, SCHEMA.roleName)))
                for role in roles} == {(one["name"], one["role"]) for one in here}


def test_who_met_chen_gang_on_19_february_2025(graph):
    """A query over the linked data: the foreign minister, Bùi Thanh Sơn."""
    found = graph.query("""
        PREFIX s: <https://schema.org/>
        SELECT DISTINCT ?name WHERE {
            ?meeting s:startDate "2025-02-19"^^s:Date ; s:attendee ?one ; s:attendee ?two .
            ?one s:attendee ?chen . ?chen s:name "Chen Gang" .
            ?two s:attendee ?other . ?other a s:Person ; s:name ?name .
            FILTER (?other != ?chen)
        }""")
    assert "Bùi Thanh Sơn" in {str(row.name) for row in found}


def test_times_have_their_type(graph):
    for predicate in (DCTERMS.created, DCTERMS.modified):
        for literal in graph.objects(None, predicate):
            assert literal.datatype == XSD.dateTime


def test_hostile_texts_come_back(hostile):
    for collection, prefix in [("officials", "official-"), ("places", "place-"),
                               ("organizations", "body-"), ("meetings", "2025-01-01-")]:
        found = {node["@id"]: node
                 for node in expanded(hostile.get(collection, "jsonld"), collection)}
        for key, name in hostile_seeds.NAMES.items():
            node = found[str(at(collection, prefix + key))]
            assert node[str(SCHEMA.name)] == [{"@value": name}]
            if collection == "officials":
                assert node[str(SCHEMA.alternateName)] == [{"@value": name, "@language": "zh-hant"}] \
                    or node[str(SCHEMA.alternateName)] == [{"@value": name, "@language": "zh-Hant"}]
                membership, = node[str(ORG.hasMembership)]
                assert membership[str(SCHEMA.validFrom)] == [{"@value": "2024-21", "@type": str(EDTF)}]
                assert membership[str(SCHEMA.validThrough)] == [{"@value": "2025",
                                                                 "@type": str(SCHEMA.Date)}]


def test_fields_thin_the_nodes(shipped):
    for node in json.loads(shipped.get("officials", "jsonld", fields="name"))["@graph"]:
        assert node.keys() == {"@id", "@type", "name"}
