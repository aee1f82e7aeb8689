"""The words of service in one language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from controller.core.faults import THE_KIOSK
from controller.screens.reasons import REASONS, reason_text
from controller.screens.service.asked import ASKS, POINTS, PREPARE
from controller.screens.service.fault_words import OF_BAY, OF_NODE, OF_PARTS
from controller.screens.service.figures import in_chinese, with_standards
from controller.screens.service.labels import LABELS
from controller.screens.service.remedies import DO
from controller.screens.service.texts import CHECKS, REFUSALS, VERDICTS
from controller.screens.terms import SEEN

if TYPE_CHECKING:
    from collections.abc import Mapping

_FAULTS_ZH: Mapping[str, str] = {**OF_PARTS, **OF_NODE}


@dataclass(frozen=True, slots=True)
class ServiceWords:
    """Everything that service says, in one of `controller.screens.texts.LANGUAGES`."""

    language: str

    def check(self, name: str) -> str:
        """What a check is called; one that is gone stands in an old report by its name."""
        return CHECKS[name][self.language] if name in CHECKS else name

    def point(self, name: str) -> str:
        """What one of the seven unified points is called."""
        return POINTS[name][self.language]

    def question(self, check: str) -> str:
        """What a check asks whoever stands there."""
        return ASKS[check][self.language]

    def prepare(self, check: str) -> str:
        """What a person does before a check."""
        words = PREPARE.get(check)
        return self.label("prepare-nothing") if words is None else words[self.language]

    def kind(self, label: str) -> str:
        """What a class of items is called; a label that is none stands as it is."""
        return SEEN[label][self.language] if label in SEEN else label

    def verdict(self, verdict: str | None) -> str:
        """Good, bad, unknown, or not run yet."""
        return VERDICTS[verdict or "not-run"][self.language]

    def figure(self, figure: str | None) -> str:
        """A finding's figure or limit; empty where there is none."""
        shown = with_standards(figure or "")
        return in_chinese(shown) if self.language == "zh" else shown

    def advice(self, told: Mapping[str, str | None]) -> str:
        """What to do about a result as the API tells it, and why; empty where all is well."""
        do, detail = told["do"], told["detail"]
        if not do:
            return ""
        why = REFUSALS.get(detail or "", {}).get(self.language, detail)
        advice = DO[do][self.language] if do in DO else do  # as an older release said it
        return f"{advice} ({why})" if why else advice

    def remedy(self, told: Mapping[str, str]) -> str:
        """What to do about a fault as the API tells it."""
        fault, do = told["fault"], told["do"]
        if self.language != "zh":
            return do
        if fault in _FAULTS_ZH:
            return _FAULTS_ZH[fault]
        chinese = OF_BAY.get(fault) or REASONS.get(fault, {}).get("zh", "")
        return f"{chinese} ({do})" if chinese and do else chinese or do

    def why_not(self, why_not: str) -> str:
        """Why a bay rests, as staff need it: in the code's words, and first in the page's."""
        if self.language == "zh" and why_not.partition(":")[0] in REASONS:
            return f"{reason_text(why_not)['zh']} ({why_not})"
        return why_not

    def place(self, where: str) -> str:
        """Of which bay a fault is, or that it is the kiosk's own."""
        if where == THE_KIOSK:
            return self.label("kiosk")
        return self.label("bay", bay=where.upper())

    def step(self, told: Mapping[str, Any]) -> str:
        """What to lay on the pan now, as the API tells it."""
        if not told["load_g"]:
            return self.label("clear-pan")
        if told["after_s"]:
            return self.label("leave-load", load_g=told["load_g"], minutes=told["after_s"] // 60)
        where = self.label(f"at-{told['where']}")
        return self.label("lay-on", load_g=told["load_g"], where=where)

    def ago(self, seconds: int) -> str:
        """How long ago something was."""
        if seconds < 120:
            return self.label("ago", seconds=seconds)
        return self.label("ago-min", minutes=round(seconds / 60))

    def label(self, key: str, **figures: str | int) -> str:
        """A fixed phrase of the pages."""
        return LABELS[key][self.language].format(**figures)
