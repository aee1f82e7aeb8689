"""The model's card: what a model was trained on, what it can tell apart, and how well."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vision.errors import ModelError
from vision.openset import Gate


@dataclass(frozen=True, slots=True)
class Card:
    """What the classifier needs of a card; the rest of it is for people.

    `classes` names the model's scores in order. `refused` are those among them that are never
    given as a label (things the kiosk does not take). `temperature` divides the scores before
    they become probabilities. `model_sha256` says which model file the card belongs to.
    """

    classes: tuple[str, ...]
    refused: frozenset[str]
    temperature: float
    gate: Gate
    model_sha256: str

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
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError(f"card {path}: {error!r}; train the model anew") from error

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Card:
        """Take what the classifier needs from a card's content.

        Raises:
            KeyError: A key is missing.
            ValueError: A figure is none, or the classes make no sense.
        """
        openset = content["openset"]
        figures = ("doubt_weight", "usual", "strange", "threshold")
        card = cls(
            classes=tuple(str(name) for name in content["classes"]),
            refused=frozenset(str(name) for name in content["refused"]),
            temperature=float(content["temperature"]),
            gate=Gate(*(float(openset[key]) for key in figures)),
            model_sha256=str(content["model"]["sha256"]),
        )
        if card.temperature <= 0 or card.gate.threshold <= 0 or not card.known:
            raise ValueError("temperature, threshold or classes make no sense")
        if card.gate.strange <= card.gate.usual:
            raise ValueError("openset: strange must be above usual")
        return card
