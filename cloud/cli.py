"""The platform's command line, `kiosk cloud`.

`serve`, `ingest`, `asyncapi`, `invite`, `staff`, `dismiss` and `balance` stand here, `command`,
`counter`, `nats-users` and `partner` in files of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cloud.accounts.codes import RENEW_BEFORE_S
from cloud.cli_command import command_kiosk
from cloud.cli_counter import counter
from cloud.cli_nats import write_users
from cloud.cli_shop import partner
from cloud.errors import CloudError
from contract.console import AsJson, show
from contract.token import TTL_S

if TYPE_CHECKING:
    from cloud.build import Platform

app = typer.Typer(help="The platform: ledger, accounts and their pages.", no_args_is_help=True)
app.add_typer(counter, name="counter")
app.add_typer(partner, name="partner")
app.command("command")(command_kiosk)
app.command("nats-users")(write_users)

Database = Annotated[
    str,
    typer.Option(help="A file of SQLite, made new where there is none, or postgresql://..."),
]
Keys = Annotated[Path, typer.Option(help="Folder with kiosks/, city.pem, catalogue*.json ...")]
Broker = Annotated[str, typer.Option(help="MQTT broker, HOST:PORT.")]
Tls = Annotated[
    bool,
    typer.Option(
        "--tls", help="Speak TLS to the broker, with tls.key, tls.crt (a worker: tls-NAME), ca.crt."
    ),
]

Nats = Annotated[
    str, typer.Option(help="NATS nodes in place of the broker, HOST:PORT,HOST:PORT,...")
]

Openers = Annotated[
    int, typer.Option(min=0, max=64, help="Processes that check signatures; 0 for none beside.")
]

CODES_A_MINUTE = 300
"""As `cloud.residents.numbers.IN_CITY`, which is not read for each command's sake."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """Where records come from, and which ledger they go to: options of two commands."""

    database: Database
    keys: Keys
    broker: Broker = "127.0.0.1:1883"
    tls: Tls = False
    nats: Nats = ""
    openers: Openers = 0

    def open(self, worker: str = "") -> Platform:
        """The platform over it."""
        from cloud.build import open_platform

        return open_platform(
            self.database,
            self.keys,
            _address(self.broker),
            tls=self.tls,
            nats=_addresses(self.nats),
            worker=worker,
            openers=self.openers,
        )


def from_source(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each field of the `Source` that it takes first."""
    fields = signature(Source, eval_str=True).parameters
    _, *own = signature(command, eval_str=True).parameters.values()

    @wraps(command)
    def spread(**given: Any) -> None:
        command(Source(**{name: given.pop(name) for name in fields}), **given)

    told = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in (*fields.values(), *own)]
    spread.__signature__ = Signature(told)  # type: ignore[attr-defined]  # Typer goes by both
    spread.__annotations__ = {one.name: one.annotation for one in told}
    return spread


@app.command("serve")
@from_source
def serve_platform(
    source: Source,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8090,
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    demo_account: Annotated[
        list[str] | None,
        typer.Option(help="Account, 16 hex digits, that this machine may sign in to; repeat."),
    ] = None,
    code_ttl: Annotated[
        int, typer.Option(min=RENEW_BEFORE_S + 1, help="Seconds that a resident's code holds.")
    ] = TTL_S,
    codes_a_minute: Annotated[
        int,
        typer.Option(min=1, max=100_000, help="Sign-in codes sent to all of the city in a minute."),
    ] = CODES_A_MINUTE,
) -> None:
    """Run everything: take records from the broker, serve pages and API."""
    from cloud.build import now, open_counter, open_front, open_issuer
    from cloud.residents.tries import Limit
    from cloud.server import open_port, serve, web

    _log_to_stderr()
    near = host in ("127.0.0.1", "::1", "localhost")
    for account in demo_account or ():
        _check_account(account)
        if not near:
            raise CloudError(f"--demo-account signs anybody in: not together with --host {host}")
    platform, keys = source.open(), source.keys
    issuer = open_issuer(keys, code_ttl)
    if not near:
        _log.warning("residents sign in at %s without TLS: put a proxy that has it before", host)
    residents = open_front(platform, keys, demo_account or (), Limit(codes_a_minute, 60))
    with open_port(host, port) as listening, contextlib.suppress(KeyboardInterrupt):
        pages = web(platform, issuer, residents, open_counter(platform, keys, residents), now)
        asyncio.run(serve(pages, platform.listener, listening, platform.filing.look))


@app.command("ingest")
@from_source
def ingest_records(
    source: Source,
    worker: Annotated[
        str, typer.Option(help="This one's name, where several of them share the kiosks' batches.")
    ] = "",
) -> None:
    """Only take records from the broker into the ledger."""
    from cloud.keys.looking import looked_after

    _log_to_stderr()
    if not re.fullmatch(r"[a-z0-9-]{0,32}", worker):
        raise CloudError(f"worker {worker[:40]!r} is not up to 32 of a-z, 0-9 and -")
    platform = source.open(worker)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(looked_after(platform.listener.run(), platform.filing.look))


@app.command("asyncapi")
def show_asyncapi() -> None:
    """Print the AsyncAPI 3 document of the messages between kiosks and platform."""
    from contract.asyncapi import document

    typer.echo(json.dumps(document(), indent=2, ensure_ascii=False))


@app.command("invite")
def invite_kiosk(
    kiosk: Annotated[str, typer.Argument(help="The kiosk's id.")],
    keys: Keys,
    replaces: Annotated[
        bool, typer.Option("--replaces", help="It may bring another key, as with a new card.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a claim code, with which this kiosk enrols within a week, once."""
    from cloud.build import open_enrolment

    enrolment = open_enrolment(keys)
    if enrolment is None:
        raise CloudError(f"no ca.key in {keys}: make one with `kiosk keys ca new {keys}`")
    show({"kiosk": kiosk, "code": enrolment.invite(kiosk, replaces=replaces)}, as_json)


@app.command("staff")
def admit_staff(
    staff: Annotated[str, typer.Argument(help="The staff member's pseudonym.")],
    database: Database,
    district: Annotated[str, typer.Option(help="Whose records; * for the whole city.")],
    role: Annotated[
        str, typer.Option(help="decide, desk, fleet, prices, read, shop or sign.")
    ] = "decide",
    as_json: AsJson = False,
) -> None:
    """Let a member of staff in, by role and district; the token is printed once and not kept."""
    from cloud.build import open_staff
    from cloud.store.database import open_database

    engine = open_database(database)
    token = open_staff(engine).admit(staff, role, district)
    engine.dispose()
    show({"staff": staff, "role": role, "district": district, "token": token}, as_json)


@app.command("dismiss")
def dismiss_staff(
    staff: Annotated[str, typer.Argument(help="The staff member's pseudonym.")],
    database: Database,
    as_json: AsJson = False,
) -> None:
    """Let a member of staff in no more: token and open pages end at once."""
    from cloud.build import open_staff
    from cloud.store.database import open_database

    engine = open_database(database)
    open_staff(engine).dismiss(staff)
    engine.dispose()
    show({"staff": staff, "dismissed": True}, as_json)


@app.command("balance")
def show_balance(
    account: Annotated[str, typer.Argument(help="Account, 16 hex digits.")],
    database: Database,
    as_json: AsJson = False,
) -> None:
    """Print what an account has."""
    from cloud.build import now
    from cloud.ledger.ledger import Ledger
    from cloud.store.database import is_address, open_database

    _check_account(account)
    if not is_address(database) and not Path(database).exists():
        raise CloudError(f"database {database} does not exist: name the ledger's file")
    engine = open_database(database)
    found = Ledger(engine, {}, {}, now).balance(account)
    engine.dispose()
    show({"account": account} | asdict(found), as_json)


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise CloudError(f"broker {text!r} is not HOST:PORT, as in 127.0.0.1:1883")
    return host, int(port)


def _addresses(text: str) -> list[tuple[str, int]]:
    return [_address(one.strip()) for one in text.split(",")] if text else []


def _check_account(account: str) -> None:
    if not re.fullmatch(r"[0-9a-f]{16}", account):
        raise CloudError(f"account {account!r} is not 16 hex digits, as in a11ce00000000001")


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
