"""Every report that was ever signed here, byte for byte, and the cells that were frozen with the first one."""

import json
import secrets
from dataclasses import replace
from hashlib import sha256

from sqlcipher3 import dbapi2

from goodmeasure.domain.period import period_named
from goodmeasure.domain.releases import Freezing, FrozenPeriod, Release
from goodmeasure.ledger.audit import chain_on
from goodmeasure.ledger.errors import LedgerError, told
from goodmeasure.ledger.handle import Ledger

_COLUMNS = "level, period, audience, purpose, expires_after, body, signature, released_at, restates_id"
_KEY_BYTES = 32
RELEASED_ELSEWHERE = "elsewhere"
"""Stands for the period of a run that a report of a merged profile counts: it counts for none here."""
_NEWEST = (
    "SELECT id, period, cells, frozen_at FROM frozen_period"
    " WHERE id IN (SELECT max(id) FROM frozen_period GROUP BY period) ORDER BY period"
)


def record_release(ledger: Ledger, release: Release, freezing: Freezing | None = None) -> Release:
    """Keep a report's exact bytes and enter it in the audit log, in one transaction that outlives a power cut.

    `freezing`: the cells that are frozen with it. Returns it with its number. Raises LedgerError; then nothing is kept:
    also where another release froze this period, or one that shares a day with it, since these cells were made.
    """
    digest = sha256(release.body).digest()
    with ledger.writing(lasting=True) as connection:
        if freezing is not None:
            _freeze(connection, release, freezing)
        number = connection.execute(
            f"INSERT INTO release({_COLUMNS}, sha256) VALUES (?,?,?,?,?,?,?,?,?,?)",  # noqa: S608 - constant names
            (
                release.level,
                release.period,
                release.audience,
                release.purpose,
                release.expires_after,
                release.body,
                release.signature,
                release.released_at,
                release.restates_id,
                digest,
            ),
        ).lastrowid
        kind = "release" if release.restates_id is None else "restatement"
        chain_on(connection, release.released_at, kind, digest)
    return replace(release, id=number)


def releases(ledger: Ledger) -> list[Release]:
    """Return every report ever signed here, oldest first. Raises LedgerError."""
    with told(ledger.path):
        rows = ledger.raw().execute(f"SELECT id, {_COLUMNS} FROM release ORDER BY id")  # noqa: S608 - constant names
        return [Release(*row) for row in rows]


def frozen_periods(ledger: Ledger) -> dict[str, FrozenPeriod]:
    """Return the cells that hold of each period that was ever released, by its name. Raises LedgerError."""
    with told(ledger.path):
        return {row[1]: FrozenPeriod(*row) for row in ledger.raw().execute(_NEWEST)}


def released_runs(ledger: Ledger) -> dict[int, str]:
    """Return the period that each released run counts for, or `RELEASED_ELSEWHERE`. Raises LedgerError."""
    with told(ledger.path):
        return dict(ledger.raw().execute("SELECT run_id, period FROM released_run").fetchall())


def noise_key(ledger: Ledger) -> bytes:
    """Return the 32 bytes that noise is drawn with, made at the first call. Raises LedgerError."""
    with told(ledger.path):
        row = ledger.raw().execute("SELECT value FROM meta WHERE key = 'noise_key'").fetchone()
    if row:
        return bytes.fromhex(row[0])
    with ledger.writing(lasting=True) as connection:
        connection.execute("INSERT OR IGNORE INTO meta VALUES ('noise_key', ?)", (secrets.token_hex(_KEY_BYTES),))
    return noise_key(ledger)


def _freeze(connection: dbapi2.Connection, release: Release, freezing: Freezing) -> None:
    wanted = period_named(release.period)
    held = {row[1]: row[0] for row in connection.execute(_NEWEST)}
    for name in held:
        other = period_named(name)
        if name != wanted.name and other.first_on <= wanted.last_on and wanted.first_on <= other.last_on:
            raise LedgerError(f"{name} was released meanwhile, and {wanted.name} shares days with it: look again.")
    if held.get(wanted.name) != freezing.after_id:
        raise LedgerError(f"{wanted.name} was released meanwhile, as another window saw it: look again.")
    connection.execute(
        "INSERT INTO frozen_period(period, cells, frozen_at) VALUES (?, ?, ?)",
        (release.period, freezing.cells, release.released_at),
    )
    connection.execute(
        # A run that was forgotten or merged into another since is not there to be counted twice.
        "INSERT OR IGNORE INTO released_run SELECT id, ? FROM run WHERE id IN (SELECT value FROM json_each(?))",
        (release.period, json.dumps(list(freezing.run_ids))),
    )
