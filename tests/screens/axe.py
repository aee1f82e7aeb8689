"""What axe-core finds on a page: roles, names, landmarks, languages, focus, contrast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from playwright.sync_api import Page

RUN = """
async () => (await axe.run({resultTypes: ['violations']})).violations.flatMap(
    rule => rule.nodes.map(node => `${rule.impact} ${rule.id}: ${node.html.slice(0, 200)}`))
"""


def violations(page: Page) -> list[str]:
    """Each element that breaks a rule, with the rule and how grave it is; empty is good.

    The rules are all that axe-core has on by default: WCAG 2.0 to 2.2, A and AA, and good practice.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found: Any = page.evaluate(RUN)
    return [str(one) for one in found]
