"""What `include` embeds is all that was asked for, once, or the answer says why not."""

import json

import seedset

HOLDERS = "/v1/posts/secretary-guangxi-party-committee/holders"


def members(pairs):
    names = [name for name, _ in pairs]
    assert len(names) == len(set(names)), names
    return dict(pairs)


def test_a_name_given_twice_counts_once(api):
    once = api.get("/v1/statements?limit=3&facet=side&include=meeting,topics").json
    twice = json.loads(api.get("/v1/statements?limit=3&facet=side,side&facet=side"
                               "&include=meeting,meeting,topics,meeting").body, object_pairs_hook=members)
    assert (twice["data"], twice["facets"]) == (once["data"], once["facets"])


def test_rows_of_a_view_embed_what_their_fields_leave_out(api):
    rows = api.get(HOLDERS + "?fields=label&include=official").json["data"]
    assert rows and all(row["official"]["type"] == "official" for row in rows), rows


def test_a_suggestion_can_be_followed(api):
    detail = api.get("/v1/sources?include=wire").json["detail"]
    assert '"wire"?' not in detail


def test_too_many_referrals_are_refused_not_cut(start, tmp_path):
    data = seedset.good()
    data["topics.json"] += [{"id": f"topic-{number}", "name": f"Topic {number}", "citations": seedset.cite()}
                            for number in range(100)]
    data["statements.json"] = [
        {"id": f"statement-{number}", "text": "All of it.", "citations": seedset.cite(),
         "topic_ids": [f"topic-{topic}" for topic in range(100)]} for number in range(51)]
    daemon = start(seeds=seedset.write(tmp_path / "seeds", data))
    rows = daemon.get("/v1/topics?name__startswith=Topic&limit=98&include=statements&fields=id").json["data"]
    assert [len(row["statements"]) for row in rows] == [51] * 98
    answer = daemon.get("/v1/topics?name__startswith=Topic&limit=99&include=statements&fields=id")
    assert answer.status == 400 and "limit" in answer.json["detail"], answer
