"""`kiosk vision`: classify and scan pictures, measure the model, train a new one.

Exit 0 is good, 2 bad input. A picture that cannot be read does not stop the others: its entry
says what is wrong with it, and the exit is 2. Errors of `VisionError`'s tree that concern the
whole call are left to rise; the command `kiosk` prints them in one line and exits with 2.
Heavy imports wait until a command needs them, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress, track
from rich.table import Table

from vision.errors import ImageError, TrainingError

if TYPE_CHECKING:
    from vision.images import Image

app = typer.Typer(
    help="Say what pictures show, and read codes.", no_args_is_help=True, add_completion=False
)

BAD_INPUT = 2
MODEL_HELP = "Folder with model.onnx and card.json; the shipped model without it."

Images = Annotated[list[Path], typer.Argument(metavar="IMAGE...", help="Image files.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
ModelFolder = Annotated[Path | None, typer.Option("--model", help=MODEL_HELP)]

Entry = dict[str, Any]


@app.command()
def classify(images: Images, model: ModelFolder = None, as_json: AsJson = False) -> None:
    """Say what lies in each picture, and whether to trust it."""
    classifier = _classifier(model)

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
    as_json: AsJson = False,
) -> None:
    """Measure the model on labelled pictures; a class that it lacks counts as unknown."""
    from vision.evaluate import judge_all, labelled, report

    classifier = _classifier(model)
    judged = judge_all(classifier, _tracked(labelled(folder), "judging"))
    result = report(judged, classifier)
    if as_json:
        typer.echo(json.dumps(result))
        return
    per_class = result.pop("per_class")
    _print_table(("figure", "value"), result.items())
    rows = ((name, part["n"], part["top1"]) for name, part in per_class.items())
    _print_table(("class", "n", "top1"), rows)


@app.command()
def train(
    data: Annotated[Path, typer.Option(help="Folder with trashnet/, extra/, backbones/ ...")],
    drawn: Annotated[Path, typer.Option(help="Simulated items: `kiosk sim draw` writes them.")],
    out: Annotated[Path, typer.Option(help="Where model.onnx and card.json go.")],
    seed: Annotated[int, typer.Option(help="Chooses pictures and how they are changed.")] = 1,
    backbone: Annotated[Path | None, typer.Option(help="NPZ of MobileNetV2's weights.")] = None,
    cache: Annotated[Path | None, typer.Option(help="Keeps features between runs.")] = None,
    as_json: AsJson = False,
) -> None:
    """Train a new model; some minutes on two cores. The same seed and data give the same model."""
    run = _training()
    found = backbone or data / "backbones" / "mobilenet_v2_1.0_224_qat_dequantised_fp32.npz"
    with _folder(cache) as kept:
        job = run.Job(data, drawn, out, found, kept, seed)
        sets = run.gather_for(job)
        with _bar() as bar:
            task = bar.add_task("seeing", total=run.pictures_to_see(sets))
            card = run.train(job, sets, lambda seen: bar.advance(task, seen))
    if as_json:
        typer.echo(json.dumps(card))
        return
    figures = card["figures"]
    columns = ("n", "top1", "accepted", "accepted_top1", "unknown_refused", "auroc_unknown")
    rows = ((name, *(part[column] for column in columns)) for name, part in figures.items())
    _print_table(("set", *columns), rows)


def _classifier(folder: Path | None) -> Any:
    """The model of a folder, or the shipped one."""
    from vision.classify import Classifier

    return Classifier.shipped() if folder is None else Classifier.load(folder)


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
    from vision.images import load_image

    entries = []
    for path in _tracked(paths, "reading"):
        entry: Entry = {"file": str(path)}
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
        _print_table(columns, ([_cell(entry[name]) for name in columns] for entry in good))
    for message in broken:
        typer.echo(f"kiosk: {message}", err=True)
    if broken:
        raise typer.Exit(BAD_INPUT)


def _cell(value: Any) -> Any:
    """A list in one cell: codes by format and text, words side by side."""
    if not isinstance(value, list):
        return value
    words = (f"{one['format']} {one['text']}" if isinstance(one, dict) else one for one in value)
    return "\n".join(words) or "-"


def _print_table(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    from rich.text import Text

    table = Table()
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        # What a code says is shown as it is, never read as markup.
        table.add_row(*(Text(str(value)) for value in row))
    Console().print(table)


def _bar() -> Progress:
    """A progress bar on stderr, drawn only where that is a terminal."""
    console = Console(stderr=True)
    return Progress(console=console, disable=not console.is_terminal, transient=True)


def _tracked(things: Sequence[Any], doing: str) -> Iterable[Any]:
    """The things, with a progress bar on stderr where that is a terminal and there are many."""
    console = Console(stderr=True)
    hidden = not console.is_terminal or len(things) < 20
    return track(things, doing, console=console, disable=hidden, transient=True)


@contextmanager
def _folder(cache: Path | None) -> Iterator[Path]:
    """The folder for features: the one given, or one that goes away afterwards."""
    if cache is not None:
        yield cache
        return
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:
        yield Path(name)
