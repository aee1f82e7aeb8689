"""The platform's command line: `kiosk cloud serve`, `ingest`, `invite`, `staff`, `balance`."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from cloud.accounts.codes import RENEW_BEFORE_S
from cloud.cli_counter import counter
from cloud.errors import CloudError
from contract.console import AsJson, show
from contract.token import TTL_S

app = typer.Typer(help="The platform: ledger, accounts and their pages.", no_args_is_help=True)
app.add_typer(counter, name="counter")

Database = Annotated[
    str,
    typer.Option(help="A file of SQLite, made new where there is none, or postgresql://..."),
]
Keys = Annotated[Path, typer.Option(help="Folder with kiosks/, city.pem, catalogue*.json ...")]
Broker = Annotated[str, typer.Option(help="MQTT broker, HOST:PORT.")]
Tls = Annotated[
    bool, typer.Option("--tls", help="Speak TLS to the broker, with tls.key, tls.crt, ca.crt.")
]

Openers = Annotated[
    int, typer.Option(min=0, max=64, help="Processes that check signatures; 0 for none beside.")
]

_log = logging.getLogger(__name__)


@app.command("serve")
def serve_platform(
    database: Database,
    keys: Keys,
    broker: Broker = "127.0.0.1:1883",
    tls: Tls = False,
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8090,
    host: Annotated[str, typer.Option(help="Address to serve on.")] = "127.0.0.1",
    demo_account: Annotated[
        str | None, typer.Option(help="Account that the front page links to, 16 hex digits.")
    ] = None,
    code_ttl: Annotated[
        int, typer.Option(min=RENEW_BEFORE_S + 1, help="Seconds that a resident's code holds.")
    ] = TTL_S,
    openers: Openers = 0,
) -> None:
    """Run everything: take records from the broker, serve pages and API."""
    from cloud.build import now, open_issuer, open_platform
    from cloud.server import open_port, serve, web

    _log_to_stderr()
    if demo_account is not None:
        _check_account(demo_account)
    platform = open_platform(database, keys, _address(broker), tls=tls, openers=openers)
    issuer = open_issuer(keys, code_ttl)
    if host not in ("127.0.0.1", "::1", "localhost"):
        _log.warning("accounts have no sign-in: whoever reaches %s can read them", host)
    with open_port(host, port) as listening, contextlib.suppress(KeyboardInterrupt):
        pages = web(platform, issuer, now, demo_account)
        asyncio.run(serve(pages, platform.listener, listening))


@app.command("ingest")
def ingest_records(
    database: Database,
    keys: Keys,
    broker: Broker = "127.0.0.1:1883",
    tls: Tls = False,
    openers: Openers = 0,
    worker: Annotated[
        str, typer.Option(help="This one's name, where several of them share the kiosks' batches.")
    ] = "",
) -> None:
    """Only take records from the broker into the ledger."""
    from cloud.build import open_platform

    _log_to_stderr()
    if not re.fullmatch(r"[a-z0-9-]{0,32}", worker):
        raise CloudError(f"worker {worker[:40]!r} is not up to 32 of a-z, 0-9 and -")
    platform = open_platform(
        database, keys, _address(broker), tls=tls, worker=worker, openers=openers
    )
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(platform.listener.run())


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
    role: Annotated[str, typer.Option(help="decide, or read.")] = "decide",
    as_json: AsJson = False,
) -> None:
    """Let a member of staff decide about held records; the token is printed once and not kept."""
    from cloud.build import open_staff
    from cloud.store.database import open_database

    engine = open_database(database)
    token = open_staff(engine).admit(staff, role, district)
    engine.dispose()
    show({"staff": staff, "role": role, "district": district, "token": token}, as_json)


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


def _check_account(account: str) -> None:
    if not re.fullmatch(r"[0-9a-f]{16}", account):
        raise CloudError(f"account {account!r} is not 16 hex digits, as in a11ce00000000001")


def _log_to_stderr() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
