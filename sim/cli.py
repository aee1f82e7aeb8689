"""`kiosk sim`: run scenarios in virtual time, list them, write drawn pictures.

Heavy imports wait until a command needs them, so that `--help` answers at once.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from contract.console import FALSE, AsJson, show
from sim.diff_cli import diff
from sim.errors import ScenarioError, SimError
from sim.fleet.cli import fleet
from sim.node_cli import node_at_device
from sim.random_cli import random_scenarios
from sim.scenario import SEED_MAX, load_scenario, shipped
from sim.wall_cli import by_wall

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.run import Options, Outcome, Witness
    from sim.scenario import Scenario

app = typer.Typer(help="Run the whole kiosk in virtual time.", no_args_is_help=True)
app.command("diff")(diff)
app.command("fleet")(fleet)
app.command("node")(node_at_device)
app.command("random")(random_scenarios)
app.command("wall")(by_wall)

BOTH = "both"
"""What `--node` is called where a scenario is run on every host and the traces are compared."""

Seed = Annotated[int | None, typer.Option(help=f"0 to {SEED_MAX}.", show_default=False)]


@app.command("run")
def run_scenarios(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO...", help="Names, or TOML files.")
    ],
    seed: Seed = None,
    images: Annotated[
        Path | None, typer.Option(help="Photos as DIR/class/*.jpg instead of drawings.")
    ] = None,
    node: Annotated[
        str, typer.Option(help="cpython or micropython runs the firmware; both: compares them.")
    ] = "cpython",
    speed: Annotated[str, typer.Option(help="max, or virtual seconds a real second.")] = "max",
    trace: Annotated[
        Path | None, typer.Option(help="Write every byte to this file; FILE.gz is compressed.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write what came of it to this HTML page, with plots.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit XML for CI.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run scenarios; exit 0 where all went as they must, 1 where one did not."""
    from sim.camera import Photos
    from sim.report.account import Chronicler
    from sim.report.files import check_place, write_junit, write_page
    from sim.run import Options

    stories = [load_scenario(which) for which in scenarios]
    _check_trace(trace, len(stories), node)
    for file in filter(None, (report, junit)):
        check_place(file)
    photos = Photos(images) if images is not None else None
    options = Options(_seed(seed), photos, node, _speed(speed), trace)
    chroniclers = [Chronicler(story, node) for story in stories] if report is not None else []
    outcomes = _run(stories, options, chroniclers)
    if report is not None:
        write_page(report, [one.told for one in chroniclers])
    if junit is not None:
        write_junit(junit, outcomes, node)
    _print(outcomes, as_json)
    raise typer.Exit(0 if all(one.passed for one in outcomes) else FALSE)


@app.command("list")
def list_scenarios(as_json: AsJson = False) -> None:
    """List the scenarios that come with the kiosk."""
    show({one.name: one.line for one in (load_scenario(file.stem) for file in shipped())}, as_json)


@app.command("draw")
def draw_pictures(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the pictures go.")],
    per_kind: Annotated[int, typer.Option(min=1, max=10_000, help="Pictures of a kind.")] = 10,
    seed: Seed = None,
    as_json: AsJson = False,
) -> None:
    """Write drawn pictures of every kind of item as DIR/class/kind-n.jpg."""
    from sim.drawn import draw_set

    try:
        with Console(stderr=True).status(f"drawing into {folder}"):
            pictures = draw_set(folder, per_kind, _seed(seed) or 0)
    except OSError as error:
        raise SimError(f"pictures cannot be written to {folder}: {error.strerror}") from error
    show({"folder": str(folder), "pictures": pictures, "seed": seed or 0}, as_json)


def _run(
    stories: Sequence[Scenario], options: Options, witnesses: Sequence[Witness]
) -> list[Outcome]:
    """Run one after the other, each under the eyes of its witness where there are any."""
    from sim.both import run_on_both
    from sim.run import run_scenario
    from sim.seeing import shipped_classifier

    classifier = shipped_classifier()
    run_one = run_on_both if options.node == BOTH else run_scenario
    with Console(stderr=True).status("") as status:

        def told(name: str) -> Callable[[float], None]:
            return lambda now_s: status.update(f"{name}: {now_s:.0f} s of virtual time")

        return [
            run_one(story, options, classifier, told(story.name), witness)
            for story, witness in zip_longest(stories, witnesses)
        ]


def _check_trace(trace: Path | None, runs: int, node: str) -> None:
    """A trace file holds one run.

    Raises:
        ScenarioError: More were asked for.
    """
    if trace is not None and runs > 1:
        raise ScenarioError(f"--trace {trace} holds one run, not {runs}: run one scenario")
    if trace is not None and node == BOTH:
        raise ScenarioError(
            f"--trace {trace} holds one run, and --node {BOTH} makes two: run each host alone, "
            "then `kiosk sim diff`"
        )


def _seed(seed: int | None) -> int | None:
    """The seed, if it is one.

    Raises:
        ScenarioError: It is out of range.
    """
    if seed is not None and not 0 <= seed <= SEED_MAX:
        raise ScenarioError(f"--seed {seed} is out of range: give 0 to {SEED_MAX}")
    return seed


def _speed(text: str) -> float | None:
    """Virtual seconds per real second; None for as fast as it goes.

    Raises:
        ScenarioError: It is neither.
    """
    if text == "max":
        return None
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise ScenarioError(f"--speed {text!r} is neither `max` nor a number above 0, as in 10")
    return speed


def _print(outcomes: list[Outcome], as_json: bool) -> None:
    if as_json:
        documents = [asdict(one) for one in outcomes]
        whole = documents[0] if len(documents) == 1 else documents
        typer.echo(json.dumps(whole, ensure_ascii=False))
        return
    for one in outcomes:
        word = "passed" if one.passed else "FAILED"
        typer.echo(
            f"{one.scenario:<12} {word}  {one.virtual_s:.0f} s in {one.wall_s:.1f} s, "
            f"{one.sessions} sessions, {one.accepted} accepted, {one.returned} returned, "
            f"{one.credited} points credited, {one.lost} lost, {one.doubled} doubled"
        )
        for kiosk in one.kiosks if len(one.kiosks) > 1 else ():
            typer.echo(
                f"  {kiosk.kiosk:<23} {kiosk.sessions} sessions, {kiosk.accepted} accepted, "
                f"{kiosk.returned} returned, {kiosk.credited} points credited, "
                f"{kiosk.lost} lost, {kiosk.doubled} doubled"
            )
        for failure in one.failures:
            typer.echo(f"             {failure}")
