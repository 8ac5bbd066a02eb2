"""The served OpenAPI document as a contract: does an answer keep it?

    contract = Contract(daemon)
    contract.check(daemon.get("/v1/meetings?limit=2"))      fails the test where it does not

Checked are the status, the media type, every required header field and the body against its schema;
of what was asked, that every query parameter is declared. Whole rows are checked as whole: only
where `fields` was given may members be missing.
"""

import functools
import re
import urllib.parse

import jsonschema

JSON = re.compile(r"application/(.+\+)?json")


def pattern_of(template):
    """The paths that a template stands for, an extension behind it included."""
    parts = re.split(r"\{[^}]+\}", template)
    return re.compile("[^/]+".join(map(re.escape, parts)) + r"(\.[a-z]+)?")


class Contract:
    """The document of one daemon. `base_path` is what the daemon was started with."""

    def __init__(self, daemon, base_path=""):
        self.base_path = base_path
        self.document = daemon.get(f"{base_path}/openapi.json").json

    def resolve(self, node):
        """What a reference stands for."""
        while isinstance(node, dict) and "$ref" in node:
            node = functools.reduce(lambda found, name: found[name.replace("~1", "/")],
                                    node["$ref"].removeprefix("#/").split("/"), self.document)
        return node

    def template(self, path):
        """The most literal template that takes the path; None where none does."""
        found = [each for each in self.document["paths"] if pattern_of(each).fullmatch(path)]
        return min(found, key=lambda each: (each.count("{"), -len(each)), default=None)

    def operations(self):
        """(method, template, operation) of each."""
        for template, methods in self.document["paths"].items():
            for method, operation in methods.items():
                yield method, template, operation

    def parameters(self, operation, place="query"):
        found = map(self.resolve, operation["parameters"])
        return {each["name"]: each for each in found if each["in"] == place}

    def validate(self, value, schema):
        """The first fault of a value as text, or None."""
        whole = {**schema, "components": self.document["components"]}
        fault = next(jsonschema.Draft202012Validator(whole).iter_errors(value), None)
        if fault is None:
            return None
        while fault.context:  # the fault that explains an anyOf
            fault = max(fault.context, key=lambda each: len(each.path))
        return f"{fault.json_path}: {fault.message[:300]}"

    def faults(self, answer):
        method, target = answer.asked.split(" ", 1)
        target = urllib.parse.urlsplit(target)
        asked = dict(urllib.parse.parse_qsl(target.query, keep_blank_values=True))
        template = self.template(urllib.parse.unquote(target.path.removeprefix(self.base_path)))
        methods = self.document["paths"].get(template, {})
        operation = methods.get("get" if method == "HEAD" else method.lower())
        if operation is None:  # no such address or method: a problem, or OPTIONS
            if method == "OPTIONS" and answer.status == 204 and template:
                return
            if answer.status < 300:
                yield f"{method} {template} is answered, but not declared"
            response = self.document["components"]["responses"]["problem"]
        else:
            if answer.status == 200:
                for name in asked.keys() - self.parameters(operation).keys():
                    yield f"the parameter {name} is taken, but not declared"
            responses = operation["responses"]
            response = responses.get(str(answer.status))
            if response is None and answer.status < 400:
                yield f"status {answer.status} is not declared"
            response = self.resolve(response or responses["default"])
        yield from self.response_faults(answer, method, response, "fields" not in asked)

    def response_faults(self, answer, method, response, whole):
        for name, header in response.get("headers", {}).items():
            if self.resolve(header)["required"] and name not in answer.headers:
                yield f"the header field {name} is missing"
        content = response.get("content", {})
        kind = answer.headers.get_content_type() if "Content-Type" in answer.headers else None
        if method == "HEAD" or not content:
            if answer.body:
                yield "there is a body where none is declared"
            return
        if kind not in content:
            yield f"{kind} is not among {', '.join(content)}"
        elif JSON.fullmatch(kind):
            yield from self.body_faults(answer.json, content[kind]["schema"], whole)

    def body_faults(self, body, schema, whole):
        if fault := self.validate(body, schema):
            yield fault
            return
        items = schema.get("properties", {}).get("data", {}).get("items", schema)
        for number, row in enumerate(body["data"] if items is not schema else [body]):
            kind = -1 if "deleted" in row else 0
            if whole and "anyOf" in items and (fault := self.validate(row, items["anyOf"][kind])):
                yield f"row {number}: {fault}"

    def check(self, answer):
        """The answer; fails with every fault of it."""
        found = list(self.faults(answer))
        assert not found, f"{answer.asked}: {answer.status}\n" + "\n".join(found)
        return answer
