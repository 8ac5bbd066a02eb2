"""Does it start, answer and stop? Also run against the release build."""

import re
import signal

import pytest

import daemon

pytestmark = pytest.mark.smoke


def test_it_is_alive_and_ready(api):
    assert api.get("/health").status == 200
    assert api.get("/ready").status == 200


@pytest.mark.parametrize("resource", ["meetings", "officials", "agreements", "trade-figures"])
def test_every_leading_list_has_rows(api, resource):
    answer = api.get(f"/v1/{resource}?limit=1")
    assert answer.status == 200
    assert answer.headers.get_content_type() == "application/json"
    assert len(answer.json["data"]) == 1
    one = answer.json["data"][0]
    detail = api.get(f"/v1/{resource}/{one['id']}")
    assert detail.status == 200 and detail.json["id"] == one["id"]


def test_what_is_not_there_is_a_problem(api):
    answer = api.get("/v1/no-such-thing")
    assert answer.status == 404
    assert answer.headers.get_content_type() == "application/problem+json"
    assert answer.json["status"] == 404


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_asked(start, number):
    private = start(seeds=None)
    assert private.get("/health").status == 200
    private.stop(number)


def test_version():
    done = daemon.run("--version")
    assert done.returncode == 0
    assert re.fullmatch(r"bilaterald \d+\.\d+\.\d+\n", done.stdout)


def test_an_unknown_option_is_a_usage_error():
    done = daemon.run("serve", "--no-such-option")
    assert done.returncode == 2
    assert "--no-such-option" in done.stderr
