"""Medians, ratios and tables of them."""

import math
import statistics


def median(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def ratio(above, below):
    """The median of the ratios of each round, since a machine drifts from round to round."""
    pairs = [(a, b) for a, b in zip(above, below) if a is not None and b]
    return statistics.median(a / b for a, b in pairs) if pairs else None


def number(value):
    """As people read it: three digits (two below 1), no exponent, thousands apart."""
    if value is None:
        return "–"
    size = abs(value)
    if size >= 1000 or size == 0:
        return f"{value:,.0f}"
    digits = 3 if size >= 1 else 2
    return f"{value:.{min(8, max(0, digits - 1 - math.floor(math.log10(size))))}f}"


def table(heads, rows):
    """A Markdown table. Numbers are given as numbers; a column of texts is aligned to the left."""
    texts = [all(isinstance(row[i], str) for row in rows) for i in range(len(heads))]
    rows = [[cell if isinstance(cell, str) else number(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]

    def line(cells):
        return "| " + " | ".join(cell.ljust(width) if text else cell.rjust(width)
                                 for cell, width, text in zip(cells, widths, texts)) + " |"

    rule = ["-" * width if text else "-" * (width - 1) + ":" for width, text in zip(widths, texts)]
    return "\n".join([line(heads), line(rule), *map(line, rows)])


class Rounds:
    """What every round gave: (cell, contender) -> slices, in the order of the rounds."""

    def __init__(self):
        self.slices = {}

    def add(self, cell, contender, found):
        self.slices.setdefault((cell, contender), []).append(found)

    def values(self, cell, contender, figure="rate"):
        return [getattr(each, figure) if each else None for each in self.slices.get((cell, contender), [])]

    def median(self, cell, contender, figure="rate"):
        return median(self.values(cell, contender, figure))

    def ratio(self, above, below, figure="rate"):
        """Of two (cell, contender)."""
        return ratio(self.values(*above, figure), self.values(*below, figure))
