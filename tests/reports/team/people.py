"""Invented teams for tests: keys that are the same in each run, cards, a roster, and everybody's files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goodmeasure.disclosure.team import Closing, Contribution, CountAnswer, Roster, SumAnswer
from goodmeasure.reports.team.answering import count_file, opened_count, opened_sums, sum_file
from goodmeasure.reports.team.handing_in import closing_file, contribution_file, opened_closing, opened_contribution
from goodmeasure.reports.team.roster import card_file, opened_card, opened_roster, roster_file
from goodmeasure.reports.team.signed import Signed

PERIOD = "2026-10"
MADE_ON = date(2026, 11, 2)
NAMES = ("Ada", "Bo", "Cy", "Dee", "Eve", "Flo", "Gus", "Hal", "Ida", "Jo", "Kay", "Lea", "Max", "Nia")


def key_of(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())


def public_of(name: str) -> str:
    return key_of(name).public_key().public_bytes_raw().hex()


def roster_of(members: int, *, smallest: int | None = None) -> Signed[Roster]:
    """A team whose coordinator is its last member and whose stewards are the first three."""
    names = NAMES[:members]
    cards = [opened_card(card_file(name, key_of(name))) for name in names]
    data = roster_file("Platform", cards, names[:3], key_of(names[-1]), MADE_ON, smallest=smallest)
    return opened_roster(data)


@dataclass
class Round:
    """One period of a team, in which everybody does what their app does."""

    roster: Signed[Roster]
    period: str = PERIOD
    files: dict[str, Signed[Contribution]] = field(default_factory=dict)
    counts: list[Signed[CountAnswer]] = field(default_factory=list)
    sums: list[Signed[SumAnswer]] = field(default_factory=list)
    closing: Signed[Closing] | None = None

    def hand_in(self, name: str, values: Mapping[str, int] | None) -> Signed[Contribution]:
        data = contribution_file(self.roster, self.period, values, key_of(name))
        found = opened_contribution(data, self.roster, self.period)
        self.files[found.digest] = found
        return found

    def close(self, names: Sequence[str] | None = None) -> Signed[Closing]:
        wanted = None if names is None else {public_of(name) for name in names}
        files = [one for one in self.files.values() if wanted is None or one.signer in wanted]
        data = closing_file(self.roster, self.period, files, key_of(self.roster.record.coordinator.name))
        self.closing = opened_closing(data, self.roster, self.period)
        return self.closing

    def count(self, name: str) -> Signed[CountAnswer]:
        assert self.closing is not None
        data = count_file(self.roster, self.closing, self.files, key_of(name))
        self.counts.append(opened_count(data, self.roster, self.closing))
        return self.counts[-1]

    def sum(self, name: str) -> Signed[SumAnswer]:
        assert self.closing is not None
        data = sum_file(self.roster, self.closing, self.files, self.counts, key_of(name))
        self.sums.append(opened_sums(data, self.roster, self.closing))
        return self.sums[-1]
