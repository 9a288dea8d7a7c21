"""A member's file, and the coordinator's list of those that count."""

from collections.abc import Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from goodmeasure.disclosure.team import Closing, Contribution, Listed, Roster
from goodmeasure.domain.errors import Refusal
from goodmeasure.reports.team.roster import member_of
from goodmeasure.reports.team.sealing import sealed
from goodmeasure.reports.team.shamir import shares_of
from goodmeasure.reports.team.signed import Signed, opened_file, signed_file


def clipped(roster: Roster, values: Mapping[str, int]) -> dict[str, int]:
    """Return a member's values within the roster's ranges, in its order; a cell without a value is 0."""
    return {cell.name: min(max(values.get(cell.name, 0), cell.lowest), cell.highest) for cell in roster.cells}


def contribution_file(
    roster: Signed[Roster], period: str, values: Mapping[str, int] | None, key: Ed25519PrivateKey
) -> bytes:
    """Return a member's file for a period; None for `values` abstains, and nothing in the file tells the two apart.

    Raises Refusal where the key is no member's. Each call draws other random shares.
    """
    own = key.public_key().public_bytes_raw().hex()
    if member_of(roster.record, own) is None:
        raise Refusal("You are not a member in this roster: ask its coordinator.")
    columns = [shares_of(value) for value in clipped(roster.record, values or {}).values()]
    first, second, third = (
        sealed(
            [shares[number - 1] for shares in columns],
            bytes.fromhex(steward.sealing_key),
            purpose(roster.digest, period, own, number),
        )
        for number, steward in enumerate(roster.record.stewards, 1)
    )
    return signed_file(
        Contribution("goodmeasure-team-contribution/1", roster.digest, period, own, (first, second, third)), key
    )


def purpose(roster: str, period: str, member: str, steward: int) -> bytes:
    """Return what a seal is for; every part but the last has a fixed length."""
    return f"goodmeasure-team/1 {roster} {member} {steward} {period}".encode()


def opened_contribution(data: bytes, roster: Signed[Roster], period: str) -> Signed[Contribution]:
    """Return a member's file. Raises Refusal where it is not for this roster and period, or not by that member."""
    found = opened_file(data, Contribution, "The file")
    demand_same_round(found, roster, period)
    if found.signer != found.record.member or member_of(roster.record, found.signer) is None:
        raise Refusal("The file was not signed by the member that it names: it does not count.")
    return found


def closing_file(
    roster: Signed[Roster], period: str, contributions: Sequence[Signed[Contribution]], key: Ed25519PrivateKey
) -> bytes:
    """Return the coordinator's list of the files that count.

    Raises Refusal where the key is not the coordinator's, a member handed in two files, or fewer files are there than
    the roster asks for.
    """
    if key.public_key().public_bytes_raw().hex() != roster.record.coordinator.key:
        raise Refusal(f"Only {roster.record.coordinator.name} can close this period: ask them.")
    listed = {(found.record.member, found.digest) for found in contributions}
    if len({member for member, _ in listed}) != len(listed):
        raise Refusal("A member handed in two different files: ask them which one counts, and take the other away.")
    if len(listed) < roster.record.smallest:
        raise Refusal(
            f"{len(listed)} members have handed in a file, and it takes {roster.record.smallest}: wait for more."
        )
    return signed_file(
        Closing(
            "goodmeasure-team-closing/1",
            roster.digest,
            period,
            tuple(Listed(member, digest) for member, digest in sorted(listed)),
        ),
        key,
    )


def opened_closing(data: bytes, roster: Signed[Roster], period: str) -> Signed[Closing]:
    """Return a closing list. Raises Refusal where it is not for this roster and period, or not by the coordinator."""
    found = opened_file(data, Closing, "The closing list")
    demand_same_round(found, roster, period)
    if found.signer != roster.record.coordinator.key:
        raise Refusal("The closing list was not signed by the coordinator: do not use it.")
    if any(member_of(roster.record, listed.member) is None for listed in found.record.contributions):
        raise Refusal("The closing list names somebody who is not a member: do not use it.")
    if len(found.record.contributions) < roster.record.smallest:
        raise Refusal(f"The closing list names fewer than {roster.record.smallest} members: no sum may be opened.")
    return found


def demand_same_round(found: "Signed[Contribution] | Signed[Closing]", roster: Signed[Roster], period: str) -> None:
    """Raise Refusal where a file belongs to another roster or period."""
    if found.record.roster != roster.digest:
        raise Refusal("The file was made for another roster: it does not count here.")
    if found.record.period != period:
        raise Refusal(f"The file was made for {found.record.period}, not for {period}: it does not count here.")
