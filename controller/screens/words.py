"""The screen's words in one language: keys and figures in, sentences out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from contract.hours import LOCAL
from controller.screens.hints import HINTS, OFFLINE_HINTS
from controller.screens.reasons import reason_text
from controller.screens.scenes import message_of
from controller.screens.terms import DAYS, LABELS, MONTHS, RULES, SEEN, SHOWN, STREAMS
from controller.screens.texts import LANGUAGES, MESSAGES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from controller.core.view import HoursRow, View
    from controller.screens.texts import Text


@dataclass(frozen=True, slots=True)
class Words:
    """Everything the screen says, in one of `LANGUAGES`."""

    language: str = LANGUAGES[0]

    @property
    def other(self) -> Words:
        """The words of the other language."""
        here = LANGUAGES.index(self.language)
        return Words(LANGUAGES[(here + 1) % len(LANGUAGES)])

    def sentence(self, view: View) -> str:
        """The one big sentence of what to do now."""
        return self._fill(MESSAGES[message_of(view)], view.figures)

    def hint(self, view: View) -> str:
        """The smaller line below it; empty where it needs none, or lacks a figure."""
        message = message_of(view)
        hint = HINTS.get(message)
        if not view.online:
            hint = OFFLINE_HINTS.get(message, hint)
        if hint is None:
            return ""
        hours = " · ".join(map(self.hours, view.hours))
        try:
            return self._fill(hint, {"hours": hours, **view.figures})
        except KeyError:  # the sentence stands without its hint
            return ""

    def label(self, key: str, **figures: str | int) -> str:
        """A fixed word or phrase of the screen."""
        return self._fill(LABELS[key], figures)

    def stream(self, stream: str) -> str:
        """A stream's name; an unlisted sub-stream shows its code."""
        return STREAMS.get(stream, {}).get(self.language, stream)

    def seen(self, label: str) -> str:
        """What the eyes call a load; a class that is not listed shows its name."""
        return SEEN.get(label, {}).get(self.language, label)

    def bay(self, bay: str) -> str:
        """A bay as residents read it on the cabinet: `a` is `Bay A`."""
        return self.label("bay", bay=bay.upper())

    def reason(self, why_not: str) -> str:
        """Why a bay cannot be used."""
        return reason_text(why_not)[self.language]

    def rules(self, keys: Iterable[str]) -> str:
        """What is taken and how, in one line; a rule without words is left out."""
        shown = (RULES[key][self.language] for key in keys if key in RULES)
        return " · ".join(one.replace(" ", "\N{NO-BREAK SPACE}") for one in shown)

    def hours(self, row: HoursRow) -> str:
        """When the kiosk is open, such as `Mon–Fri 06:30–21:00`."""
        times = {"opens": row.opens, "closes": row.closes}
        if len(row.days) == len(DAYS):
            return self.label("open-daily", **times)
        return self.label("open-on", days=self._days(sorted(row.days)), **times)

    def at(self, utc_s: int) -> str:
        """Day and time of Unix seconds where the kiosk stands, such as `27 Nov 14:05`."""
        there = datetime.fromtimestamp(utc_s, LOCAL)
        month = MONTHS[str(there.month)][self.language]
        return self.label("at", month=month, day=there.day, time=f"{there:%H:%M}")

    def joined(self, *clauses: str) -> str:
        """Clauses as one line."""
        return {"zh": "，", "en": ", "}[self.language].join(clauses)

    def _days(self, days: Sequence[int]) -> str:
        names = [DAYS[str(day)][self.language] for day in days]
        if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
            return self.label("days-from-to", first=names[0], last=names[-1])
        return {"zh": "、", "en": ", "}[self.language].join(names)

    def name(self, names: Mapping[str, str]) -> str:
        """An item's name from the catalogue, in the other language where this one is missing."""
        return names.get(self.language) or next(iter(names.values()), "")

    def _fill(self, text: Text, figures: Mapping[str, str | int]) -> str:
        shown = dict(figures)
        if "bay" in shown:
            shown["bay"] = str(shown["bay"]).upper()
        if (what := SHOWN.get(str(shown.get("what", "")))) is not None:
            shown["what"] = what[self.language]
        return text[self.language].format(**shown)


def yuan(points: int) -> str:
    """Points as yuan with two decimals (100 points = 1 yuan)."""
    return f"{points // 100}.{points % 100:02d}"
