"""Seeds that a careless writer breaks on: quotes, line breaks, long names, dates of every kind."""

import random

import seedset

VIETNAMESE = "Ưỡng Thượng Hường nguyễn Đặng Ổn " * 10
NAMES = {
    "quotes": 'Talks "so-called", \'quoted\'; with \\ and \\n and , commas',
    "markup": "</title></entry><script>alert(1)</script> & &amp; ]]> <!-- -->",
    "calendar": "END:VEVENT BEGIN:VEVENT:;,\\;\\,:",
    "vietnamese": VIETNAMESE[:298].strip() + "Ế",
    "decomposed": "Hướng dẫn " * 20 + "Đỗ",
    "han": "广西壮族自治区党委书记陈刚会见" * 18,
    "emoji": "👩🏽‍🤝‍👨🏻🇻🇳🇨🇳" * 12,
    "breaks": "one\u2028two\u2029three\u0085four\u00a0five\u200b",
    "controls": "a\u0080b\u009fc\ufffed\uffffe\U0001fffe\U0010ffff",
    "directions": "\u202eevil\u202c \u05d0\u05d1 \ufeffmark",
    "templates": "{{7*7}} ${jndi:x} %s %n %n =1+1 @{x} {'@id':'x'}",
    "folded": "x" * 66 + "é" + "y" * 74 + "中" + "z" * 73 + "🤝",
}
# And what nobody thought of: letters, marks and breaks in any order, the same in every run.
ALPHABET = "aZ9 ,;:\\\"'<>&]nN%{}\u0085\u00a0\u0301\u0323\u200d\u2028\u2029\u20ac\ufffe\uffff" \
           "Đđẵệ中桂🤝🇻\U0010fffd"
_CHANCE = random.Random(5545)
NAMES |= {f"chance-{number}": "x" + "".join(_CHANCE.choices(ALPHABET, k=_CHANCE.randint(1, 250))) + "x"
          for number in range(20)}
DESCRIPTION = "one, two; three\n\nBEGIN:VEVENT\nEND:VCALENDAR\n\ttabbed \\n \\\\ \"quoted\"\n]]></summary>&lt;\n\n🤝"

# What a meeting may have as its start and end -> DTSTART and DTEND, worked out by hand.
DATES = {
    "day": ("2024-11-20", None, "20241120", "20241121"),
    "range": ("2024-11-20", "2024-11-22", "20241120", "20241123"),
    "over-the-year": ("2024-12-30", "2025-01-02", "20241230", "20250103"),
    "leap-day": ("2024-02-29", None, "20240229", "20240301"),
    "to-leap-day": ("2024-02-28", "2024-02-29", "20240228", "20240301"),
    "no-leap-day": ("1900-02-28", None, "19000228", "19000301"),
    "year": ("2026", None, "20260101", "20270101"),
    "spring": ("2026-21", None, "20260301", "20260601"),
    "winter": ("2023-24", None, "20231201", "20240301"),
    "quarter": ("2025-36", None, "20251001", "20260101"),
    "month": ("2025-02", None, "20250201", "20250301"),
    "months": ("2025-11", "2026-02", "20251101", "20260301"),
    "about": ("2025-11~", None, "20251101", "20251201"),
    "doubted": ("2024-11-20?", "2024-11-22?", "20241120", "20241123"),
    "both": ("2025%", None, "20250101", "20260101"),
    "first": ("0001-01-01", None, "00010101", "00010102"),
    "last": ("9999-12-31", None, "99991231", None),
    "undated": (None, None, None, None),
}
EXACT = {"day", "range", "over-the-year", "leap-day", "to-leap-day", "no-leap-day", "first", "last"}


def seeds():
    data = seedset.good()
    cite = seedset.cite()
    for number, (key, name) in enumerate(NAMES.items()):
        data["places.json"].append({"id": f"place-{key}", "name": name, "country": "FR",
                                    "parent_id": "freedonia", "latitude": -0.5 + number,
                                    "longitude": 1e2, "citations": cite})
        data["topics.json"].append({"id": f"topic-{key}", "name": name, "citations": cite})
        data["organizations.json"].append({"id": f"body-{key}", "name": name, "citations": cite})
        data["officials.json"].append({
            "id": f"official-{key}", "name": name, "sort_name": name, "citations": cite,
            "other_names": [{"name": name, "kind": "alternative", "lang": "zh-Hant"}],
            "tenures": [{"post_id": "chancellor", "label": name, "start_date": "2024-21",
                         "end_date": "2025"}]})
        data["meetings.json"].append({
            "id": f"2025-01-01-{key}", "name": name, "status": "cancelled",
            "start_date": "2025-01-01", "place_id": f"place-{key}", "parent_id": "2025-01-09-talks",
            "description": DESCRIPTION, "topic_ids": [f"topic-{key}", "trade"],
            "participants": [{"official_id": f"official-{key}", "name": name, "role": "chair",
                              "attendance": "present", "post_label": name},
                             {"organization_id": f"body-{key}", "attendance": "absent"}],
            "citations": cite})
    for key, (start, end, _, _) in DATES.items():
        data["meetings.json"].append({"id": f"date-{key}", "name": f"Date {key}",
                                      "status": "postponed", "start_date": start, "end_date": end,
                                      "citations": cite})
    return data
