"""What is to be reached: each goal, what this run measured, and the verdict."""

import typing

from contenders import BARE, CACHED, FASTIFY, FILE, FRESH, JSON_SERVER, RETURN, SOUL, ULFIUS
from figures import number, table

TOLERANCE = 0.05  # from the A/A control


class Goal(typing.NamedTuple):
    figure: str
    sign: str  # "≥" or "≤"
    bound: float
    unit: str  # "×" of a ratio
    value: typing.Callable  # (speed, figures) -> number or None


def ratio(cell, above, below, figure="rate", other=None):
    return lambda speed, figures: speed.results.ratio((cell, above), (other or cell, below), figure)


def figure(name):
    return lambda speed, figures: figures.get(name)


ONE, MANY = "list, one URL, 64", "list, 2,000 URLs, 64"
DETAIL, DETAILS = "detail, one URL, 64", "detail, 2,000 URLs, 64"
ONE_128, ONE_256 = "list, one URL, 128", "list, one URL, 256"
ONE_TWO, MANY_TWO = "list, one URL, 64, two workers", "list, 2,000 URLs, 64, two workers"

# To add a goal, add a row.
GOALS = [
    Goal("cached list against bare MHD", "≥", 0.95, "×", ratio(ONE, CACHED, BARE)),
    Goal("… CPU", "≤", 1.08, "×", ratio(ONE, CACHED, BARE, "cpu")),
    Goal("cached detail against bare MHD", "≥", 0.95, "×", ratio(DETAIL, CACHED, BARE)),
    Goal("… CPU", "≤", 1.08, "×", ratio(DETAIL, CACHED, BARE, "cpu")),
    Goal("cached list, 2,000 URLs, against bare MHD", "≥", 0.80, "×", ratio(MANY, CACHED, BARE)),
    Goal("cached detail, 2,000 URLs, against bare MHD", "≥", 0.80, "×", ratio(DETAILS, CACHED, BARE)),
    Goal("cached list against nginx's file", "≥", 1.2, "×", ratio(ONE, CACHED, FILE)),
    Goal("cached detail against nginx's file", "≥", 1.2, "×", ratio(DETAIL, CACHED, FILE)),
    Goal("cached list against nginx's return", "≥", 0.95, "×", ratio(ONE, CACHED, RETURN)),
    Goal("cached detail against nginx's return", "≥", 0.95, "×", ratio(DETAIL, CACHED, RETURN)),
    Goal("cached list, 128 connections against 64", "≥", 0.8, "×", ratio(ONE_128, CACHED, CACHED, other=ONE)),
    Goal("cached list, 256 connections against 64", "≥", 0.8, "×", ratio(ONE_256, CACHED, CACHED, other=ONE)),
    Goal("… 128 against nginx's file", "≥", 1.2, "×", ratio(ONE_128, CACHED, FILE)),
    Goal("… 256 against nginx's file", "≥", 1.2, "×", ratio(ONE_256, CACHED, FILE)),
    Goal("… p99 at 128 against nginx's file", "≤", 1.0, "×", ratio(ONE_128, CACHED, FILE, "p99")),
    Goal("… p99 at 256 against nginx's file", "≤", 1.0, "×", ratio(ONE_256, CACHED, FILE, "p99")),
    Goal("304 against cached 200", "≥", 1.05, "×", figure("304")),
    Goal("fresh list, random pages, against bare MHD", "≥", 0.40, "×", ratio(MANY, FRESH, BARE)),
    Goal("fresh detail, random ids, against bare MHD", "≥", 0.45, "×", ratio(DETAILS, FRESH, BARE)),
    Goal("fresh list against ulfius", "≥", 4, "×", ratio(MANY, FRESH, ULFIUS)),
    Goal("fresh list against Fastify", "≥", 6, "×", ratio(MANY, FRESH, FASTIFY)),
    Goal("fresh list against Fastify, two workers each", "≥", 3, "×", ratio(MANY_TWO, FRESH, FASTIFY)),
    Goal("fresh list against soul-cli", "≥", 15, "×", ratio(MANY, FRESH, SOUL)),
    Goal("fresh list against json-server", "≥", 500, "×", ratio(MANY, FRESH, JSON_SERVER)),
    Goal("cached list against ulfius", "≥", 11, "×", ratio(ONE, CACHED, ULFIUS)),
    Goal("cached list against Fastify", "≥", 16, "×", ratio(ONE, CACHED, FASTIFY)),
    Goal("cached list against Fastify, two workers each", "≥", 9, "×", ratio(ONE_TWO, CACHED, FASTIFY)),
    Goal("cached list against soul-cli", "≥", 36, "×", ratio(ONE, CACHED, SOUL)),
    Goal("cached list against json-server", "≥", 2000, "×", ratio(ONE, CACHED, JSON_SERVER)),
    Goal("a deep page against page 1, worst sort, CPU", "≤", 1.15, "×", figure("depth")),
    Goal("the commonest word against a rare one, CPU", "≤", 5, "×", figure("words")),
    Goal("others beside the dearest question: p99", "≤", 3, "×", figure("worst p99")),
    Goal("… requests answered", "≥", 0.9, "×", figure("worst rate")),
    Goal("a list with its total, count=auto, is dearer by", "≤", 1, "ms", figure("auto")),
    Goal("half of the list with count=capped is dearer by", "≤", 1, "ms", figure("capped")),
    Goal("a list with five facets", "≤", 100, "ms", figure("facets")),
    Goal("reads of the mix against reads alone", "≥", 0.6, "×", figure("mix")),
    Goal("durable POSTs, 8 clients, against a loop's inserts", "≥", 1.5, "×", figure("posts")),
    Goal("import, rows a second, against a loop's inserts", "≥", 0.5, "×", figure("import")),
    Goal("… resident at most", "≤", 64, "MB", figure("import MB")),
    Goal("start on an existing store against bare MHD", "≤", 2, "×", figure("start bare")),
    Goal("… against nginx", "≤", 1, "×", figure("start nginx")),
    Goal("RssAnon idle", "≤", 6, "MB", figure("idle")),
    Goal("… after load, the cache's 64 MB included", "≤", 74, "MB", figure("after load")),
    Goal("… of an idle connection", "≤", 10, "KB", figure("connection")),
    Goal("… grown over all requests, once warm", "≤", 1, "MB", figure("flat")),
    Goal("growth: ten times the record, CPU", "≤", 1.3, "×", figure("growth")),
]


def verdict(goal, value):
    if value is None:
        return "not measured"
    good = value >= goal.bound if goal.sign == "≥" else value <= goal.bound
    near = value >= goal.bound * (1 - TOLERANCE) if goal.sign == "≥" else value <= goal.bound * (1 + TOLERANCE)
    return "reached" if good else "reached within 5 %" if near else "MISSED"


def goals_table(speed, figures):
    rows = []
    for goal in GOALS:
        value = goal.value(speed, figures)
        shown = "–" if value is None else f"{number(value)} {goal.unit}"
        rows.append([goal.figure, shown, f"{goal.sign} {number(goal.bound)} {goal.unit}", verdict(goal, value)])
    return table(["figure", "measured", "goal", "verdict"], rows)
