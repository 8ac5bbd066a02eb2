"""Makes a plausible record of any size: a folder of seeds, or one stream of NDJSON for `import`.

usage: bench/generate.py FOLDER|- [--meetings N] [--seed N]

From N meetings (100,000 without it) follow 3 N participants, N/5 officials, 2 N statements, 5 N
figures, N/10 agreements and sources. Equal arguments give equal bytes. Every record is made from
its number alone, so memory does not grow with the size. What real records are like is in it:
dates of every precision, nulls, ties in every field, names in three scripts with other spellings,
references with a long tail, words that are in half of the records and words that are in one.

Standard library only.
"""

import argparse
import json
import pathlib
import random
import sys

FAMILY = [("Nguyễn", "nguyen"), ("Trần", "tran"), ("Lê", "le"), ("Phạm", "pham"), ("Hoàng", "hoang"), ("Đỗ", "do"),
          ("Bùi", "bui"), ("Đặng", "dang"), ("Vũ", "vu"), ("Ngô", "ngo")]
GIVEN = [("Thanh Sơn", "thanh-son"), ("Hoài Trung", "hoai-trung"), ("Quốc Tuấn", "quoc-tuan"), ("Minh Đức", "minh-duc"),
         ("Thị Hồng", "thi-hong"), ("Văn Ánh", "van-anh"), ("Xuân Phúc", "xuan-phuc"), ("Hữu Nghị", "huu-nghi")]
CHINESE = [("Chen", "陈", "Trần"), ("Wei", "韦", "Vi"), ("Liu", "刘", "Lưu"), ("Lan", "蓝", "Lam"), ("Huang", "黄", "Hoàng"),
           ("Nong", "农", "Nông"), ("Qin", "覃", "Đàm"), ("Mo", "莫", "Mạc")]
CHINESE_GIVEN = [("Gang", "刚", "Cương"), ("Tao", "韬", "Thao"), ("Ning", "宁", "Ninh"), ("Tianli", "天立", "Thiên Lập"),
                 ("Yanjing", "艳晶", "Diễm Tinh"), ("Wenhui", "文辉", "Văn Huy")]
SYLLABLES = "ba ce di fo gu ha ke li mo nu pa re si to vu wa xe yi zo qu tra ngo phe khi tho nhu gia quy".split()
THEMES = ["Trade", "Border gates", "Customs", "Railways", "Tourism", "Education", "Artificial intelligence", "Durian"]
SIDES = ["VN", "CN"]
SPELLINGS = ["Viet Nam", "Việt Nam", "Vietnam"]

MEETING_KINDS = ["talks", "reception", "visit", "conference", "session", "seminar", "ceremony", "site_visit",
                 "exhibition", "phone_call", "other"]
MEETING_STATES = ["held"] * 12 + ["proposed", "tentative", "confirmed", "postponed", "cancelled"]
ROLES = ["host", "guest", "chair", "co_chair", "head_of_delegation", "delegate", "honouree", "observer", "mentioned"]
ATTENDANCES = ["present"] * 6 + ["invited", "expected", "absent", "represented", "unknown"]
AGREEMENT_KINDS = ["mechanism", "treaty", "protocol", "memorandum", "programme", "project", "assistance", "other"]
AGREEMENT_STATES = ["proposed", "negotiating", "agreed", "signed", "in_force", "completed", "unknown"]
ACTS = ["proposed", "requested", "invited", "pledged", "agreed", "supported", "welcomed", "stressed", "reported"]
INDICATORS = ["trade_turnover", "export_value", "import_value", "growth_rate", "export_share", "other"]
QUALIFIERS = ["exact", "about", "more_than", "at_least", "less_than", "up_to"]
PLACE_KINDS = ["city", "border_gate", "scenic_area", "site"]
ORGANIZATIONS = ["ministry", "government", "party_committee", "company", "legislature", "other"]
POST_ROLES = ["minister", "deputy_minister", "party_secretary", "governor", "committee_member", "other"]


class Sizes:
    """How many there are of each, from the number of meetings."""

    def __init__(self, meetings):
        self.meetings = meetings
        self.participants = 3  # of a meeting, on average
        self.officials = max(20, meetings // 5)
        self.sources = max(20, meetings // 10)
        self.agreements = max(20, meetings // 10)
        self.statements = 2 * meetings
        self.figures = 5 * meetings
        self.topics = max(12, min(500, meetings // 50))
        self.places = max(30, min(2000, meetings // 50))
        self.organizations = max(20, min(3000, meetings // 50))
        self.posts = max(20, min(5000, meetings // 20))


class Record:
    """The makers, one for each collection: `record.meetings(17)` is the 17th meeting, always the same."""

    def __init__(self, sizes, seed):
        self.sizes, self.seed = sizes, seed

    def dice(self, kind, number):
        return random.Random(f"{self.seed} {kind} {number}")

    # -- ids, from the number alone

    def source_id(self, number):
        return f"{2000 + number % 26}-{1 + number % 12:02}-{1 + number % 28:02}-press-{number}"

    def topic_id(self, number):
        return f"topic-{number}"

    def commodity_id(self, number):
        return self.topic_id(max(3, number - number % 4 - 1))  # each fourth topic is a commodity

    def place_id(self, number):
        return ["viet-nam", "china"][number] if number < 2 else f"place-{number}"

    def organization_id(self, number):
        return f"organization-{number}"

    def post_id(self, number):
        return f"post-{number}"

    def official_id(self, number):
        if number % 2:
            return f"{CHINESE[number % 8][0]}-{CHINESE_GIVEN[number % 6][0]}-{number}".lower()
        return f"{FAMILY[number % 10][1]}-{GIVEN[number % 8][1]}-{number}"

    def agreement_id(self, number):
        return f"agreement-{number}"

    def mechanism_id(self, number):
        return self.agreement_id(number - number % len(AGREEMENT_KINDS))  # those have the first kind

    def meeting_id(self, number):
        return f"{1990 + number % 37}-{1 + number % 12:02}-{1 + number % 28:02}-meeting-{number}"

    def statement_id(self, number):
        return f"{self.meeting_id(number // 2)}-statement-{number}"

    # -- what records are made of

    def few(self, dice, count, make, most):
        """Some ids, the lower numbers far more often: a long tail."""
        return list(dict.fromkeys(make(int(count * dice.random() ** 3)) for _ in range(dice.randint(0, most))))

    def one(self, dice, count, make, missing=0.1):
        return None if dice.random() < missing else make(int(count * dice.random() ** 3))

    def cite(self, dice, pointer=""):
        found = [{"pointer": pointer, "source_id": self.one(dice, self.sizes.sources, self.source_id, 0),
                  "locator": f"paragraph {dice.randint(1, 30)}"}]
        if dice.random() < 0.2:
            found.append({"pointer": "", "source_id": self.one(dice, self.sizes.sources, self.source_id, 0)})
        return found

    def date(self, dice, missing=0.06):
        if dice.random() < missing:
            return None
        year, month, day, kind = dice.randint(1990, 2026), dice.randint(1, 12), dice.randint(1, 28), dice.random()
        if kind < 0.70:
            return f"{year}-{month:02}-{day:02}" + ("~" if kind < 0.02 else "?" if kind < 0.03 else "")
        if kind < 0.85:
            return f"{year}-{month:02}"
        return f"{year}" if kind < 0.93 else f"{year}-{dice.choice([21, 22, 23, 24, 33, 34, 35, 36])}"

    def words(self, dice, least=3, most=14):
        """A sentence of made-up words, some of them in half of all sentences and some in one alone."""
        found = ["".join(dice.choice(SYLLABLES) for _ in range(dice.randint(2, 3)))
                 for _ in range(dice.randint(least, most))]
        if dice.random() < 0.5:
            found.insert(0, "cooperation")
        if dice.random() < 0.2:
            found.append("with " + dice.choice(SPELLINGS))
        if dice.random() < 0.05:
            found.append(dice.choice(["Lạng Sơn", "Lang Son", "Bằng Tường", "广西壮族自治区", "友谊关"]))
        return " ".join(found).capitalize()

    def prose(self, dice, missing=0.5):
        return None if dice.random() < missing else self.words(dice, 8, 40) + "."

    # -- the collections

    def sources_(self, number):
        dice, own = self.dice("source", number), self.source_id(number)
        return {"id": own, "title": None if dice.random() < 0.2 else self.words(dice),
                "description": self.prose(dice), "classification": dice.choice(["news_agency", "newspaper", "ministry"]),
                "publisher": f"Press {number % 7}", "lang": dice.choice(["en", "vi", "zh-Hans", None]),
                "published_on": self.date(dice), "url": f"https://press.example/{number}",
                "wire_of": self.one(dice, number, self.source_id, 0.9) if number else None,
                "citations": [{"pointer": "", "source_id": own}]}

    def topics_(self, number):
        dice = self.dice("topic", number)
        return {"id": self.topic_id(number), "name": f"{THEMES[number % 8]} {self.words(dice, 1, 2)}",
                "classification": "commodity" if number % 4 == 3 else "theme", "description": self.prose(dice),
                "broader_id": self.topic_id(number // 8) if number else None, "citations": self.cite(dice)}

    def places_(self, number):
        dice = self.dice("place", number)
        if number < 2:
            return {"id": self.place_id(number), "name": ["Việt Nam", "China"][number], "classification": "country",
                    "country": SIDES[number], "citations": self.cite(dice)}
        return {"id": self.place_id(number), "name": self.words(dice, 1, 2), "country": SIDES[number % 2],
                "classification": dice.choice(PLACE_KINDS) if number > 60 else "province",
                "parent_id": self.place_id(number % 2 if number < 60 or dice.random() < 0.05 else number // 6),
                "latitude": round(dice.uniform(8, 26), 4) if dice.random() < 0.6 else None,
                "longitude": round(dice.uniform(102, 112), 3) if dice.random() < 0.6 else None,
                "start_date": self.date(dice, 0.8), "citations": self.cite(dice)}

    def organizations_(self, number):
        dice = self.dice("organization", number)
        return {"id": self.organization_id(number), "name": self.words(dice, 2, 4), "country": SIDES[number % 2],
                "classification": dice.choice(ORGANIZATIONS),
                "parent_id": self.organization_id(number // 10) if number > 9 else None,
                "place_id": self.one(dice, self.sizes.places, self.place_id), "citations": self.cite(dice)}

    def posts_(self, number):
        dice = self.dice("post", number)
        return {"id": self.post_id(number), "label": f"Post of {self.words(dice, 1, 3)}", "role": dice.choice(POST_ROLES),
                "organization_id": self.one(dice, self.sizes.organizations, self.organization_id),
                "place_id": self.one(dice, self.sizes.places, self.place_id), "citations": self.cite(dice)}

    def officials_(self, number):
        dice, own = self.dice("official", number), self.official_id(number)
        if number % 2:
            (family, han, reading), (given, han_given, reading_given) = CHINESE[number % 8], CHINESE_GIVEN[number % 6]
            name = f"{family} {given}"
            others = [{"name": han + han_given, "kind": "official", "lang": "zh", "script": "Hans"},
                      {"name": f"{reading} {reading_given}", "kind": "transliteration", "lang": "vi"}]
        else:
            name, others = f"{FAMILY[number % 10][0]} {GIVEN[number % 8][0]}", []
        tenures = []
        for post in self.few(dice, self.sizes.posts, self.post_id, 2):
            start = dice.randint(1990, 2024)
            tenures.append({"post_id": post, "label": "As printed", "start_date": f"{start}-{dice.randint(1, 12):02}",
                            "end_date": f"{start + 2}" if dice.random() < 0.5 else None, "status": "unknown",
                            "attested": [{"date": f"{start + 1}-05-{dice.randint(1, 28):02}",
                                          "source_id": self.one(dice, self.sizes.sources, self.source_id, 0)}]})
        return {"id": own, "name": name, "sort_name": name if dice.random() < 0.7 else None, "other_names": others,
                "country": SIDES[number % 2], "honorific_prefix": dice.choice([None, None, "Comrade", "Mr"]),
                "birth_date": self.date(dice, 0.5), "tenures": tenures, "citations": self.cite(dice)}

    def agreements_(self, number):
        dice, history = self.dice("agreement", number), []
        for state in dice.sample(AGREEMENT_STATES, dice.randint(0, 2)):
            history.append({"date": self.date(dice), "status": state, "note": self.prose(dice),
                            "meeting_id": self.one(dice, self.sizes.meetings, self.meeting_id, 0.5)})
        return {"id": self.agreement_id(number), "name": self.words(dice, 3, 6), "classification": AGREEMENT_KINDS[number % len(AGREEMENT_KINDS)],
                "status": dice.choice(AGREEMENT_STATES), "status_date": self.date(dice, 0.3),
                "start_date": self.date(dice, 0.5), "description": self.prose(dice),
                "topic_ids": self.few(dice, self.sizes.topics, self.topic_id, 3),
                "place_ids": self.few(dice, self.sizes.places, self.place_id, 3),
                "amount": dice.choice([None, None, 5, 12.50, 1000000]), "currency": dice.choice([None, "USD", "VND"]),
                "parties": [{"place_id": self.place_id(side), "side": SIDES[side]} for side in (0, 1)],
                "relations": [{"type": "follows", "agreement_id": self.agreement_id(number // 2)}] if number > 1 else [],
                "status_history": history, "citations": self.cite(dice)}

    def meetings_(self, number):
        dice, taking_part = self.dice("meeting", number), []
        for _ in range(dice.randint(1, 2 * self.sizes.participants - 1)):
            official = int(self.sizes.officials * dice.random() ** 3)
            taking_part.append({"official_id": self.official_id(official), "side": SIDES[official % 2],
                                "role": dice.choice(ROLES), "attendance": dice.choice(ATTENDANCES),
                                "post_id": self.one(dice, self.sizes.posts, self.post_id, 0.6),
                                "organization_id": self.one(dice, self.sizes.organizations, self.organization_id, 0.8)})
        start = self.date(dice, 0.03)
        return {"id": self.meeting_id(number), "name": f"{self.words(dice, 2, 5)} {number % 1000}",
                "classification": dice.choice(MEETING_KINDS), "status": dice.choice(MEETING_STATES), "start_date": start,
                "end_date": start if dice.random() < 0.3 else None,
                "place_id": self.one(dice, self.sizes.places, self.place_id),
                "parent_id": self.one(dice, number, self.meeting_id, 0.8) if number else None,
                "mechanism_id": self.one(dice, self.sizes.agreements, self.mechanism_id, 0.7),
                "session_number": dice.choice([None, None, 1, 2, 3, 17]), "description": self.prose(dice),
                "topic_ids": self.few(dice, self.sizes.topics, self.topic_id, 4),
                "participants": taking_part, "citations": self.cite(dice)}

    def statements_(self, number):
        dice = self.dice("statement", number)
        official = int(self.sizes.officials * dice.random() ** 3)
        return {"id": self.statement_id(number), "meeting_id": self.meeting_id(number // 2), "date": self.date(dice),
                "official_id": self.official_id(official) if dice.random() < 0.8 else None,
                "side": dice.choice(["VN", "CN", "VN", "CN", "joint", None]), "act": dice.choice(ACTS),
                "text": self.words(dice, 6, 20) + ".",
                "agreement_id": self.one(dice, self.sizes.agreements, self.agreement_id, 0.5),
                "topic_ids": self.few(dice, self.sizes.topics, self.topic_id, 3),
                "place_ids": self.few(dice, self.sizes.places, self.place_id, 2),
                "follows_id": self.statement_id(number - 1) if number % 2 else None, "citations": self.cite(dice)}

    def figures_(self, number):
        dice, year = self.dice("figure", number), 1992 + number % 34
        ranged, value = dice.random() < 0.1, round(dice.uniform(0, 90), dice.randint(0, 2))
        return {"id": f"figure-{number}", "indicator": dice.choice(INDICATORS),
                "ref_area_id": self.one(dice, self.sizes.places, self.place_id, 0.02),
                "counterpart_area_id": self.one(dice, self.sizes.places, self.place_id, 0.3),
                "trade_flow": dice.choice(["export", "import", "total", None]),
                "commodity_id": self.one(dice, self.sizes.topics, self.commodity_id, 0.5),
                "time_period": dice.choice([f"{year}", f"{year}-Q{1 + number % 4}", f"{year}-{1 + number % 12:02}", None]),
                "freq": dice.choice(["A", "Q", "M"]), "value": None if ranged else value,
                "value_low": value if ranged else None, "value_high": value + 2 if ranged else None,
                "qualifier": "between" if ranged else dice.choice(QUALIFIERS), "value_text": f"some {value} billion",
                "unit_measure": dice.choice(["USD", "PERCENT"]), "unit_mult": dice.choice([0, 6, 9]),
                "currency": dice.choice(["USD", None]), "obs_comment": self.prose(dice, 0.9),
                "topic_ids": self.few(dice, self.sizes.topics, self.topic_id, 2), "citations": self.cite(dice)}

    def collections(self):
        """(file's name, type, how many, the maker), in an order in which most references look back."""
        sizes = self.sizes
        return [("sources", "source", sizes.sources, self.sources_), ("topics", "topic", sizes.topics, self.topics_),
                ("places", "place", sizes.places, self.places_),
                ("organizations", "organization", sizes.organizations, self.organizations_),
                ("posts", "post", sizes.posts, self.posts_), ("officials", "official", sizes.officials, self.officials_),
                ("agreements", "agreement", sizes.agreements, self.agreements_),
                ("meetings", "meeting", sizes.meetings, self.meetings_),
                ("statements", "statement", sizes.statements, self.statements_),
                ("trade-figures", "trade_figure", sizes.figures, self.figures_)]


def line(record, **more):
    return json.dumps({**more, **record}, ensure_ascii=False, separators=(",", ":")) + "\n"


DATASET = {"id": "generated", "name": "A generated record", "license": "CC0-1.0",
           "license_url": "https://creativecommons.org/publicdomain/zero/1.0/"}
FILE_RECORDS = 200_000  # of one file: it stays below the size that seeds may have


def write_folder(record, folder):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "dataset.json").write_text(json.dumps(DATASET))
    for name, _, count, make in record.collections():
        for first in range(0, count, FILE_RECORDS):
            with open(folder / f"{name}.{first // FILE_RECORDS}.ndjson", "w", encoding="utf-8") as file:
                file.writelines(line(make(number)) for number in range(first, min(count, first + FILE_RECORDS)))


def main(arguments):
    parser = argparse.ArgumentParser(description="Makes a record of any size.")
    parser.add_argument("folder", help="where to, or - for one stream on standard output")
    parser.add_argument("--meetings", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    record = Record(Sizes(options.meetings), options.seed)
    if options.folder != "-":
        write_folder(record, pathlib.Path(options.folder))
        return 0
    for _, kind, count, make in record.collections():
        sys.stdout.writelines(line(make(number), type=kind) for number in range(count))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
