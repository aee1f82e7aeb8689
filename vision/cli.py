"""`kiosk vision`: classify and scan pictures, measure the model, teach it a chamber, train anew.

Exit 0 is good, 1 says that teaching would not pay, 2 is bad input. A picture that cannot be read
does not stop the others: its entry says what is wrong with it, and the exit is 2. Errors of
`VisionError`'s tree that concern the whole call are left to rise; the command `kiosk` prints them
in one line and exits with 2.
Heavy imports wait until a command needs them, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vision.errors import ImageError, TrainingError
from vision.teaching.cli import teach
from vision.terminal import (
    AsJson,
    ModelFolder,
    bar,
    exit_for,
    print_table,
    silence_decoders,
    tracked,
)

if TYPE_CHECKING:
    from vision.classify import Classifier
    from vision.images import Image

app = typer.Typer(
    help="Say what pictures show, and read codes.", no_args_is_help=True, add_completion=False
)

TAUGHT_HELP = "What this kiosk was taught: a file of `kiosk vision teach`."

Images = Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Image files.")]
TaughtFile = Annotated[Path | None, typer.Option("--taught", metavar="FILE", help=TAUGHT_HELP)]

Entry = dict[str, Any]

app.command()(teach)


@app.command()
def classify(
    images: Images,
    model: ModelFolder = None,
    taught: TaughtFile = None,
    as_json: AsJson = False,
) -> None:
    """Say what lies in each picture, and whether to trust it."""
    classifier = _classifier(model, taught)

    def judge(image: Image) -> Entry:
        sight = classifier.look([image])
        return {
            "label": sight.label,
            "probability": round(sight.probability, 4),
            "unknown": sight.unknown,
            "unknown_score": round(sight.unknown_score, 4),
            "problems": list(sight.problems),
        }

    entries = _each(images, judge)
    columns = ("file", "label", "probability", "unknown", "problems", "ms")
    _show({"files": entries, "model_sha256": classifier.model_sha256}, columns, as_json=as_json)


@app.command()
def scan(images: Images, as_json: AsJson = False) -> None:
    """Read the QR codes and barcodes in each picture; barcodes only where two decoders agree."""
    from dataclasses import asdict

    from vision import codes

    entries = _each(images, lambda image: {"codes": [asdict(code) for code in codes.scan(image)]})
    _show({"files": entries}, ("file", "codes", "ms"), as_json=as_json)


@app.command("eval")
def evaluate(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Pictures as DIR/class/*.jpg.")],
    model: ModelFolder = None,
    taught: TaughtFile = None,
    as_json: AsJson = False,
) -> None:
    """Measure the model on labelled pictures; a class that it lacks counts as unknown."""
    from vision.evaluate import judge_all, labelled, report

    silence_decoders()
    classifier = _classifier(model, taught)
    broken: list[ImageError] = []
    pictures = tracked(labelled(folder), "judging")
    judged = judge_all(classifier, pictures, broken=broken.append)
    result = report(judged, classifier, skipped=len(broken))
    if as_json:
        typer.echo(json.dumps(result))
    else:
        _print_figures(result)
    exit_for(broken)


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="Folder with trashnet/, extra/, field_val/.")],
    drawn: Annotated[Path, typer.Option(help="Simulated items: `kiosk sim draw` writes them.")],
    out: Annotated[Path, typer.Option(help="Where the models and their card go.")],
    seed: Annotated[int, typer.Option(help="The first seed; it chooses and changes pictures.")] = 1,
    seeds: Annotated[int, typer.Option(min=1, max=20, help="Nets whose mean is taken.")] = 5,
    cache: Annotated[Path | None, typer.Option(help="Keeps what was seen between runs.")] = None,
    as_json: AsJson = False,
) -> None:
    """Train a new model; an hour on two cores. The same seeds and data give the same model."""
    run = _training()
    with _folder(cache) as kept:
        job = run.Job(data, drawn, out, kept, tuple(range(seed, seed + seeds)))
        sets = run.gather_for(job)
        with bar() as shown:
            packing = shown.add_task("packing", total=run.pictures_to_pack(sets))
            seeing = shown.add_task("seeing", total=run.views_to_see(sets))
            steps = shown.add_task("training", total=seeds * job.recipe.steps)
            tell = run.Tell(
                partial(shown.advance, packing),
                partial(shown.advance, seeing),
                partial(shown.advance, steps),
            )
            card = run.train(job, sets, tell)
    if as_json:
        typer.echo(json.dumps(card))
        return
    figures = card["figures"]
    columns = ("n", "top1", "accepted", "accepted_top1", "unknown_refused", "auroc_unknown")
    rows = ((name, *(part[column] for column in columns)) for name, part in figures.items())
    print_table(("set", *columns), rows)


def _classifier(folder: Path | None, taught: Path | None) -> Classifier:
    """The model of a folder, or the shipped one, with what a kiosk was taught."""
    from vision.classify import Classifier

    return Classifier.load(folder, taught) if folder else Classifier.shipped(taught)


def _print_figures(result: Entry) -> None:
    """The figures of a folder: those that are one number, then kind by kind."""
    plain = ((n, value) for n, value in result.items() if not isinstance(value, dict | list))
    print_table(("figure", "value"), plain)
    rows = ((name, part["n"], part["top1"]) for name, part in result["per_class"].items())
    print_table(("class", "n", "top1"), rows)
    rows = ((name, part["n"], part["refused"]) for name, part in result["per_unknown"].items())
    print_table(("unknown", "n", "refused"), rows)
    ends = ((name, *(pair or ("-", "-"))) for name, pair in result["intervals"].items())
    print_table(("figure", "95 % from", "to"), ends)


def _training() -> Any:
    """The module that trains.

    Raises:
        TrainingError: The extra that it needs is not installed.
    """
    try:
        from vision.train import run
    except ModuleNotFoundError as error:
        extra = "pip install 'recycling-kiosk[train]'"
        raise TrainingError(f"training needs {error.name}, not installed: {extra}") from error
    return run


def _each(paths: Sequence[Path], work: Callable[[Image], Entry]) -> list[Entry]:
    """Do the work on each picture; an entry has `ms`, or `error` where it cannot be read."""
    from vision.images import load_image, printable

    silence_decoders()
    entries = []
    for path in tracked(paths, "reading"):
        entry: Entry = {"file": printable(path)}
        try:
            image = load_image(path)
            start = time.perf_counter()
            entry |= work(image)
            entry["ms"] = round((time.perf_counter() - start) * 1000, 2)
        except ImageError as error:
            entry["error"] = str(error)
        entries.append(entry)
    return entries


def _show(result: Entry, columns: Sequence[str], *, as_json: bool) -> None:
    """Print entries as JSON or as a table, and exit with 2 where a picture could not be read."""
    broken = [entry["error"] for entry in result["files"] if "error" in entry]
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
    else:
        good = [entry for entry in result["files"] if "error" not in entry]
        print_table(columns, ([_cell(entry[name]) for name in columns] for entry in good))
    exit_for(broken)


def _cell(value: Any) -> Any:
    """A list in one cell: codes by format and text, words side by side."""
    if not isinstance(value, list):
        return value
    words = (f"{one['format']} {one['text']}" if isinstance(one, dict) else one for one in value)
    return "\n".join(words) or "-"


@contextmanager
def _folder(cache: Path | None) -> Iterator[Path]:
    """The folder for features: the one given, or one that goes away afterwards."""
    if cache is not None:
        yield cache
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:
        yield Path(name)
