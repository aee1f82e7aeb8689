"""The command line of `kiosk token`: codes, cards, badges, and the list of what was lost."""

from __future__ import annotations

import secrets
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contract.badge import ROLES, Role, issue_badge, read_badge
from contract.badge import TTL_S as BADGE_TTL_S
from contract.card import CARD, issue_card, read_card
from contract.card import TTL_S as CARD_TTL_S
from contract.console import FALSE, AsJson, read_file, show
from contract.cose import open_claims
from contract.errors import ContractError, TokenError
from contract.hours import day_of
from contract.keys import FileSigner, key_id_of, load_public
from contract.revoked import Revoked, load_revoked, sign_revoked
from contract.token import TTL_S, issue, read

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

token = typer.Typer(help="Residents' codes, cards and staff badges.", no_args_is_help=True)

PrivateKey = Annotated[Path, typer.Option("--key", help="PEM file of the private key.")]
PublicKeys = Annotated[list[str], typer.Option("--key", help="Public key of an issuer; repeat.")]
Seconds = Annotated[int, typer.Option("--ttl", min=1, help="Seconds until it expires.")]
Account = Annotated[str, typer.Argument(help="Account, 16 hex digits.")]


@token.command("issue")
def issue_token(
    account: Account, key: PrivateKey, ttl: Seconds = TTL_S, as_json: AsJson = False
) -> None:
    """Make a resident's code."""
    now_s = _now_s()
    text = issue(FileSigner.load(key), account, now_s, ttl_s=ttl, jti=secrets.token_bytes(8))
    show({"text": text, "account": account, "expires_at": now_s + ttl}, as_json)


@token.command("card")
def make_card(
    account: Account,
    key: PrivateKey,
    number: Annotated[int, typer.Option(min=1, help="Which card of the account it is.")] = 1,
    ttl: Seconds = CARD_TTL_S,
    as_json: AsJson = False,
) -> None:
    """Make a card for somebody without a phone."""
    now_s, card_id = _now_s(), secrets.token_bytes(8)
    signer = FileSigner.load(key)
    text = issue_card(signer, account, now_s, number=number, card_id=card_id, ttl_s=ttl)
    made = {"text": text, "account": account, "card_id": card_id.hex(), "number": number}
    show(made | {"expires_at": now_s + ttl}, as_json)


@token.command("badge")
def make_badge(
    staff: Annotated[str, typer.Argument(help="The staff member's pseudonym, 16 hex digits.")],
    key: PrivateKey,
    role: Annotated[list[str], typer.Option(help="collection, service, calibration; repeat.")],
    vehicle: Annotated[str, typer.Option(help="Registration, as in 浙AD12345.")] = "",
    ttl: Seconds = BADGE_TTL_S,
    as_json: AsJson = False,
) -> None:
    """Make a staff badge; its key signs nothing else."""
    now_s, badge_id = _now_s(), secrets.token_bytes(8)
    roles = [_role(name) for name in role]
    text = issue_badge(
        FileSigner.load(key),
        staff,
        now_s,
        roles=roles,
        badge_id=badge_id,
        vehicle=vehicle,
        ttl_s=ttl,
    )
    made = {"text": text, "staff": staff, "badge_id": badge_id.hex()}
    show(made | {"expires_at": now_s + ttl}, as_json)


@token.command("revoke")
def revoke_ids(
    ids: Annotated[list[str], typer.Argument(help="All ids that are not good, 16 hex digits.")],
    key: PrivateKey,
    out: Annotated[Path, typer.Option(help="Where the signed list goes.")],
    as_json: AsJson = False,
) -> None:
    """Sign the list of cards and badges that were lost; the latest list counts."""
    now_s = _now_s()
    wrong = [one for one in ids if len(one) != 16 or not set(one) <= set("0123456789abcdef")]
    if wrong:
        raise ContractError("bad-id", f"id {wrong[0][:32]!r} is not 16 hex digits")
    revoked = Revoked(version=now_s, issued_on=day_of(now_s), ids=tuple(sorted(set(ids))))
    data = sign_revoked(revoked, FileSigner.load(key))
    try:
        out.write_bytes(data)
    except OSError as error:
        raise ContractError(
            "unwritable", f"{out} cannot be written: {error.strerror or error}"
        ) from error
    show({"version": now_s, "ids": len(revoked.ids)}, as_json)


@token.command("verify")
def verify_token(
    text: Annotated[str, typer.Argument(help="What the reader read.")],
    key: PublicKeys,
    revoked: Annotated[
        Path | None, typer.Option(help="The signed list of what was lost, by one of the keys.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a code, a card or a badge, or say what it is instead."""
    issuers = {key_id_of(public): public for public in map(load_public, key)}
    lost = load_revoked(read_file(revoked), issuers).ids if revoked else ()
    try:
        found = _verified(text, issuers, _now_s(), lost)
    except TokenError as error:
        show(
            {"valid": False, "code": error.code, "what": error.what, "reason": error.message},
            as_json,
        )
        raise typer.Exit(FALSE) from error
    show({"valid": True} | found, as_json)


def _verified(
    text: str, keys: Mapping[str, bytes], now_s: int, lost: Container[str]
) -> dict[str, Any]:
    opened = open_claims(text, keys)
    if CARD in opened.claims:
        card = read_card(opened, now_s, clock_known=True, revoked=lost)
        return {"kind": "card"} | asdict(card)
    if ROLES in opened.claims:
        badge = read_badge(opened, now_s, clock_known=True, revoked=lost)
        roles = [role.name.lower() for role in sorted(badge.roles)]
        return {"kind": "badge"} | asdict(badge) | {"roles": roles}
    return {"kind": "code"} | asdict(read(opened, now_s, clock_known=True))


def _role(name: str) -> Role:
    try:
        return Role[name.upper()]
    except KeyError as error:
        known = ", ".join(role.name.lower() for role in Role)
        raise ContractError("unknown-role", f"role {name[:32]!r} is none of {known}") from error


def _now_s() -> int:
    return int(time.time())
