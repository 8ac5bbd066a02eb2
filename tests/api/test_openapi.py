"""/openapi.json is valid, complete and true; the pages made of it can be read."""

import functools
import json
import re

import jsonschema
import pytest

import daemon
from contract import Contract


def routes():
    """The rows of the table of addresses; those of the macro, once for each collection."""
    text = (daemon.ROOT / "src/api/routes.c").read_text("utf-8")
    collections = re.findall(r'^    COLLECTION\("([a-z-]+)"', text, re.MULTILINE)
    for pattern, methods in re.findall(r'\{("/.*?), ([A-Z_| ]+),', text):
        for name in collections if " path" in pattern else [""]:
            yield pattern.replace(" path", name).replace('"', "").replace(" ", ""), methods


ROUTES = list(routes())
NAME = re.compile(r"[a-zA-Z0-9._-]+")
METHODS = {"get", "post", "put", "patch", "delete"}


def schemas(node):
    """Every schema of the document, wherever it stands."""
    if isinstance(node, dict):
        for name, child in node.items():
            if name == "schema":
                yield child
            yield from schemas(child)
    elif isinstance(node, list):
        for child in node:
            yield from schemas(child)


def references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        node = node.values()
    if not isinstance(node, str) and hasattr(node, "__iter__"):
        for child in node:
            yield from references(child)


def test_its_frame(contract):
    document = contract.document
    assert document["openapi"] == "3.1.1"
    assert document["info"]["title"] == "bilateral"
    assert document["info"]["version"] == daemon.run("--version").stdout.split()[1]
    assert document["info"]["license"] == {"name": "MIT", "identifier": "MIT"}
    assert document["servers"] == [{"url": "/"}]
    assert set(document) == {"openapi", "info", "servers", "security", "tags", "paths", "components"}


def test_names_and_references(contract):
    document = contract.document
    for kind, members in document["components"].items():
        assert kind in {"schemas", "headers", "parameters", "responses", "securitySchemes"}
        assert all(NAME.fullmatch(name) for name in members), kind
    used = set(references(document))
    used |= {f"#/components/securitySchemes/{name}" for _, _, operation in contract.operations()
             for each in operation.get("security", []) for name in each}
    for reference in used:
        assert contract.resolve({"$ref": reference}), reference
    declared = {f"#/components/{kind}/{name}" for kind, members in document["components"].items()
                for name in members}
    assert declared == used


def test_schemas_are_json_schema(contract):
    found = [*schemas(contract.document), *contract.document["components"]["schemas"].values()]
    assert len(found) > 100
    for text in {json.dumps(schema) for schema in found}:
        jsonschema.Draft202012Validator.check_schema(json.loads(text))


def test_examples_fit_their_schemas(contract):
    def walk(schema):
        for example in schema.get("examples", []):
            assert contract.validate(example, schema) is None, schema
        for child in [*schema.get("properties", {}).values(), schema.get("items")]:
            if child:
                walk(child)
    for schema in contract.document["components"]["schemas"].values():
        walk(schema)


def test_operations_keep_the_rules_of_openapi(contract):
    tags = {tag["name"] for tag in contract.document["tags"]}
    assert all(tag["description"] for tag in contract.document["tags"])
    identities = []
    for method, template, operation in contract.operations():
        where = f"{method} {template}"
        assert method in METHODS and template.startswith("/"), where
        identities.append(operation["operationId"])
        assert re.fullmatch(r"[a-z0-9_]+", operation["operationId"]), where
        assert not operation["operationId"].startswith("undescribed"), f"{where}: give its handler a row"
        assert operation["summary"] and set(operation["tags"]) <= tags, where
        parameters = [contract.resolve(each) for each in operation["parameters"]]
        assert len({(each["name"], each["in"]) for each in parameters}) == len(parameters), where
        for each in parameters:
            assert each["in"] in {"query", "header", "path"} and each["description"], where
            assert each["schema"] and (each["in"] != "path" or each["required"] is True), where
        assert set(contract.parameters(operation, "path")) == set(re.findall(r"\{(\w+)\}", template)), where
        assert "default" in operation["responses"], where
        for status, response in operation["responses"].items():
            assert re.fullmatch(r"[1-5]\d\d|default", status), where
            assert contract.resolve(response)["description"], where
    assert len(set(identities)) == len(identities)


def test_it_has_every_route_and_no_other(api, contract):
    wanted = {(template, method.strip().removeprefix("HTTP_").lower())
              for template, methods in ROUTES for method in methods.split("|")}
    assert wanted == {(template, method) for method, template, _ in contract.operations()}
    for template in contract.document["paths"]:
        answer = contract.check(api.request("OPTIONS", re.sub(r"\{\w+\}", "x", template)))
        allowed = {name.lower() for name in answer.headers["Allow"].split(", ")}
        assert allowed - {"head", "options"} == set(contract.document["paths"][template])


def filled(api, template):
    """Paths of a template: with every id of its collection, every slug, every file."""
    if "{id}" in template:
        rows = api.get(template.split("/{id}")[0] + "?limit=1000&fields=id").json["data"]
        return [template.replace("{id}", row["id"]) for row in rows]
    values = {"{slug}": ["bad-request", "gone"], "{file}": ["docs.css", "docs.js"]}
    return next(([template.replace(name, value) for value in values[name]]
                 for name in values if name in template), [template])


def complete(contract, operation, path):
    """The path with what the operation cannot do without."""
    needed = {name: sample(parameter["schema"])
              for name, parameter in contract.parameters(operation).items() if parameter.get("required")}
    return path + "".join(f"{'&' if i else '?'}{name}={value}"
                          for i, (name, value) in enumerate(needed.items()))


def readings(contract):
    """The operations that change nothing; test_writes.py has the others."""
    for method, template, operation in contract.operations():
        if method == "get":
            yield template, operation
        else:
            assert operation["security"], f"{method} {template} writes, so it needs a token"


def test_every_answer_is_as_declared(api, contract):
    """Every operation with every record of the seeds, pages to their end."""
    for template, operation in readings(contract):
        for path in filled(api, template):
            path = complete(contract, operation, path)
            if "cursor" in contract.parameters(operation):
                path += "?limit=1000&count=exact"
            while path:
                answer = contract.check(api.get(path))
                assert answer.status == 200, answer
                links = answer.json.get("links", {}) if "limit" in path else {}
                path = links.get("next")
        one = complete(contract, operation, filled(api, template)[0])
        assert contract.check(api.request("HEAD", one)).status == 200
        if "304" in operation["responses"]:
            tag = api.get(one).headers["ETag"]
            answer = api.get(one, {"If-None-Match": tag})
            assert contract.check(answer).status == 304


def lists(contract):
    return [(template, contract.parameters(operation))
            for _, template, operation in contract.operations()
            if "cursor" in contract.parameters(operation) and "{" not in template]


def first_id(api, contract, kind):
    """The id of a record of that type."""
    owner = next(template for template in contract.document["paths"] if template.endswith("/{id}")
                 and contract.document["paths"][template]["get"]["operationId"] == f"get_{kind}")
    return api.get(owner.removesuffix("/{id}") + "?limit=1").json["data"][0]["id"]


def sample(schema):
    """A value that the schema takes, as it is written in a query."""
    if schema["type"] == "array":
        return sample(schema["items"])
    if "enum" in schema:
        return schema["enum"][0]
    samples = {"integer": "7", "number": "3.3", "boolean": "true"}
    if schema.get("format") == "date":
        return "2024-11-20"
    texts = ["vi", "VN", "Latn", "USD", "2024", "2024-11-20T08:30:00Z", "https://example.org/", "f" * 64, ""]
    return samples.get(schema["type"]) or next(
        text for text in texts if len(text) >= schema.get("minLength", 0)
        and re.search(schema.get("pattern", ""), text) and len(text) <= schema.get("maxLength", 999))


def test_every_declared_parameter_is_taken(api, contract):
    ids = functools.cache(lambda kind: first_id(api, contract, kind))
    for template, parameters in lists(contract):
        for name, parameter in parameters.items():
            if name in {"cursor", "limit"}:
                continue
            relation = parameters.get(name.partition("__")[0], parameter)["description"]
            target = re.search(r"\(`id` of `(\w+)`\)$", relation)
            value = ids(target[1]) if target and "isnull" not in name else sample(parameter["schema"])
            answer = api.get(f"{template}?limit=1&{name}={value}")
            assert contract.check(answer).status == 200, answer


def test_every_word_of_a_vocabulary_is_taken_and_others_are_not(api, contract):
    for template, parameters in lists(contract):
        for name in {"sort", "facet", "fields", "include", "count"} & parameters.keys():
            schema = parameters[name]["schema"]
            words = schema.get("items", schema)["enum"]
            for word in words:
                assert contract.check(api.get(f"{template}?limit=1&{name}={word}")).status == 200, (name, word)
            assert contract.check(api.get(f"{template}?{name}=nonsense")).status == 400
        limit = parameters["limit"]["schema"]
        assert api.get(f"{template}?limit={limit['maximum']}").status == 200
        assert contract.check(api.get(f"{template}?limit={limit['maximum'] + 1}")).status == 400
        assert api.get(f"{template}?limit={limit['minimum'] - 1}").status == 400
        default = api.get(template).json
        assert len(default["data"]) <= limit["default"]
        assert default["data"] == api.get(
            f"{template}?sort={','.join(parameters['sort']['schema']['default'])}").json["data"]


def test_what_is_included_is_declared(api, checked, contract):
    """Each name alone over many rows, and all that one request takes over one."""
    for _, template, operation in contract.operations():
        include = contract.parameters(operation).get("include", {}).get("schema")
        if not include:
            continue
        words = include["items"]["enum"]
        for path in filled(api, template)[:1]:
            page = "&limit=10" if "limit" in contract.parameters(operation) else ""
            for word in words:
                assert checked(f"{path}?include={word}{page}").status == 200, word
            several = ",".join(words[:include["maxItems"]])
            member = contract.parameters(operation)["fields"]["schema"]["items"]["enum"][0]
            assert checked(f"{path}?include={several}&fields={member}{page}").status == 200
            assert checked(f"{path}?include={words[0]},{words[0]}").status == 200


def test_what_is_not_declared_is_refused(api, contract):
    operators = ["", "__not", "__gt", "__gte", "__lt", "__lte", "__in", "__notin", "__contains",
                 "__startswith", "__isnull"]
    for template, parameters in lists(contract):
        fields = parameters["fields"]["schema"]["items"]["enum"]
        for name in (field + operator for field in fields for operator in operators):
            if name not in parameters:
                answer = contract.check(api.get(f"{template}?{name}=1"))
                assert answer.status == 400, answer


def test_declared_problems_happen(api, contract):
    long = "x" * 9000
    for template, operation in readings(contract):
        path = filled(api, template)[0]
        provoke = {
            "400": lambda path=path: api.get(f"{path}?no_such_parameter=1"),
            "404": lambda template=template: api.get(re.sub(r"\{\w+\}", "no-such-thing", template)),
            "406": lambda path=complete(contract, operation, path): api.get(path, {"Accept": "image/png"}),
            "414": lambda path=path: api.get(f"{path}?x={long}"),
            "431": lambda path=path: api.get(path, {"X-Long": "x" * 13000}),
        }
        for status in operation["responses"].keys() & provoke.keys():
            answer = contract.check(provoke[status]())
            assert answer.status == int(status), answer
        # What cannot be had from outside: a deleted record (410), a fault of the store (500, 503).
        assert {status for status in operation["responses"] if status[0] in "45"} - provoke.keys() \
            <= {"410", "500", "503"}
        if "delete" not in contract.document["paths"][template]:
            assert contract.check(api.request("DELETE", path)).status == 405


def test_with_a_base_path(start):
    private = start("--base-path", "/x", seeds=None)
    contract = Contract(private, "/x")
    assert contract.document["servers"] == [{"url": "/x"}]
    assert contract.check(private.get("/x/v1/meetings")).status == 200
    assert contract.check(private.get("/x/v1/meetings/none")).status == 404
    for page in ("/x/docs", "/x/docs/problems"):
        assert links(private.get(page).text) and all(
            link.startswith(("/x/", "#")) for link in links(private.get(page).text))


def test_a_contract_notices(contract):
    class Answer:
        def __init__(self, asked, status, headers, body):
            self.asked, self.status, self.json, self.body = asked, status, body, b"x"
            self.headers = daemon.http.client.HTTPMessage()
            for name, value in headers.items():
                self.headers[name] = value

    headers = {"X-Request-Id": "1", "Cache-Control": "no-store", "Server-Timing": "total;dur=1",
               "Content-Type": "application/json"}
    good = ("GET /health", 200, headers, {"status": "ok"})
    assert not list(contract.faults(Answer(*good)))
    for changed in [("GET /health?x=1", *good[1:]), ("GET /health", 204, *good[2:]),
                    ("GET /healthy", *good[1:]), (*good[:3], {"status": "bad"}),
                    (*good[:3], {"status": "ok", "more": 1}), (*good[:3], {}),
                    (*good[:2], {**headers, "Content-Type": "text/html"}, good[3]),
                    (*good[:2], {"Content-Type": "application/json"}, good[3])]:
        assert list(contract.faults(Answer(*changed))), changed


def links(html):
    return re.findall(r'(?:href|src)="(?!data:)([^"]+)"', html)


def pages(api):
    problems = api.get("/docs/problems").text
    return ["/docs", "/docs/problems",
            *sorted({link for link in links(problems) if link.startswith("/docs/problems/")})]


def test_every_link_of_the_pages_leads_somewhere(api):
    seen = {}
    for page in pages(api):
        html = api.get(page).text
        ids = re.findall(r'\bid="([^"]+)"', html)
        assert len(ids) == len(set(ids)), page
        for link in links(html):
            path, _, fragment = link.partition("#")
            if path and path not in seen:
                seen[path] = api.get(path).status
            assert seen.get(path, 200) == 200, f"{page}: {link}"
            assert not fragment or path or fragment in ids, f"{page}: {link}"


def test_the_pages_hold_nothing_inline_and_ask_nobody_else(api):
    for page in pages(api):
        answer = api.get(page)
        assert answer.headers.get_content_type() == "text/html"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", answer.text), page
        assert not re.search(r"<script(?![^>]* src=)", answer.text), page
        assert all(link.startswith(("/", "#")) for link in links(answer.text)), page


def test_the_pages_have_a_frame(api):
    for page in pages(api):
        html = api.get(page).text
        assert html.startswith("<!doctype html>\n<html lang=")
        assert len(re.findall(r"<h1>[^<]+</h1>", html)) == 1 and "<title>" in html
        assert '<a class="skip" href="#main">' in html and '<main id="main"' in html
        levels = [int(level) for level in re.findall(r"<h(\d)", html)]
        assert all(behind <= before + 1 for before, behind in zip(levels, levels[1:])), page
        for name in ("article", "section", "table", "ul", "li", "p", "nav", "code", "details", "tr", "td", "th"):
            assert len(re.findall(rf"<{name}[\s>]", html)) == html.count(f"</{name}>"), f"{page}: {name}"


def test_the_reference_says_what_the_document_says(api, contract):
    html = api.get("/docs").text
    for _, template, operation in contract.operations():
        assert f'<article id="{operation["operationId"]}"' in html and template in html
        for name in contract.parameters(operation):
            assert f"<code>{name.partition('__')[0]}</code>" in html, name
    for name in contract.document["components"]["schemas"]:
        assert f'id="schema-{name}"' in html


def test_every_problem_has_its_page(api, contract):
    types = contract.document["components"]["schemas"]["problem"]["properties"]["type"]["enum"]
    assert sorted(types) == sorted({*pages(api)} - {"/docs", "/docs/problems"})
    problem = api.get("/v1/no-such-thing").json
    assert problem["type"] in types
    html = api.get(problem["type"]).text
    assert problem["title"] in html and "404" in html
    assert api.get("/docs/problems/no-such-problem").status == 404
    assert api.get("/assets/no-such-file").status == 404
