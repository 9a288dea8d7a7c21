"""Cards and the roster: who belongs to a team, who opens its sums, and within which ranges values count."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goodmeasure.disclosure.team import (
    SMALLEST_TEAM,
    STEWARDS,
    TEAM_CELLS,
    Card,
    CellRange,
    Person,
    Roster,
    Steward,
    default_smallest,
)
from goodmeasure.disclosure.text import typed_text
from goodmeasure.disclosure.vocabulary import NAME_LENGTH
from goodmeasure.domain.errors import Refusal
from goodmeasure.domain.period import week_of
from goodmeasure.reports.team.sealing import public_sealing_key, sealed
from goodmeasure.reports.team.signed import Signed, opened_file, signed_file

_CODE_DIGITS: Final = 24
_GROUP: Final = 4


def card_file(name: str, key: Ed25519PrivateKey) -> bytes:
    """Return a person's card. Raises Refusal where the name cannot stand in a file."""
    clean = typed_text(name, "The name", NAME_LENGTH)
    return signed_file(Card("goodmeasure-team-card/1", clean, public_sealing_key(key).hex()), key)


def opened_card(data: bytes) -> Signed[Card]:
    """Return a card. Raises Refusal, also where its sealing key is none."""
    card = opened_file(data, Card, "The card")
    _demand_sealing_key(card.record.name, card.record.sealing_key)
    return card


def roster_file(
    team: str,
    cards: Sequence[Signed[Card]],
    stewards: Sequence[str],
    key: Ed25519PrivateKey,
    made_on: date,
    *,
    members: Sequence[str] | None = None,
    smallest: int | None = None,
) -> bytes:
    """Return a roster, signed by the coordinator, whose card is among `cards`.

    `stewards`: the names of three people with cards; `members`: the names of those whose values are summed, else
    everybody with a card; `smallest`: no sum is opened of fewer, else `default_smallest`.
    Raises Refusal.
    """
    own = key.public_key().public_bytes_raw().hex()
    by_name = _by_name(cards)
    coordinator = next((card for card in cards if card.signer == own), None)
    if coordinator is None:
        raise Refusal("Your own card is not in the folder: hand it in before you write the roster.")
    if len(stewards) != STEWARDS:
        raise Refusal(f"A team has {STEWARDS} stewards, not {len(stewards)}: name {STEWARDS} people with cards.")
    chosen = [_named(by_name, name) for name in members] if members else list(cards)
    if len(chosen) < SMALLEST_TEAM:
        raise Refusal(f"There are {len(chosen)} members, and it takes {SMALLEST_TEAM} at least: wait for more cards.")
    fields = {
        "format": "goodmeasure-team-roster/1",
        "team": typed_text(team, "The team's name", NAME_LENGTH),
        "made_in": week_of(made_on).name,
        "smallest": default_smallest(len(chosen)) if smallest is None else smallest,
        "coordinator": _person(coordinator),
        "members": [_person(card) for card in sorted(chosen, key=lambda card: card.record.name.casefold())],
        "stewards": [
            {**_person(card), "sealing_key": card.record.sealing_key}
            for card in (_named(by_name, name) for name in stewards)
        ],
        "cells": [{"name": cell.name, "lowest": cell.lowest, "highest": cell.highest} for cell in TEAM_CELLS],
    }
    try:
        # The same gate that a roster from elsewhere must pass.
        roster = msgspec.convert(fields, Roster, strict=True)
    except msgspec.ValidationError as error:
        raise Refusal(f"This roster cannot be written: {error}.") from error
    return signed_file(roster, key)


def opened_roster(data: bytes) -> Signed[Roster]:
    """Return a roster. Raises Refusal, also where somebody else than its coordinator signed it."""
    roster = opened_file(data, Roster, "The roster")
    if roster.signer != roster.record.coordinator.key:
        raise Refusal("The roster was not signed by the coordinator that it names: do not use it.")
    for steward in roster.record.stewards:
        _demand_sealing_key(steward.name, steward.sealing_key)
    return roster


def roster_code(roster: Signed[Roster]) -> str:
    """Return the code that teammates compare, so that all of them know to have the same roster: 6 groups of 4."""
    return "-".join(roster.digest[place : place + _GROUP] for place in range(0, _CODE_DIGITS, _GROUP))


def member_of(roster: Roster, key: str) -> Person | None:
    """Return the member with this key, or None."""
    return next((member for member in roster.members if member.key == key), None)


def steward_number(roster: Roster, key: str) -> int | None:
    """Return a steward's number, from 1, or None where the key is no steward's."""
    return next((number for number, steward in enumerate(roster.stewards, 1) if steward.key == key), None)


def ranges_of(roster: Roster) -> dict[str, CellRange]:
    """Return the range of each cell by its name."""
    return {cell.name: cell for cell in roster.cells}


def steward_of(roster: Roster, number: int) -> Steward:
    """Return the steward with this number, from 1."""
    return roster.stewards[number - 1]


def _person(card: Signed[Card]) -> dict[str, str]:
    return {"name": card.record.name, "key": card.signer}


def _by_name(cards: Sequence[Signed[Card]]) -> dict[str, Signed[Card]]:
    found: dict[str, Signed[Card]] = {}
    for card in cards:
        name = card.record.name.casefold()
        if name in found and found[name].signer != card.signer:
            raise Refusal(f"There are two cards of {card.record.name}: find out which is whose, and take one away.")
        found[name] = card
    return found


def _named(cards: dict[str, Signed[Card]], name: str) -> Signed[Card]:
    card = cards.get(" ".join(name.split()).casefold())
    if card is None:
        known = ", ".join(card.record.name for card in cards.values()) or "nobody"
        raise Refusal(f"There is no card of {name}: the folder has cards of {known}.")
    return card


def _demand_sealing_key(name: str, public_key: str) -> None:
    try:
        sealed((0,), bytes.fromhex(public_key), b"")
    except ValueError as error:
        raise Refusal(f"The sealing key of {name} is no key: ask for a new card.") from error
