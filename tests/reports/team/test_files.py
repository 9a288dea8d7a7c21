"""Files of a team sum as strangers could make them: each refusal is one sentence, and nothing is read past it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from goodmeasure.disclosure.team import TEAM_CELLS, Card, Contribution, Roster
from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.canonical import canonical_json
from goodmeasure.reports.signing import TEAM_NAMESPACE, public_key_line, sign
from goodmeasure.reports.team.handing_in import contribution_file, purpose
from goodmeasure.reports.team.roster import card_file, opened_card, opened_roster, roster_code, roster_file
from goodmeasure.reports.team.sealing import SealError, public_sealing_key, sealing_key, unsealed
from goodmeasure.reports.team.signed import opened_file, signed_file
from tests.reports.team.people import MADE_ON, NAMES, PERIOD, key_of, public_of, roster_of


def said(line: bytes, name: str = "Ada") -> bytes:
    """A file that says anything at all, truly signed."""
    return line + b"\n" + sign(line, key_of(name), TEAM_NAMESPACE)


def card() -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(opened_card(card_file("Ada", key_of("Ada"))).record)
    return fields


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "cannot be trusted"),
        (b"\n", "cannot be trusted"),
        (b"x" * 300_000, "larger than 256 KB"),
        (said(b"[" * 100_000), "format"),
        (said(b'{"format":' * 20_000), "format"),
        (said(b'{"format":"goodmeasure-team-card/1","name":"\xff"}'), "format"),
        (said(b"<html></html>"), "format"),
        (said(canonical_json({**card(), "more": 1})), "unknown field"),
        (said(canonical_json({key: value for key, value in card().items() if key != "name"})), "missing required"),
        (said(canonical_json({**card(), "name": ""})), "format"),
        (said(canonical_json({**card(), "name": "A\u202eda"})), "invisible or control character"),
        (said(canonical_json({**card(), "name": "A\nda"})), "invisible or control character"),
        (said(canonical_json({**card(), "name": 5})), "format"),
        (said(canonical_json({**card(), "sealing_key": "0" * 63 + "\n"})), "format"),
        (said(canonical_json({**card(), "sealing_key": "0" * 64})), "is no key"),
        (said(canonical_json({**card(), "format": "goodmeasure-team-card/2"})), "format"),
        (said(json.dumps(card()).encode()), "canonical form"),
        (said(canonical_json(card()).replace(b'{"format"', b'{"name":"Eve","format"')), "canonical form"),
        (card_file("Ada", key_of("Ada")) + b"\n", "cannot be trusted"),
        (card_file("Ada", key_of("Ada")).replace(b"Ada", b"Eve"), "cannot be trusted"),
        (canonical_json(card()) + b"\n" + sign(canonical_json(card()), key_of("Ada")), "cannot be trusted"),
    ],
)
def test_a_card_that_is_none_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Refusal, match=why) as refusal:
        opened_card(data)
    assert "\n" not in str(refusal.value)


def test_a_file_of_one_kind_is_none_of_another() -> None:
    with pytest.raises(Refusal, match="does not keep to its format"):
        opened_file(contribution_file(roster_of(5), PERIOD, None, key_of("Ada")), Card, "The card")


def roster_fields() -> dict[str, Any]:
    fields: dict[str, Any] = msgspec.to_builtins(roster_of(8).record)
    return fields


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"smallest": 4}, "smallest"),
        ({"smallest": 9}, "fewer members than it needs"),
        ({"members": roster_fields()["members"][:4]}, "members"),
        ({"members": [*roster_fields()["members"][:7], roster_fields()["members"][0]]}, "a member twice"),
        ({"stewards": [roster_fields()["stewards"][0]] * 3}, "a steward twice"),
        ({"stewards": roster_fields()["stewards"][:2]}, "length 3"),
        ({"coordinator": {"name": "Ada", "key": public_of("Ada")}}, "the coordinator is a steward"),
        ({"cells": roster_fields()["cells"][:-1]}, "cells"),
        ({"cells": roster_fields()["cells"][::-1]}, "public list"),
        ({"cells": [*roster_fields()["cells"][:-1], {"name": "prompts", "lowest": 0, "highest": 9}]}, "public list"),
        (
            {"cells": [{"name": "runs_members", "lowest": 0, "highest": 9}, *roster_fields()["cells"][1:]]},
            "each member",
        ),
        ({"team": " "}, "a name"),
        ({"made_in": "2026-W54"}, "made_in|week"),
    ],
)
def test_a_roster_that_breaks_a_rule_is_refused(change: dict[str, Any], why: str) -> None:
    with pytest.raises(Refusal, match=why):
        opened_roster(said(canonical_json({**roster_fields(), **change}), "Hal"))


def test_a_roster_by_somebody_else_is_refused() -> None:
    with pytest.raises(Refusal, match="not signed by the coordinator"):
        opened_roster(said(canonical_json(roster_fields()), "Ada"))


def test_the_code_of_a_roster_changes_with_everything_in_it() -> None:
    code = roster_code(roster_of(8))
    assert code == roster_code(roster_of(8))
    assert code != roster_code(roster_of(9))
    assert len(code) == 29


@pytest.mark.parametrize(
    ("stewards", "more", "why"),
    [
        (("Ada", "Bo"), {}, "3 stewards, not 2"),
        (("Ada", "Bo", "Zoe"), {}, "no card of Zoe"),
        (("Ada", "Bo", "Hal"), {}, "the coordinator is a steward"),
        (("Ada", "Bo", "bo"), {}, "a steward twice"),
        (("Ada", "Bo", "Cy"), {"members": NAMES[:4]}, "There are 4 members"),
        (("Ada", "Bo", "Cy"), {"smallest": 4}, "cannot be written"),
        (("Ada", "Bo", "Cy"), {"key": "Ida"}, "Your own card is not in the folder"),
    ],
)
def test_a_roster_is_not_written_where_it_could_not_be_read(
    stewards: tuple[str, ...], more: dict[str, Any], why: str
) -> None:
    cards = [opened_card(card_file(name, key_of(name))) for name in NAMES[:8]]
    with pytest.raises(Refusal, match=why):
        roster_file(
            "Platform",
            cards,
            stewards,
            key_of(more.pop("key", "Hal")),
            MADE_ON,
            members=more.pop("members", None),
            smallest=more.pop("smallest", None),
        )


@pytest.mark.parametrize(("members", "smallest"), [(5, 5), (6, 5), (8, 6), (10, 8), (14, 8)])
def test_a_sum_does_not_need_everybody_where_it_can_be_helped(members: int, smallest: int) -> None:
    assert roster_of(members).record.smallest == smallest


def test_two_people_of_one_name_are_not_mixed_up() -> None:
    cards = [opened_card(card_file(name, key_of(name))) for name in NAMES[:8]]
    cards.append(opened_card(card_file("ada", key_of("Zoe"))))
    with pytest.raises(Refusal, match="two cards of ada"):
        roster_file("Platform", cards, NAMES[:3], key_of("Hal"), MADE_ON)


def test_only_its_steward_opens_a_seal_and_only_for_what_it_is() -> None:
    roster = roster_of(6)
    data = contribution_file(roster, PERIOD, {"runs_all": 40}, key_of("Dee"))
    record = opened_file(data, Contribution, "The file").record
    own, cells = public_of("Dee"), len(TEAM_CELLS)
    bound = purpose(roster.digest, PERIOD, own, 1)
    assert len(unsealed(record.shares[0], sealing_key(key_of("Ada")), bound, cells)) == cells
    for key, wrong, number in (
        (sealing_key(key_of("Bo")), bound, cells),
        (X25519PrivateKey.generate(), bound, cells),
        (sealing_key(key_of("Ada")), purpose(roster.digest, "2026-09", own, 1), cells),
        (sealing_key(key_of("Ada")), purpose(roster.digest, PERIOD, public_of("Eve"), 1), cells),
        (sealing_key(key_of("Ada")), purpose(roster.digest, PERIOD, own, 2), cells),
        (sealing_key(key_of("Ada")), bound, cells - 1),
    ):
        with pytest.raises(SealError):
            unsealed(record.shares[0], key, wrong, number)


def test_the_sealing_key_comes_from_the_signing_key_and_from_no_other() -> None:
    assert public_sealing_key(key_of("Ada")) == public_sealing_key(key_of("Ada"))
    assert public_sealing_key(key_of("Ada")) != public_sealing_key(key_of("Bo"))
    assert public_sealing_key(key_of("Ada")).hex() != public_of("Ada")


def test_openssh_checks_every_file(ssh_keygen: str, tmp_path: Path) -> None:
    data = signed_file(roster_of(8).record, key_of("Hal"))
    line, _, armour = data.partition(b"\n")
    (tmp_path / "sig").write_bytes(armour)
    (tmp_path / "signers").write_text(f"hal {public_key_line(bytes.fromhex(public_of('Hal')))}\n")
    names = ("-f", str(tmp_path / "signers"), "-I", "hal", "-n", "goodmeasure-team", "-s", str(tmp_path / "sig"))
    for signed, status in ((line, 0), (line.replace(b"Platform", b"Platfarm"), 255)):
        ran = subprocess.run([ssh_keygen, "-Y", "verify", *names], input=signed, capture_output=True, check=False)
        assert ran.returncode == status, ran.stdout + ran.stderr


def test_the_largest_roster_can_be_read() -> None:
    fields = roster_fields()
    people = [{"name": f"Näme {number:03d} " + "x" * 48, "key": f"{number:064x}"} for number in range(200)]
    data = said(canonical_json({**fields, "members": people}), "Hal")
    assert isinstance(opened_roster(data).record, Roster)
