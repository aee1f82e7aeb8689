"""`kiosk keys`: keys that sign records, and certificates by which all sides know each other."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from contract.authority import LIFE_DAYS, Authority, write_certificate
from contract.certificates import (
    MAX_BYTES,
    check,
    check_name,
    load_certificate,
    open_request,
    request,
)
from contract.console import FALSE, AsJson, show
from contract.enrolment import ENROL_PATH, ask
from contract.errors import CertificateError, ContractError
from contract.instant import instant_of
from contract.keys import FileSigner
from contract.p256 import open_key
from contract.platform_call import PlatformCall
from contract.tls import TlsFiles

if TYPE_CHECKING:
    from contract.certificates import Certificate

keys = typer.Typer(help="Keys, and certificates for the broker.", no_args_is_help=True)
authority = typer.Typer(help="The city's own authority.", no_args_is_help=True)
keys.add_typer(authority, name="ca")

CaFolder = Annotated[Path, typer.Option("--ca", help="Folder with the authority's ca.key, ca.crt.")]
Days = Annotated[int, typer.Option(min=1, max=825, help="How long it holds.")]


@authority.callback()
def _group() -> None:
    """Keep a group with one command a group."""


@keys.command("new")
def new_key(
    path: Annotated[Path, typer.Argument(help="PEM file to make; the .pub goes beside it.")],
    as_json: AsJson = False,
) -> None:
    """Make an Ed25519 key pair: PATH (private) and PATH with `.pub` (64 hex digits)."""
    signer = FileSigner.new(path)
    _write(path.with_suffix(".pub"), signer.public.hex().encode() + b"\n")
    show({"public": signer.public.hex(), "key_id": signer.key_id}, as_json)


@keys.command("csr")
def new_request(
    name: Annotated[
        str, typer.Argument(help="A kiosk's id, platform.ledger, or platform.ledger-WORKER.")
    ],
    key: Annotated[Path, typer.Option(help="Its P-256 key; made where there is none.")],
    out: Annotated[Path, typer.Option(help="Where the request goes.")],
    as_json: AsJson = False,
) -> None:
    """Ask for a certificate: a request that `kiosk keys sign` takes; the key stays here."""
    pem = request(open_key(key), check_name(name))
    _write(out, pem)
    show({"name": name, "key": str(key), "request": str(out)}, as_json)


@keys.command("sign")
def sign_request(
    csr: Annotated[Path, typer.Argument(help="The request.")],
    name: Annotated[str, typer.Option(help="Who asks; the request must be in this name.")],
    ca: CaFolder,
    out: Annotated[Path, typer.Option(help="Where the certificate goes.")],
    days: Days = LIFE_DAYS,
    as_json: AsJson = False,
) -> None:
    """Sign a request with the city's authority."""
    asked = open_request(_read(csr))
    if asked.name != name:
        raise CertificateError("other-name", f"{csr} is a request of {asked.name}, not of {name}")
    made = Authority.load(ca).sign(asked, int(time.time()), days)
    write_certificate(out, made)
    show(_words(made), as_json)


@keys.command("broker")
def sign_broker(
    hosts: Annotated[
        list[str], typer.Argument(help="Names or addresses at which it is; kiosks' first.")
    ],
    ca: CaFolder,
    folder: Annotated[Path, typer.Option(help="Where broker.key and broker.crt go.")],
    node: Annotated[
        bool, typer.Option("--node", help="It is one of several, and shows it to the others.")
    ] = False,
    days: Days = LIFE_DAYS,
    as_json: AsJson = False,
) -> None:
    """Make the broker's certificate, and its key where there is none."""
    signing = Authority.load(ca)
    key = open_key(folder / "broker.key")
    made = signing.sign_broker(
        key.public_key(), hosts[0], int(time.time()), days, more=hosts[1:], is_node=node
    )
    write_certificate(folder / "broker.crt", made)
    show(_words(made), as_json)


@keys.command("enrol")
def enrol_kiosk(
    kiosk: Annotated[str, typer.Argument(help="This kiosk's id.")],
    platform: Annotated[str, typer.Option(help="The platform, https://...")],
    folder: Annotated[
        Path, typer.Option(help="Folder of kiosk.toml; keys and certificate go here.")
    ],
    code: Annotated[
        str, typer.Option(prompt="Claim code", help="Of `kiosk cloud invite`; asked for by itself.")
    ],
    as_json: AsJson = False,
) -> None:
    """Make this kiosk's keys, where it has none, and have the platform certify them."""
    own = folder / "kiosk.pem"
    signer = FileSigner.load(own) if own.exists() else FileSigner.new(own)
    files = TlsFiles(folder / "tls.key", folder / "tls.crt", folder / "ca.crt")
    asked = ask(check_name(kiosk), code, signer, open_key(files.key))
    answer = PlatformCall(platform, files.authority).send(ENROL_PATH, asked)
    made = files.take(answer, kiosk, int(time.time()))
    show(_words(made) | {"public": signer.public.hex()}, as_json)


@keys.command("show")
def show_certificate(
    certificate: Annotated[Path, typer.Argument(help="A certificate, PEM.")],
    ca: Annotated[
        Path | None, typer.Option("--ca", help="The authority's ca.crt, to judge it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say whose a certificate is, how long it holds, and with --ca whether it is good today."""
    found = load_certificate(certificate)
    words = _words(found)
    if ca is None:
        show(words, as_json)
        return
    try:
        check(found, load_certificate(ca), int(time.time()))
    except CertificateError as error:
        show({"valid": False, "code": error.code} | words | {"reason": error.message}, as_json)
        raise typer.Exit(FALSE) from error
    show({"valid": True} | words, as_json)


@authority.command("new")
def new_authority(
    folder: Annotated[Path, typer.Argument(help="Where ca.key and ca.crt go.")],
    name: Annotated[str, typer.Option(help="What it is called, such as 'Hangzhou kiosks'.")],
    as_json: AsJson = False,
) -> None:
    """Make the city's authority; its ca.key signs every certificate, so keep it well."""
    show(_words(Authority.new(folder, name, int(time.time())).certificate), as_json)


def _words(certificate: Certificate) -> dict[str, Any]:
    return {
        "name": certificate.name,
        "serial": certificate.serial,
        "holds_from": instant_of(certificate.not_before_s),
        "renew_from": instant_of(certificate.renew_from_s),
        "holds_until": instant_of(certificate.not_after_s),
    }


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ContractError(
            "unreadable", f"{path} cannot be read: {error.strerror or error}"
        ) from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise ContractError(
            "unwritable", f"{path} cannot be written: {error.strerror or error}"
        ) from error
