"""`kiosk sim random`: run scenarios by chance, and write down the shortest that fails."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from contract.console import FALSE, AsJson
from sim.errors import SimError

if TYPE_CHECKING:
    from sim.random_scenarios.search import Finding

LAST_SEED = 2**32 - 1
MOST = 100_000

FirstSeed = Annotated[int, typer.Option("--seed", min=0, max=LAST_SEED, help="The first seed.")]
Count = Annotated[int, typer.Option(min=1, max=MOST, help="How many, each with the next seed.")]
Node = Annotated[str, typer.Option(help="cpython or micropython runs the firmware.")]
Keep = Annotated[
    Path | None, typer.Option(help="Write each shortest script that fails into this folder.")
]


def random_scenarios(
    seed: FirstSeed = 1,
    count: Count = 10,
    node: Node = "cpython",
    keep: Keep = None,
    as_json: AsJson = False,
) -> None:
    """Run random scenarios; shorten each that fails; exit 1 where one did."""
    if seed + count - 1 > LAST_SEED:
        raise SimError(f"--seed {seed} --count {count}: seeds end at {LAST_SEED}")
    if keep is not None and not keep.is_dir():
        raise SimError(f"--keep {keep}: there is no such folder: make it first")
    findings = _search(range(seed, seed + count), node)
    if keep is not None:
        for one in findings:
            _write(keep / f"random-{one.seed}.toml", one.script)
    _print(findings, count, as_json)
    raise typer.Exit(FALSE if findings else 0)


def _search(seeds: range, node: str) -> list[Finding]:
    from sim.random_scenarios.search import Trial
    from sim.seeing import shipped_classifier

    # What is looked for is told in the findings; a thousand nodes that restart fill the log.
    logging.disable(logging.ERROR)
    trial = Trial(shipped_classifier(), node)
    findings: list[Finding] = []
    with Console(stderr=True).status("") as status:
        for number in seeds:
            status.update(f"seed {number}: {len(findings)} of {number - seeds.start} failed so far")
            if (found := trial.finding(number)) is not None:
                findings.append(found)
    return findings


def _write(file: Path, script: str) -> None:
    try:
        file.write_text(script, encoding="utf-8")
    except OSError as error:
        raise SimError(f"script {file} cannot be written: {error.strerror}") from error


def _print(findings: list[Finding], count: int, as_json: bool) -> None:
    if as_json:
        document = {"count": count, "findings": [asdict(one) for one in findings]}
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    for one in findings:
        typer.echo(f"# seed {one.seed} fails: {'; '.join(one.failures)}\n{one.script}")
    typer.echo(f"{count} random scenarios, {len(findings)} failed")
