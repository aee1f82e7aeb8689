"""`kiosk cloud nats-users`: who may say and hear what at NATS, out of the platform's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cloud.errors import FleetError
from contract.console import AsJson, show


def write_users(
    keys: Annotated[Path, typer.Option(help="The platform's folder, with kiosks/.")],
    out: Annotated[Path, typer.Option(help="The file that each node's configuration includes.")],
    worker: Annotated[
        list[str] | None, typer.Option(help="A worker's name besides `serve`; repeat.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write an entry for each kiosk on file; nodes go by it once they are told to reload.

    `changed` says whether the file is another one than before. `left_out` names what lies in
    kiosks/ and is no kiosk's. A worker that `workers` does not name is shut out.
    """
    from cloud.fleet.nats_users import nats_users
    from cloud.keys.files import KioskKeys
    from contract.certificates import is_kiosk_id
    from contract.whole_file import replace_whole

    folder = keys / "kiosks"
    if not folder.is_dir():
        raise FleetError("no-kiosks", f"no folder {folder}: name the platform's with --keys")
    names = list(KioskKeys(folder))
    kiosks = [one for one in names if is_kiosk_id(one)]
    text = nats_users(kiosks, worker or ()).encode()
    try:
        changed = not out.exists() or out.read_bytes() != text
        if changed:
            replace_whole(out, text)
    except OSError as error:
        raise FleetError("not-written", f"{out} was not written: {error.strerror}") from error
    left_out = [one for one in names if one not in kiosks]
    said = {"kiosks": len(kiosks), "workers": sorted(set(worker or ()))}
    show(said | {"changed": changed, "left_out": left_out}, as_json)
