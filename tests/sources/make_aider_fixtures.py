"""Makes the golden home of aider from a recording: its analytics log, which holds no texts.

python tests/sources/make_aider_fixtures.py RECORDINGS
"""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.sources.invented import COUNTERS, Words, write_lines, write_truth

HERE = Path(__file__).parent / "aider"
CLIENT = "aider-0.86.2"
WORDS = Words(
    kept=frozenset({"event", "main_model", "weak_model", "editor_model", "edit_format"}),
    replaced={"user_id": "00000000-0000-4000-8000-000000000001"},
)


def truth_of(recording: Path) -> dict[str, Any]:
    """Return what the log must give: the one exact call, and those that aider counted with its own tokenizer."""
    told = json.loads((recording / "expected.json").read_text(encoding="utf-8"))
    counts = [answer["counts"] for answer in told["answers"] if answer["records_on_disk"]]
    calls = [(one["input_uncached"] + one["cache_read"], one["output"], "openai") for one in counts]
    for record in told["records_not_in_ledger"]:
        calls += [(record["usage"]["in_total"], record["usage"]["out_total"], "")] * record["times"]
    totals = dict.fromkeys(("generations", *COUNTERS), 0) | {
        "generations": len(calls),
        "input_tokens": sum(sent for sent, _, _ in calls),
        "output_tokens": sum(received for _, received, _ in calls),
    }
    # aider knows none of the scripted models and so hides their names; each scenario is a run of its own.
    return {"totals": totals, "models": {"": totals}, "flags": {"estimated": len(calls)}, "runs": len(calls)}


def main(recordings: Path) -> None:
    """Write the golden home anew."""
    recording = recordings / CLIENT
    shutil.rmtree(HERE, ignore_errors=True)
    write_lines(recording / "home/aider-analytics.jsonl", HERE / "0.86.2/recorded/aider-analytics.jsonl", WORDS)
    write_truth(HERE, {"0.86.2/recorded": truth_of(recording)})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
