"""Runs as JUnit XML: a suite with one case a scenario, so that its properties are its own.

Where there are several kiosks each has a case besides.

Kept to what both the schema of Ant's JUnit task and Jenkins read: every attribute and child that
either asks for is there, in that order.
"""

from __future__ import annotations

import platform
import re
import time
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sim.run import Outcome

CLASS = "kiosk.sim"
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot hold, not even escaped (W3C XML 1.0, production 2)."""


def junit(outcomes: Iterable[Outcome], ended_s: float, node: str) -> bytes:
    """The XML document.

    Args:
        outcomes: What came of the runs, in their order.
        ended_s: When the last of them ended, in Unix seconds.
        node: What ran the firmware.
    """
    root = ElementTree.Element("testsuites")
    for number, outcome in enumerate(outcomes):
        root.append(_suite(number, outcome, ended_s, node))
    ElementTree.indent(root)
    document = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{document}\n'.encode()


def _suite(number: int, outcome: Outcome, ended_s: float, node: str) -> ElementTree.Element:
    cases = [_case(outcome.scenario, outcome.wall_s, outcome.failures), *_kiosks(outcome)]
    suite = ElementTree.Element(
        "testsuite",
        name=outcome.scenario,
        package=CLASS,
        id=str(number),
        timestamp=time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ended_s)),
        hostname=platform.node() or "localhost",
        tests=str(len(cases)),
        failures=str(sum(len(case) for case in cases)),
        errors="0",
        skipped="0",
        time=f"{outcome.wall_s:.3f}",
    )
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _properties(outcome, node).items():
        ElementTree.SubElement(properties, "property", name=name, value=value)
    suite.extend(cases)
    ElementTree.SubElement(suite, "system-out")
    ElementTree.SubElement(suite, "system-err")
    return suite


def _properties(outcome: Outcome, node: str) -> dict[str, str]:
    return {
        "seed": str(outcome.seed),
        "node": node,
        "trace_sha256": outcome.trace_sha256,
        "virtual_s": f"{outcome.virtual_s:.3f}",
        "faults": ", ".join(outcome.faults),
    }


def _kiosks(outcome: Outcome) -> list[ElementTree.Element]:
    """One case a kiosk; they ran at once, so none has a time of its own."""
    several = outcome.kiosks if len(outcome.kiosks) > 1 else []
    return [_case(f"{outcome.scenario} {one.kiosk}", 0.0, one.failures) for one in several]


def _case(name: str, wall_s: float, failures: Sequence[str]) -> ElementTree.Element:
    """JUnit knows one failure a case: its message is the first, its text are all."""
    case = ElementTree.Element("testcase", name=name, classname=CLASS, time=f"{wall_s:.3f}")
    if failures:
        said = [NOT_XML.sub("?", one) for one in failures]
        failure = ElementTree.SubElement(case, "failure", message=said[0], type="expectation")
        failure.text = "\n".join(said)
    return case
