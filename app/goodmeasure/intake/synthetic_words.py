"""Invented words for synthetic logs: projects, titles, and filler of any length that is already escaped for JSON."""

from random import Random
from typing import NamedTuple

CELL_BYTES = 64
"""Filler is cut at multiples of this, so that no escape sequence is ever split."""

_CELLS = 32_768
_FILLER = (
    "the", "parser", "keeps", "each", "row", "and", "returns", "value", "when", "index", "moves", "past", "margin",
    "invoice", "batch", "harbour", "lantern", "copper", "orchard", "window", "shelf", "ribbon", "quartz", "meadow",
    "if", "count", "==", "limit:", "return", "None", "for", "item", "in", "queue:", "yield", "item,", "self.total",
    "+=", "1", "def", "load(path):", "with", "open(path)", "as", "stream:", "# note", "const", "result", "=", "await",
)  # fmt: skip


class Project(NamedTuple):
    """One invented piece of work: its folder, its branch names and what is done in it."""

    name: str
    branches: tuple[str, ...]
    objects: tuple[str, ...]
    kinds: tuple[str, ...]
    """Keys of `TASKS` that occur in this project."""


TASKS: dict[str, tuple[str, ...]] = {
    "build": ("Add {} ", "Build {}", "Let people export {}", "First version of {}", "Wire up {}"),
    "fix": ("Fix {} after the upgrade", "Find out why {} is slow", "Repair {} on Windows", "{}: wrong on month ends"),
    "refactor": ("Split {} into smaller parts", "Simplify {}", "Remove the old way to do {}", "Rename things in {}"),
    "test": ("Write tests for {}", "Make the tests of {} reliable", "Cover the edge cases of {}"),
    "review": ("Review the change to {}", "Second look at {}", "Check {} for privacy problems"),
    "research": ("Compare three ways to do {}", "What do others do about {}?", "Is {} worth doing?"),
    "analyse": ("Why did {} change in spring?", "Summarise the numbers behind {}", "Chart {} by quarter"),
    "write": ("Draft the guide to {}", "Shorten the page about {}", "Release notes for {}", "Answer questions on {}"),
    "operate": ("Move {} to the new server", "Clean up after {}", "Check the logs of {}"),
    "plan": ("Plan the work on {}", "Estimate {}", "List the risks of {}"),
}

PROJECTS: tuple[Project, ...] = (
    Project(
        "harbour-booking", ("main", "berth-map", "fix/refunds", "calendar-v2"),
        ("the berth map", "refunds", "the harbour calendar", "double bookings", "the price table", "e-mail receipts",
         "search by boat length", "the mooring import"),
        ("build", "fix", "test", "refactor", "review"),
    ),
    Project(
        "invoice-reader", ("main", "table-detection", "vat-rules"),
        ("table detection", "the VAT rules", "scanned receipts", "supplier matching", "the review queue",
         "the CSV export"),
        ("build", "fix", "test", "analyse"),
    ),
    Project(
        "field-guide", ("main", "winter-edition"),
        ("the winter edition", "bird calls", "the photo pages", "offline maps", "the glossary"),
        ("write", "research", "build", "plan"),
    ),
    Project(
        "warehouse-api", ("main", "pick-lists", "stock-events", "hotfix/timeouts"),
        ("stock events", "pick lists", "the timeout handling", "label printing", "the nightly sync", "rate limits",
         "the audit trail"),
        ("fix", "build", "refactor", "operate", "review"),
    ),
    Project(
        "quarterly-report", ("main",),
        ("delivery times", "support tickets", "the churn table", "energy costs", "the training budget"),
        ("analyse", "write", "plan"),
    ),
    Project(
        "meter-firmware", ("main", "low-power", "radio-retry"),
        ("the low-power mode", "radio retries", "the calibration table", "the bootloader", "unit conversion"),
        ("fix", "test", "research", "refactor"),
    ),
    Project("team-handbook", ("main",), ("on-call", "code review", "the first week", "incident notes"),
            ("write", "plan")),
)  # fmt: skip


class Words:
    """Filler text cut from one invented sheet: fast enough to write a gigabyte in seconds."""

    def __init__(self, random: Random) -> None:
        """Write the sheet once."""
        self._random = random
        self._sheet = "".join(_cell(random) for _ in range(_CELLS))

    def escaped(self, length: float) -> str:
        """Return about `length` bytes of ASCII text, at least one cell, escaped for a JSON string."""
        cells = max(1, int(length) // CELL_BYTES)
        if cells >= _CELLS:
            return self._sheet * (cells // _CELLS) + self.escaped(cells % _CELLS * CELL_BYTES)
        start = self._random.randrange(_CELLS - cells) * CELL_BYTES
        return self._sheet[start : start + cells * CELL_BYTES]

    def title(self, project: Project) -> str:
        """Return a believable name of one piece of work, in words that need no escaping."""
        pattern = self._random.choice(TASKS[self._random.choice(project.kinds)])
        text = pattern.format(self._random.choice(project.objects)).strip()
        return text[0].upper() + text[1:]


def happens(random: Random, share: float) -> bool:
    """Return True in `share` of all calls, 0 to 1."""
    return random.random() < share


def _cell(random: Random) -> str:
    text = ""
    while len(text) < CELL_BYTES:
        text += random.choice(_FILLER) + " "
    # The cut may fall inside a word: filler means nothing, and holds no character that JSON escapes but this one.
    return text[: CELL_BYTES - 2] + ("\\n" if happens(random, 0.7) else "\\t")
