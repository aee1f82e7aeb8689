"""The model's card: what a model was trained on, what it can tell apart, and how well."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vision.errors import ModelError
from vision.openset import Gate

MUST_FIGURES = ("doubt_weight", "usual", "strange", "threshold")
MAY_FIGURES = ("energy_weight", "energy_usual", "energy_strange")
"""The gate's figures: those every card has, and those of a card whose gate looks at energy."""


@dataclass(frozen=True, slots=True)
class Card:
    """What the classifier needs of a card; the rest of it is for people.

    `classes` names the model's scores in order. `refused` are those among them that are never
    given as a label (things the kiosk does not take). `temperature` divides the scores before
    they become probabilities. `model_sha256` says which model file the card belongs to,
    `int8_sha256` which one is the same in whole numbers, if there is one. `calibrated_pictures` is
    on how many known things the temperature was set, `score_tail` which share of them the gate
    does not let pass.
    """

    classes: tuple[str, ...]
    refused: frozenset[str]
    temperature: float
    gate: Gate
    model_sha256: str
    int8_sha256: str = ""
    calibrated_pictures: int = 1
    score_tail: float = 0.1

    @property
    def known(self) -> tuple[str, ...]:
        """The classes that may be given as a label."""
        return tuple(name for name in self.classes if name not in self.refused)

    @classmethod
    def load(cls, path: Path) -> Card:
        """Read a card from its JSON file.

        Raises:
            ModelError: It is missing, not JSON, or lacks something; the message names it.
        """
        try:
            return cls.of(json.loads(path.read_text(encoding="utf-8")))
        except OSError as error:
            raise ModelError(
                f"card {path}: {error.strerror}; train a model or reinstall"
            ) from error
        except KeyError as error:
            raise ModelError(f"card {path}: {error} is missing; train the model anew") from error
        except (ValueError, TypeError, OverflowError) as error:
            raise ModelError(f"card {path}: {error}; train the model anew") from error

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Card:
        """Take what the classifier needs from a card's content.

        Raises:
            KeyError: A key is missing.
            TypeError: A value is of another type.
            ValueError: A figure is none, or the classes make no sense.
        """
        classes, refused = _names(content, "classes"), frozenset(_names(content, "refused"))
        if len(set(classes)) < len(classes):
            raise ValueError(f"classes: a name stands there twice: {classes}")
        if stray := sorted(refused - set(classes)):
            raise ValueError(f"refused: {stray} are none of the classes")
        if refused == set(classes):
            raise ValueError("classes: all are refused, and none is left to give as a label")
        return cls(
            classes=classes,
            refused=refused,
            temperature=_positive(content, "temperature"),
            gate=gate_of(content["openset"]),
            model_sha256=str(content["model"]["sha256"]),
            int8_sha256=str(content["int8"]["sha256"]) if "int8" in content else "",
            calibrated_pictures=round(_positive(content["calibration"], "pictures")),
            score_tail=_share(content["calibration"], "score_tail"),
        )


def gate_of(figures: Mapping[str, Any]) -> Gate:
    """Take a gate's figures as a card or a taught file holds them.

    Raises:
        KeyError: One is missing.
        TypeError: One is of another type.
        ValueError: One is no number, or they contradict each other.
        OverflowError: One is too large for any use.
    """
    must = {name: number_of(figures, name) for name in MUST_FIGURES}
    may = {name: number_of(figures, name) for name in MAY_FIGURES if name in figures}
    gate = Gate(**must, **may)
    if gate.threshold <= 0:
        raise ValueError(f"threshold {gate.threshold:g} must be above 0")
    if gate.doubt_weight < 0 or gate.energy_weight < 0:
        raise ValueError("doubt_weight and energy_weight must not be negative")
    if gate.strange <= gate.usual or gate.energy_strange <= gate.energy_usual:
        raise ValueError("openset: strange must be above usual")
    return gate


def _names(content: Mapping[str, Any], key: str) -> tuple[str, ...]:
    names = content[key]
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise TypeError(f"{key}: {names!r} is no list of names")
    return tuple(names)


def number_of(content: Mapping[str, Any], key: str) -> float:
    """A finite number; JSON as Python reads it also has NaN and infinities."""
    value = content[key]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{key}: {value!r} is no number")
    if not math.isfinite(float(value)):
        raise ValueError(f"{key}: {value!r} is no finite number")
    return float(value)


def _share(content: Mapping[str, Any], key: str) -> float:
    value = _positive(content, key)
    if value >= 1:
        raise ValueError(f"{key}: {value:g} must be below 1")
    return value


def _positive(content: Mapping[str, Any], key: str) -> float:
    value = number_of(content, key)
    if value <= 0:
        raise ValueError(f"{key}: {value:g} must be above 0")
    return value
