"""Runs as JUnit XML: a suite with one case a scenario, so that its properties are its own.

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
    from collections.abc import Iterable

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
    suite = ElementTree.Element(
        "testsuite",
        name=outcome.scenario,
        package=CLASS,
        id=str(number),
        timestamp=time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ended_s)),
        hostname=platform.node() or "localhost",
        tests="1",
        failures=str(int(not outcome.passed)),
        errors="0",
        skipped="0",
        time=f"{outcome.wall_s:.3f}",
    )
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in _properties(outcome, node).items():
        ElementTree.SubElement(properties, "property", name=name, value=value)
    suite.append(_case(outcome))
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


def _case(outcome: Outcome) -> ElementTree.Element:
    """JUnit knows one failure a case: its message is the first, its text are all."""
    case = ElementTree.Element(
        "testcase", name=outcome.scenario, classname=CLASS, time=f"{outcome.wall_s:.3f}"
    )
    if not outcome.passed:
        said = [NOT_XML.sub("?", one) for one in outcome.failures]
        failure = ElementTree.SubElement(case, "failure", message=said[0], type="expectation")
        failure.text = "\n".join(said)
    return case
