"""The report: Markdown on standard output as it comes to be, and into docs/performance.md when asked."""

import sys
import traceback

from data import ROOT
from tools import Missing

DOCUMENT = ROOT / "docs" / "performance.md"
HEADING = "## The last full run"  # in the document: what stands below it is a report


class Report:
    def __init__(self):
        self.texts = []

    def write(self, text):
        self.texts.append(text)
        print(text, "\n", sep="", end="\n", flush=True)

    def section(self, name, function, *arguments):
        """One that fails says so and leaves the others alone."""
        self.write(f"### {name}")
        try:
            found = function(*arguments)
        except Missing as missing:
            found = f"Skipped: {missing}."
        except Exception as error:  # whatever it is, it is reported
            traceback.print_exc()
            found = f"Failed: {error}"
        self.write(found)

    def record(self):
        """Replace the report in the document."""
        before = DOCUMENT.read_text().partition(HEADING)[0]
        DOCUMENT.write_text(before + HEADING + "\n\n" + "\n\n".join(self.texts) + "\n")
