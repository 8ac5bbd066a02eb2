"""Medians, ratios and tables of them."""

import statistics


def median(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def ratio(above, below):
    """The median of the ratios of each round, since a machine drifts from round to round."""
    pairs = [(a, b) for a, b in zip(above, below) if a is not None and b]
    return statistics.median(a / b for a, b in pairs) if pairs else None


def number(value, digits=3):
    """As people read it: 3 digits, no exponent, thousands apart."""
    if value is None:
        return "–"
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    places = max(0, digits - len(str(int(abs(value)))))
    return f"{value:.{places}f}"


def table(heads, rows):
    """A Markdown table; the first column is text, the others are aligned as numbers."""
    rows = [[cell if isinstance(cell, str) else number(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in [heads, *rows]) for i in range(len(heads))]

    def line(cells):
        return "| " + " | ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                                 for i, (cell, width) in enumerate(zip(cells, widths))) + " |"

    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
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
