"""The shared folder of a team: which file lies where, read with care, written whole and never over something else.

    cards/<key>.card              one for each person
    roster.team                   one for the folder
    <period>/member-<key>.team    one for each member who handed in
    <period>/closing.team
    <period>/count-<n>.team, sums-<n>.team    the stewards' answers
    <period>/total.json

`<key>` are the first 16 hex digits of the signing key; what counts is the file's content, not its name.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from goodmeasure.disclosure.team import Card, Closing, Contribution, CountAnswer, Roster, SumAnswer
from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.saving import write_once
from goodmeasure.reports.team.answering import opened_count, opened_sums
from goodmeasure.reports.team.handing_in import opened_closing, opened_contribution
from goodmeasure.reports.team.roster import opened_card, opened_roster
from goodmeasure.reports.team.signed import LARGEST_FILE_BYTES, Signed

MOST_FILES: Final = 1_000
"""More files of one kind than this are not looked at: a team has 200 members."""

_KEY_DIGITS: Final = 16
_T = TypeVar("_T")

Problems = list[str]
"""What was left aside, one sentence each, with the file's name."""


class TeamFolder:
    """One team's shared folder. All methods raise Refusal where the folder cannot be read or written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def roster_path(self) -> Path:
        """Where the roster lies."""
        return self.folder / "roster.team"

    def card_path(self, key: str) -> Path:
        """Return where the card of the person with this key lies."""
        return self.folder / "cards" / f"{key[:_KEY_DIGITS]}.card"

    def member_path(self, period: str, key: str) -> Path:
        """Return where the member with this key hands in."""
        return self.folder / period / f"member-{key[:_KEY_DIGITS]}.team"

    def closing_path(self, period: str) -> Path:
        """Return where the closing list lies."""
        return self.folder / period / "closing.team"

    def answer_path(self, period: str, kind: str, steward: int) -> Path:
        """Return where a steward's answer lies; `kind`: count or sums."""
        return self.folder / period / f"{kind}-{steward}.team"

    def total_path(self, period: str) -> Path:
        """Return where the sums lie."""
        return self.folder / period / "total.json"

    def put(self, path: Path, data: bytes) -> Path:
        """Write a file whole; one that holds the same is left alone, one that holds anything else is never replaced."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_once(path, data)
        except OSError as error:
            raise Refusal(f"{path} cannot be written ({error.strerror}): check the shared folder.") from error
        return path

    def remove(self, path: Path, data: bytes) -> bool:
        """Delete a file that holds exactly these bytes; say whether there was one."""
        try:
            if path.is_symlink() or not path.is_file() or path.read_bytes() != data:
                return False
            path.unlink()
        except OSError as error:
            raise Refusal(f"{path} cannot be deleted ({error.strerror}): check the shared folder.") from error
        return True

    def cards(self) -> tuple[list[Signed[Card]], Problems]:
        """Return everybody's cards, by name, and what was left aside."""
        found, problems = _opened(self._files("cards", "*.card"), opened_card)
        return sorted(found, key=lambda card: card.record.name.casefold()), problems

    def roster(self) -> Signed[Roster] | None:
        """Return the roster; None where there is none yet. Raises Refusal where it cannot be trusted."""
        return opened_roster(_bytes_of(self.roster_path)) if self.roster_path.exists() else None

    def periods(self) -> list[str]:
        """Return the names of the folders that may be of periods, newest first."""
        try:
            return sorted((path.name for path in self.folder.iterdir() if path.is_dir()), reverse=True)
        except OSError:
            return []

    def contributions(self, roster: Signed[Roster], period: str) -> tuple[list[Signed[Contribution]], Problems]:
        """Return the members' files, each once, and what was left aside."""
        found, problems = _opened(
            self._files(period, "member-*.team"), lambda data: opened_contribution(data, roster, period)
        )
        return list({one.digest: one for one in found}.values()), problems

    def closing(self, roster: Signed[Roster], period: str) -> Signed[Closing] | None:
        """Return the closing list; None where there is none yet.

        Raises Refusal where it cannot be trusted, or where the folder holds two different ones.
        """
        found = [opened_closing(_bytes_of(path), roster, period) for path in self._files(period, "closing*.team")]
        if len({one.digest for one in found}) > 1:
            raise Refusal("The coordinator signed two different closing lists: answer neither, and tell the team.")
        return found[0] if found else None

    def counts(self, roster: Signed[Roster], closing: Signed[Closing]) -> tuple[list[Signed[CountAnswer]], Problems]:
        """Return the stewards' counts, and what was left aside."""
        files = self._files(closing.record.period, "count-*.team")
        return _opened(files, lambda data: opened_count(data, roster, closing))

    def sums(self, roster: Signed[Roster], closing: Signed[Closing]) -> tuple[list[Signed[SumAnswer]], Problems]:
        """Return the stewards' sums, and what was left aside."""
        files = self._files(closing.record.period, "sums-*.team")
        return _opened(files, lambda data: opened_sums(data, roster, closing))

    def _files(self, part: str, pattern: str) -> list[Path]:
        try:
            found = sorted((self.folder / part).glob(pattern))
        except OSError as error:
            raise Refusal(f"{self.folder} cannot be read ({error.strerror}): check the shared folder.") from error
        if len(found) > MOST_FILES:
            raise Refusal(f"{self.folder / part} holds over {MOST_FILES:,} files: this is no team's folder.")
        return found


def _opened(paths: list[Path], opened: Callable[[bytes], _T]) -> tuple[list[_T], Problems]:
    found: list[_T] = []
    problems: Problems = []
    for path in paths:
        try:
            found.append(opened(_bytes_of(path)))
        except Refusal as refusal:
            problems.append(f"{path.name}: {refusal}")
    return found, problems


def _bytes_of(path: Path) -> bytes:
    """Return a file's bytes, one more than the cap at most. Links, pipes and devices are not opened."""
    try:
        if path.is_symlink() or not path.is_file():
            raise Refusal(f"{path} is not a plain file: take it away.")
        with path.open("rb") as stream:
            return stream.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise Refusal(f"{path} cannot be read ({error.strerror}): wait until the folder is in sync.") from error
