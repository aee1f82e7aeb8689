"""Who becomes a kiosk: claim codes, first certificates, and the next ones.

A claim code is made by whoever runs the platform, for one kiosk, and goes with the person who sets
it up. It has 80 random bits, so its SHA-256 gives nothing away; only that is kept.
"""

from __future__ import annotations

import hmac
import secrets
import sqlite3
from collections import deque
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from cloud.errors import EnrolError, LedgerError
from cloud.fleet.enrolled_keys import file_key
from contract.canonical import sha256_hex
from contract.certificates import check, check_client, is_kiosk_id
from contract.enrolment import Enrol, Enrolled, Renew, proven, proven_again

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from contract.authority import Authority
    from contract.certificates import Certificate

CODE_TTL_S = 7 * 86_400
"""A kiosk is set up within a week of its code."""

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter looks like another one or like a digit."""

CODE_LETTERS, GROUP = 16, 4

WRONG_TRIES, WRONG_WITHIN_S = 5, 60
"""So many wrong codes within so long, and the platform listens to no more of them meanwhile."""

_TABLES = """
CREATE TABLE IF NOT EXISTS codes (
    kiosk TEXT PRIMARY KEY, sha256 TEXT NOT NULL, expires_s INTEGER NOT NULL,
    replaces INTEGER NOT NULL, used_by TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS certificates (
    serial TEXT PRIMARY KEY, kiosk TEXT NOT NULL, made_s INTEGER NOT NULL,
    not_after_s INTEGER NOT NULL
) STRICT;
"""


class Enrolment:
    """Gives certificates to kiosks.

    Args:
        database: SQLite file with codes and given certificates; made where there is none.
        kiosks: Folder of the kiosks' public keys; a kiosk without one there is none of ours.
        authority: Signs.
        clock: Unix seconds.
    """

    def __init__(
        self, database: Path, kiosks: Path, authority: Authority, clock: Callable[[], int]
    ) -> None:
        self._database = database
        self._kiosks = kiosks
        self._authority = authority
        self._clock = clock
        self._wrong: dict[str, deque[int]] = {}

    def invite(self, kiosk: str, *, replaces: bool = False, ttl_s: int = CODE_TTL_S) -> str:
        """A new claim code for `kiosk`, in place of one of before.

        `replaces` says that it may bring another key than the one on file, as with a new card.

        Raises:
            EnrolError: `name`: no kiosk can be called so.
        """
        if not is_kiosk_id(kiosk):
            raise EnrolError(
                "name", f"kiosk {kiosk[:64]!r} cannot be: use 1 to 32 characters of a-z, 0-9 and -"
            )
        letters = "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
        row = (kiosk, _hashed(kiosk, letters), self._clock() + ttl_s, int(replaces))
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO codes VALUES (?, ?, ?, ?, NULL)", row)
        return "-".join(letters[at : at + GROUP] for at in range(0, CODE_LETTERS, GROUP))

    def enrol(self, asked: Enrol) -> Enrolled:
        """A first certificate for whoever has the code; its public key is on file from then on.

        The same request again, as after a lost answer, is answered again while the code holds.

        Raises:
            EnrolError: `too-many-tries`, `wrong-code`, `expired-code`, `used-code`, `key-on-file`.
            CertificateError: The request is not what it must be.
            LedgerError: The disk does not take it; the code is as good as before.
        """
        request = proven(asked)
        by = sha256_hex(f"{asked.public} {request.public.public_numbers().x:x}".encode())
        with self._transaction() as db:
            replaces = self._admitted(db, asked, by)
            made = self._authority.sign(request, self._clock())
            db.execute("UPDATE codes SET used_by = ? WHERE kiosk = ?", (by, asked.kiosk))
            self._note(db, made)
            file_key(self._kiosks, asked.kiosk, asked.public, replaces=replaces)
        return self._answer(made)

    def renew(self, asked: Renew) -> Enrolled:
        """The next certificate for a kiosk whose present one holds, and whose key is on file.

        Raises:
            EnrolError: `unknown-kiosk`.
            CertificateError: The present one does not hold, or the request is no good.
        """
        old, request = proven_again(asked)
        now_s = self._clock()
        check(old, self._authority.certificate, now_s)
        check_client(old)
        if not is_kiosk_id(old.name) or not (self._kiosks / f"{old.name}.pub").exists():
            raise EnrolError(
                "unknown-kiosk", f"kiosk {old.name} has no key on file: it must enrol again"
            )
        made = self._authority.sign(request, now_s)
        with self._transaction() as db:
            self._note(db, made)
        return self._answer(made)

    def _admitted(self, db: sqlite3.Connection, asked: Enrol, by: str) -> bool:
        """Whether the code that was said allows another key; refuses a code that is none."""
        now_s = self._clock()
        row = db.execute(
            "SELECT sha256, expires_s, replaces, used_by FROM codes WHERE kiosk = ?", (asked.kiosk,)
        ).fetchone()
        # Who waits for no kiosk shares one count, so that made-up names fill no memory.
        wrong = self._wrong.setdefault(asked.kiosk if row else "", deque(maxlen=WRONG_TRIES))
        if len(wrong) == WRONG_TRIES and now_s - wrong[0] < WRONG_WITHIN_S:
            raise EnrolError(
                "too-many-tries",
                f"too many wrong codes for {asked.kiosk}: try again in {WRONG_WITHIN_S} s",
            )
        if row is None or not hmac.compare_digest(row[0], _hashed(asked.kiosk, asked.code)):
            wrong.append(now_s)
            raise EnrolError("wrong-code", f"this is not the claim code of {asked.kiosk}")
        if now_s > row[1]:
            raise EnrolError(
                "expired-code", f"the claim code of {asked.kiosk} is too old: make one"
            )
        if row[3] not in (None, by):
            raise EnrolError("used-code", f"the claim code of {asked.kiosk} was used: make one")
        return bool(row[2])

    def _note(self, db: sqlite3.Connection, made: Certificate) -> None:
        row = (made.serial, made.name, self._clock(), made.not_after_s)
        db.execute("INSERT INTO certificates VALUES (?, ?, ?, ?)", row)

    def _answer(self, made: Certificate) -> Enrolled:
        authority = self._authority.certificate.pem.decode()
        return Enrolled(certificate=made.pem.decode(), authority=authority)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """One that is whole or nothing; another process may make codes meanwhile."""
        try:
            with closing(sqlite3.connect(self._database, isolation_level=None)) as db:
                db.executescript(_TABLES)
                db.execute("BEGIN IMMEDIATE")
                try:
                    yield db
                    db.execute("COMMIT")
                except BaseException:
                    db.execute("ROLLBACK")
                    raise
        except (sqlite3.Error, OSError) as error:
            raise LedgerError(f"{self._database} or {self._kiosks} failed: {error}") from error


def _hashed(kiosk: str, code: str) -> str:
    """Of a code as people type it: letters of any case, hyphens and blanks anywhere."""
    letters = "".join(code.upper().replace("-", "").split())
    return sha256_hex(f"{kiosk} {letters}".encode())
