"""Commands to kiosks from the platform's own machine: `kiosk cloud command`.

    kiosk cloud command hz-xihu-0001                      what it was asked, and what came of it
    kiosk cloud command hz-xihu-0001 close-bay bay=a      ask it, for an hour
    kiosk cloud command hz-xihu-0001 --withdraw ID        take back what it said nothing of yet

Nothing is sent from here: whatever serves the platform's database sends it, within a second where
the kiosk is online.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cloud.errors import CloudError
from contract.command import VERBS, misfit
from contract.console import AsJson, show

if TYPE_CHECKING:
    from cloud.fleet.fleet import Fleet
    from cloud.fleet.orders import Order
    from cloud.staff.desk import Staff

HOUR_S = 3_600

_KIOSK = re.compile(r"[a-z0-9-]{1,32}")

Database = Annotated[
    str, typer.Option(help="The platform's database: a file of SQLite, or postgresql://...")
]
Keys = Annotated[Path, typer.Option(help="Folder with ledger.pem and catalogue*.json.")]
Arguments = Annotated[list[str] | None, typer.Argument(metavar="NAME=VALUE", help="As in bay=a.")]


def command_kiosk(
    kiosk: Annotated[str, typer.Argument(help="The kiosk's id.")],
    database: Database,
    keys: Keys,
    verb: Annotated[
        str, typer.Argument(metavar="VERB", help=f"{', '.join(VERBS)}; none lists.")
    ] = "",
    arguments: Arguments = None,
    ttl: Annotated[int, typer.Option(help="Seconds that the command holds.")] = HOUR_S,
    own_id: Annotated[
        str, typer.Option("--id", help="16 hex digits: the same again is the same command.")
    ] = "",
    withdraw: Annotated[str, typer.Option(help="Id of a command to take back.")] = "",
    as_json: AsJson = False,
) -> None:
    """Ask a kiosk for something from afar, see what came of it, or take it back."""
    if not _KIOSK.fullmatch(kiosk):
        raise CloudError(f"kiosk {kiosk[:40]!r} is no id, as in hz-xihu-0001")
    if verb and withdraw:
        raise CloudError(f"--withdraw takes back {withdraw[:16]!r}: leave {verb[:32]!r} out")
    given = _read(arguments or ())
    with _fleet(database, keys) as (fleet, operator):
        if withdraw:
            _show(fleet.withdraw(operator, kiosk, withdraw), as_json)
        elif verb:
            _check(verb, given)
            order = fleet.command(operator, kiosk, verb, given, ttl, own_id or None)
            _show(order, as_json)
        else:
            _list(kiosk, fleet.orders_of(operator, kiosk), as_json)


def _read(arguments: list[str] | tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in arguments:
        name, is_so, value = one.partition("=")
        if not is_so or name in found:
            raise CloudError(f"argument {one[:40]!r} is no NAME=VALUE, once each, as in bay=a")
        found[name] = value
    return found


def _check(verb: str, given: dict[str, str]) -> None:
    if misfit(verb, given):
        usage = "; ".join(
            " ".join([name, *(f"{one}=..." for one in sorted(takes))])
            for name, takes in VERBS.items()
        )
        said = " ".join([verb, *(f"{name}={value}" for name, value in given.items())])
        raise CloudError(f"{said[:60]!r} is nothing that a kiosk is asked: {usage}")


def _list(kiosk: str, found: list[Order], as_json: bool) -> None:
    if as_json:
        show({"kiosk": kiosk, "commands": [asdict(one) for one in found]}, as_json)
        return
    for one in found:
        words = (one.command_id, one.verb, *one.arguments.values(), one.state, one.code, one.detail)
        typer.echo(_plain("  ".join(word for word in words if word)))


def _show(order: Order, as_json: bool) -> None:
    told = asdict(order)
    if not as_json:
        told |= {"arguments": " ".join(f"{name}={one}" for name, one in order.arguments.items())}
        told = {name: _plain(one) if isinstance(one, str) else one for name, one in told.items()}
    show(told, as_json)


def _plain(text: str) -> str:
    """What a kiosk said, as a terminal shows it: it may hold what a terminal would obey."""
    return "".join(one if one.isprintable() else "\ufffd" for one in text)


@contextmanager
def _fleet(database: str, keys: Path) -> Iterator[tuple[Fleet, Staff]]:
    """The fleet, and whoever works at this machine, who commands it all."""
    import secrets

    from cloud.build import ledger_key, now
    from cloud.fleet.fleet import Fleet
    from cloud.keys.shelf import Shelf
    from cloud.staff.desk import OPERATOR, WHOLE_CITY, Staff
    from cloud.store.database import is_address, open_database

    if not is_address(database) and not Path(database).exists():
        raise CloudError(f"database {database} does not exist: name the platform's")
    engine = open_database(database)
    try:
        signer = ledger_key(keys)
        fleet = Fleet(engine, Shelf(keys), now, signer, lambda: secrets.token_hex(8))
        yield fleet, Staff(OPERATOR, "fleet", WHOLE_CITY)
    finally:
        engine.dispose()
