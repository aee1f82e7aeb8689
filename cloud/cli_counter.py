"""The counter's command line: `kiosk cloud counter card | pin | lost | badge | list`."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cloud.errors import CloudError
from contract.badge import Role
from contract.console import AsJson, show

if TYPE_CHECKING:
    from cloud.accounts.cards import CardDesk
    from cloud.staff.badges import BadgeDesk

counter = typer.Typer(help="Cards and badges: issue, replace, revoke.", no_args_is_help=True)

Database = Annotated[
    str, typer.Option(help="The platform's database: a file of SQLite, or postgresql://...")
]
Keys = Annotated[Path, typer.Option(help="Folder with city.pem; badges need badges.pem there.")]


@counter.command("card")
def make_card(
    account: Annotated[str, typer.Argument(help="Account, 16 hex digits.")],
    database: Database,
    keys: Keys,
    as_json: AsJson = False,
) -> None:
    """Make a card for somebody without a phone; its text is printed once and not kept."""
    show(asdict(_cards(database, keys).issue(account)), as_json)


@counter.command("pin")
def make_pin(
    card_id: Annotated[str, typer.Argument(help="Id of the card, 16 hex digits.")],
    database: Database,
    keys: Keys,
    as_json: AsJson = False,
) -> None:
    """Make a card's PIN, with which its owner reads the account; printed once and not kept."""
    from cloud.accounts.codes import CityKeys
    from cloud.build import now, sign_in_secret
    from cloud.residents.front import open_residents
    from cloud.store.database import open_database

    city, engine = CityKeys.load(keys), open_database(database)
    residents = open_residents(engine, {}, city, now, sign_in_secret(keys))
    show({"card": card_id, "pin": residents.cards.new_pin(card_id)}, as_json)


@counter.command("lost")
def lose(
    lost_id: Annotated[str, typer.Argument(help="Id of the card, 16 hex digits.")],
    database: Database,
    keys: Keys,
    badge: Annotated[bool, typer.Option(help="It is a badge.")] = False,
    replace: Annotated[bool, typer.Option(help="Make the card's owner another one.")] = False,
    as_json: AsJson = False,
) -> None:
    """Revoke a lost card or badge; it counts at a kiosk once that has the new list."""
    if badge and replace:
        raise CloudError("a badge is not replaced by its id: issue another with `badge`")
    if replace:
        show(asdict(_cards(database, keys).replace(lost_id)), as_json)
        return
    (_badges(database, keys) if badge else _cards(database, keys)).revoke(lost_id)
    show({"revoked": lost_id}, as_json)


@counter.command("badge")
def make_badge(
    staff: Annotated[str, typer.Argument(help="The staff member's pseudonym, 16 hex digits.")],
    role: Annotated[list[str], typer.Option(help="collection, service, calibration; repeat.")],
    database: Database,
    keys: Keys,
    vehicle: Annotated[str, typer.Option(help="Registration, as in 浙AD12345.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a staff badge that holds for 30 days."""
    known = {one.name.lower(): one for one in Role}
    if unknown := [name for name in role if name not in known]:
        raise CloudError(f"role {unknown[0][:32]!r} is none of {', '.join(known)}")
    made = _badges(database, keys).issue(staff, [known[name] for name in role], vehicle)
    show(asdict(made), as_json)


@counter.command("list")
def write_list(
    database: Database,
    keys: Keys,
    out: Annotated[Path, typer.Option(help="Where the signed list goes, as in revoked.json.")],
    as_json: AsJson = False,
) -> None:
    """Sign the list of what was lost, for the kiosks."""
    data = _cards(database, keys).revoked()
    try:
        out.write_bytes(data)
    except OSError as error:
        raise CloudError(f"{out} cannot be written: {error.strerror or error}") from error
    show({"list": str(out), "bytes": len(data)}, as_json)


def _cards(database: str, keys: Path) -> CardDesk:
    from cloud.accounts.cards import CardDesk
    from cloud.accounts.codes import CityKeys
    from cloud.build import now
    from cloud.store.database import open_database

    city = CityKeys.load(keys)
    return CardDesk(open_database(database), city, now, _new_id)


def _badges(database: str, keys: Path) -> BadgeDesk:
    from cloud.build import now
    from cloud.staff.badges import BadgeDesk
    from cloud.store.database import open_database
    from contract.keys import FileSigner

    signer = FileSigner.load(keys / "badges.pem")
    return BadgeDesk(open_database(database), signer, now, _new_id)


def _new_id() -> bytes:
    return secrets.token_bytes(8)
