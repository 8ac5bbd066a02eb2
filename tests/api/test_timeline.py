"""/v1/timeline over a user's own record: dates are EDTF, whatever kind of row they stand in."""

import pytest

from contract import Contract
from writer import Writer

# An SDMX period, and the same in EDTF: quarters are 33 to 36, a half-year is from a month to a month.
PERIODS = [("2024", "2024", None), ("2024-Q1", "2024-33", None), ("2024-Q4", "2024-36", None),
           ("2024-S1", "2024-01", "2024-06"), ("2023-S2", "2023-07", "2023-12"),
           ("2024-05", "2024-05", None), ("2024-05-17", "2024-05-17", None)]


@pytest.fixture
def desk(start):
    daemon = start(seeds=None)
    return Writer(daemon, daemon.token(), Contract(daemon))


def test_figures_of_every_period(desk):
    for number, (period, _, _) in enumerate(PERIODS):
        body = {"id": f"figure-{number}", "indicator": "growth_rate", "time_period": period, "value": number}
        assert desk.post("/v1/trade-figures", body).status == 201
    rows = {row["id"]: row for row in desk.get("/v1/timeline").json["data"]}
    assert [(rows[f"figure-{number}"]["date"], rows[f"figure-{number}"]["end_date"]) for number in range(len(PERIODS))] \
        == [(date, end) for _, date, end in PERIODS]

    def found(query):
        return {int(row["id"].rpartition("-")[2]) for row in desk.get(f"/v1/timeline?{query}").json["data"]}

    assert found("date=2024-33") == {0, 1, 3} and found("date=2024-05") == {0, 3, 5, 6}
    assert found("date__lt=2024") == {4} and found("end_date=2024-06") == {3}


def test_figures_without_words(desk):
    """What is not printed is told by its number, or its range; no more than there is."""
    for identity, body in {"printed": {"value": 3.3, "value_text": "more than 3.3 billion"}, "number": {"value": 3.30},
                           "range": {"value_low": 23, "value_high": 25}, "nothing": {}}.items():
        assert desk.post("/v1/trade-figures", {"id": identity, "indicator": "other", "time_period": "2024", **body}).status == 201
    assert {row["id"]: row["name"] for row in desk.get("/v1/timeline").json["data"]} == {
        "printed": "other: more than 3.3 billion", "number": "other: 3.3",
        "range": "other: 23 to 25", "nothing": "other"}
