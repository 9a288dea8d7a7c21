"""Unknown is not zero: a counter that a source's logs never tell is None, and the source says so.

Over all golden homes and all recordings of a source, through the real import.
"""

import json
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from goodmeasure.domain.events import GenerationFlag
from goodmeasure.sources.base import Capability, Source
from goodmeasure.sources.registry import all_sources
from tests.sources.homes import COUNTERS, build_databases, golden_homes, import_into, lay_out, scratch_ledger

RECORDED = Path(__file__).parents[1] / "clients" / "recorded"
ESTIMATED = int(GenerationFlag.ESTIMATED)
NOW_AND_THEN = {
    ("copilot-chat", "input_tokens"): "only the last round of a request is counted, and not for every model",
    ("copilot-chat", "output_tokens"): "the same",
    ("cursor", "input_tokens"): "older builds counted some answers",
    ("cursor", "output_tokens"): "the same",
}
"""Told for so few calls that the source does not promise it."""
NOT_IN_THE_HOMES = {
    ("aider", "cache_read_tokens"): "in the chat history only: test_aider.py",
    ("aider", "cache_write_5m_tokens"): "the same",
    ("llm", "cache_write_5m_tokens"): "with a plugin for Anthropic only: test_llm.py",
}
HAVE_HOMES = [source for source in all_sources() if any(owner is source for owner, _, _ in golden_homes())]


def homes_of(source: Source, folder: Path) -> list[Path]:
    homes = [
        lay_out(source, name, folder / f"golden-{number}")
        for number, (owner, name, _) in enumerate(golden_homes())
        if owner is source
    ]
    for recording in sorted(RECORDED.iterdir()):
        if json.loads((recording / "expected.json").read_text())["source"] == source.key:
            homes.append(Path(shutil.copytree(recording / "home", folder / recording.name)))
            build_databases(homes[-1])
    return homes


@pytest.mark.parametrize("owner", HAVE_HOMES, ids=lambda source: source.key)
def test_what_the_logs_never_tell_is_unknown_and_what_they_tell_is_not(owner: Source, tmp_path: Path) -> None:
    seen: dict[str, set[int | None]] = defaultdict(set)
    query = f"SELECT {', '.join(COUNTERS)} FROM generation WHERE NOT flags & {ESTIMATED}"  # noqa: S608 - our own names
    for number, home in enumerate(homes_of(owner, tmp_path)):
        (tmp_path / str(number)).mkdir()
        with scratch_ledger(tmp_path / str(number)) as ledger:
            import_into(ledger, owner, home)
            for row in ledger.raw().execute(query):
                for name, value in zip(COUNTERS, row, strict=True):
                    seen[name].add(value)
    for name, values in seen.items():
        if owner.capabilities[name] is Capability.YES:
            assert values != {None} or (owner.key, name) in NOT_IN_THE_HOMES, name
        elif (owner.key, name) not in NOW_AND_THEN:
            assert values == {None}, name
