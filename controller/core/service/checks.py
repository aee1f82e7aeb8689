"""The checks of service, as one table: what each is of, what it takes, and how it is judged.

A check is judged from what a bay has shown and from what was told along with the wish to run it.
Nothing is guessed: what cannot be told is `unknown`, with what would tell.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from controller.core import commands
from controller.core.service import front_checks, kiosk_checks, parts_checks, scale_checks
from controller.core.service.acts import Act
from controller.core.service.check import Check
from controller.core.service.do import Do

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.core.bay import Bay
    from controller.core.service.measured import Motion


def _open_and_close(bay: Bay) -> list[Motion]:
    return [commands.OpenHatch(bay.name), commands.CloseHatch(bay.name)]


def _cycle(bay: Bay) -> list[Motion]:
    return [commands.DropLoad(bay.name, bay.config.bins[0].index)]


def _every_bin(bay: Bay) -> list[Motion]:
    refuse = bay.config.refuse_bin
    indexes = [one.index for one in bay.config.bins] + ([] if refuse is None else [refuse])
    return [commands.DropLoad(bay.name, index) for index in indexes]


_ROWS = (
    Check("node-link", "bay", "node", parts_checks.link),
    Check("supply", "bay", "supply", parts_checks.supply),
    Check("temperature", "bay", "thermometer", parts_checks.temperature),
    Check("edge", "bay", "soft-edge", parts_checks.edge),
    Check("curtain", "bay", "light-curtain", parts_checks.curtain),
    Check("presence", "bay", "presence", parts_checks.presence),
    Check("scale-zero", "bay", "scale", scale_checks.zero, samples=True, guard=True),
    Check("scale-load", "bay", "scale", scale_checks.known_load, samples=True, guard=True),
    Check("hatch", "bay", "hatch", parts_checks.hatch, _open_and_close, guard=True),
    Check("gate", "bay", "gate", parts_checks.gate, _cycle, guard=True),
    Check("diverter", "bay", "diverter", parts_checks.diverter, _every_bin, guard=True),
    Check("camera", "bay", "camera", parts_checks.camera, picture=True),
    Check("empty-reference", "bay", "camera", parts_checks.empty_reference, picture=True),
    Check("lamp", "kiosk", "lamp", front_checks.asked("lamp", Do.LAMP_DARK), asks=True),
    Check("buzzer", "kiosk", "buzzer", front_checks.asked("buzzer", Do.BUZZER_SILENT), asks=True),
    Check(
        "speaker", "kiosk", "speaker", front_checks.asked("speaker", Do.SPEAKER_SILENT), asks=True
    ),
    Check("touch", "kiosk", "screen", front_checks.asked("touch", Do.SCREEN_DEAF), asks=True),
    Check("fan", "kiosk", "fan", front_checks.asked("fan", Do.FAN_STILL), asks=True),
    Check("printer", "kiosk", "printer", front_checks.printer, asks=True),
    Check("key", "kiosk", "key", front_checks.key),
    Check("mains", "kiosk", "supply", front_checks.mains),
    Check("code-reader", "kiosk", "code-reader", kiosk_checks.code_reader),
    Check("journal", "kiosk", "journal", kiosk_checks.journal),
    Check("outbox", "kiosk", "journal", kiosk_checks.outbox),
    Check("uplink", "kiosk", "network", kiosk_checks.uplink),
    Check("certificate", "kiosk", "network", kiosk_checks.certificate),
    Check("clock", "kiosk", "clock", kiosk_checks.clock),
    Check("catalogue", "kiosk", "catalogue", kiosk_checks.catalogue),
)

CHECKS = MappingProxyType({one.name: one for one in _ROWS})
"""Name → check, in the order in which they are best run: what others rest on comes first."""


def _jog(name: str, part: str, motions: Callable[[Bay], list[Motion]]) -> Check:
    return Check(name, "bay", part, parts_checks.jog, motions, act=Act.MOVE)


JOGS = MappingProxyType(
    {
        "open": _jog("jog-open", "hatch", lambda bay: [commands.OpenHatch(bay.name)]),
        "close": _jog("jog-close", "hatch", lambda bay: [commands.CloseHatch(bay.name)]),
    }
)
"""Way → a single motion of the hatch, run as a check is: the node decides, and says why not."""


def jog_gate(bin_index: int) -> Check:
    """One cycle of the gate over a bin; `no-such-bin` is the node's to say."""
    return _jog("jog-gate", "gate", lambda bay: [commands.DropLoad(bay.name, bin_index)])
