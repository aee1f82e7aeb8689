"""A pan that is watched in the tests of symptoms: what it is fed, what it shows, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from controller.core.config import ScaleConfig
from controller.core.symptoms.symptoms import Symptoms
from tests.controller.core.symptoms.made_signals import NOISE_G, ZERO_RAW, converted, times

if TYPE_CHECKING:
    from controller.core.symptoms.table import Symptom
    from tests.controller.core.symptoms.made_signals import Stream

SEEDS = range(12)
SLOWEST_HZ = 72.0


def watch() -> Symptoms:
    """A pan that was zeroed where the made signals have their zero."""
    symptoms = Symptoms(ScaleConfig().calibration, NOISE_G)
    symptoms.zeroed(ZERO_RAW)
    return symptoms


def shown(symptoms: Symptoms, stream: Stream) -> dict[Symptom, float]:
    """Every symptom found while `stream` is fed, and when it first was."""
    first: dict[Symptom, float] = {}
    for at_s, raw in stream:
        symptoms.feed(at_s, raw)
        for symptom in symptoms.found:
            first.setdefault(symptom, at_s)
    return first


def later(stream: Stream, by_s: float) -> Stream:
    return [(at_s + by_s, raw) for at_s, raw in stream]


def at_rest(seconds: float, seed: int, mass_g: float = 700.0, hz: float = SLOWEST_HZ) -> Stream:
    at = times(seconds, hz)
    return converted(at, np.full(len(at), mass_g), np.random.default_rng(seed), spikes=0)


def assert_found(fault: Stream, symptom: Symptom, within_s: float, seed: int = 0) -> Symptoms:
    """After ten good seconds, `fault` shows `symptom` within so long, and nothing else."""
    symptoms = watch()
    assert shown(symptoms, at_rest(10, seed)) == {}
    first = shown(symptoms, later(fault, 10))
    assert set(first) == {symptom}
    assert first[symptom] - 10 <= within_s
    assert symptoms.found == (symptom,)
    return symptoms


def assert_gone(symptoms: Symptoms, good_again: Stream, within_s: float, from_s: float) -> None:
    """Good conversions from `from_s` on end what was found within so long, for good."""
    last_s = from_s
    for at_s, raw in good_again:
        symptoms.feed(at_s, raw)
        last_s = at_s if symptoms.found else last_s
    assert last_s - from_s <= within_s
    assert not symptoms.found
