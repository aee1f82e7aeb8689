"""`kiosk vision teach`: a few labelled pictures of one chamber, and whether they help."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vision.errors import ImageError, TeachingError
from vision.terminal import (
    BAD_INPUT,
    AsJson,
    ModelFolder,
    bar,
    name_each,
    print_table,
    silence_decoders,
    tracked,
)

if TYPE_CHECKING:
    from vision.teaching.teach import Lesson

NOT_SO = 1
TAUGHT_FILE = "taught.json"


def teach(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Pictures as DIR/class/*.jpg.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to.")] = Path(TAUGHT_FILE),
    date: Annotated[str, typer.Option(help="Written to the file; today without it.")] = "",
    model: ModelFolder = None,
    as_json: AsJson = False,
) -> None:
    """Teach this kiosk its own chamber by a few labelled pictures; the model stays as it is.

    A folder that is named as none of the classes (empty, food, ...) holds what to refuse. Exit 1,
    and no file, where the pictures do not show that teaching pays and what it leaves refused.
    """
    from datetime import UTC, datetime

    from vision.classify import Classifier
    from vision.evaluate import labelled
    from vision.teaching import lesson
    from vision.teaching import teach as teaching

    silence_decoders()
    classifier = Classifier.load(model) if model else Classifier.shipped()
    broken: list[ImageError] = []
    seen = lesson.see(classifier.model, tracked(labelled(folder), "looking"), broken.append)
    name_each(broken)  # first, for they may be why too few are left
    with bar() as shown:
        task = shown.add_task("leaving out", total=teaching.steps_of(seen))
        found = teaching.teach(classifier.card, seen, lambda: shown.advance(task))
    if found.taught is not None:
        day = date or datetime.now(UTC).date().isoformat()
        _write(out, teaching.document(found, seen, day))
    _show_lesson(found, out, len(broken), as_json=as_json)
    if broken:
        raise typer.Exit(BAD_INPUT)
    if found.taught is None:
        raise typer.Exit(NOT_SO)


def _write(path: Path, text: str) -> None:
    """Write a whole file or none.

    Raises:
        TeachingError: It cannot be written there.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise TeachingError(f"{path}: {error.strerror}; name another file by --out") from error


def _show_lesson(found: Lesson, out: Path, skipped: int, *, as_json: bool) -> None:
    """Say what teaching came to, before and after side by side."""
    pays = found.taught is not None
    if as_json:
        result = {
            "taught": pays,
            "file": str(out) if pays else None,
            "refusal": found.refusal,
            "skipped": skipped,
            "gain": round(found.gain, 4),
            "gain_error": round(found.gain_error, 4),
            "before": found.before,
            "after": found.after,
        }
        typer.echo(json.dumps(result))
        return
    rows = ((name, before, found.after[name]) for name, before in found.before.items())
    print_table(("figure, each picture left out", "untaught", "taught"), rows)
    chance = f"loss saved a picture {found.gain:.3f} ± {found.gain_error:.3f}"
    if pays:
        typer.echo(f"{chance}; wrote {out}: name it as files.taught in the kiosk's configuration")
    else:
        typer.echo(f"{chance}: {found.refusal}, so nothing was written; the model stays as it is")
