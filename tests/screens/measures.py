"""What is measured of a page in a real browser: cut off, overlapping, small, faint, hard to hit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

SMALLEST_PX, TOUCH_PX, CONTRAST_AA = 16, 64, 4.5
"""Text, side of what can be touched, and contrast after WCAG 2 AA."""

IN_FULL_VIEW = """
() => [...document.querySelectorAll('.screen *')].filter(one => {
    const box = one.getBoundingClientRect();
    return one.checkVisibility() && !one.closest('svg') && box.width > 1
        && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1 || box.left < -1);
}).map(one => one.className + ': ' + one.textContent)
"""
OVERLAPPING = """
() => {
    const parts = [...document.querySelectorAll('.screen > *')]
        .filter(one => one.checkVisibility());
    const boxes = parts.map(one => one.getBoundingClientRect());
    const lists = [...document.querySelectorAll('.streams')].filter(one => one.checkVisibility());
    const clash = [...parts, ...lists].filter(one => one.scrollHeight > one.clientHeight + 3)
        .map(one => one.className + ' holds more than fits');
    for (const card of document.querySelectorAll('.card, .touch')) {
        const around = card.getBoundingClientRect();
        for (const one of card.querySelectorAll('*:not(svg *)')) {
            const box = one.getBoundingClientRect();
            if (one.checkVisibility() && box.height > 1
                && (box.top < around.top - 1 || box.bottom > around.bottom + 1))
                clash.push(one.className + ' sticks out of ' + card.className);
        }
    }
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
        const [a, b] = [boxes[i], boxes[j]];
        if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
            clash.push(parts[i].className + ' / ' + parts[j].className);
    }
    return clash;
}
"""
FONTS = """
() => [...document.querySelectorAll('.screen *')]
    .filter(one => one.checkVisibility() && !one.closest('svg')
        && [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
    .map(one => [parseFloat(getComputedStyle(one).fontSize), one.textContent])
"""
BUTTONS = """
() => [...document.querySelectorAll('button')].filter(one => one.checkVisibility()).map(one => {
    const box = one.getBoundingClientRect();
    return [Math.min(box.width, box.height), one.innerText];
})
"""
CONTRAST = """
() => {
    const channel = c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const parse = text => text.match(/[0-9.]+/g).map(Number);
    const ground = one => {
        for (; one; one = one.parentElement) {
            const colour = parse(getComputedStyle(one).backgroundColor);
            if (colour.length < 4 || colour[3] > 0) return colour;
        }
        return [255, 255, 255];
    };
    return [...document.querySelectorAll('.screen *')]
        .filter(one => one.checkVisibility() && !one.closest('svg')
            && [...one.childNodes].some(node => node.nodeType === 3 && node.textContent.trim()))
        .map(one => {
            const pair = [light(parse(getComputedStyle(one).color)), light(ground(one))];
            return [(Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05), one.textContent];
        });
}
"""


def complaints(page: Page) -> list[object]:
    """All that somebody with poor sight or a broad finger would complain of; empty is good."""
    # Asked in one go: one by one, the next view may come in between.
    all_of_it = ", ".join(
        f"({one})()" for one in (IN_FULL_VIEW, OVERLAPPING, FONTS, CONTRAST, BUTTONS)
    )
    outside, clashing, fonts, contrasts, buttons = page.evaluate(f"[{all_of_it}]")
    small = [one for one in fonts if one[0] < SMALLEST_PX]
    faint = [one for one in contrasts if one[0] < CONTRAST_AA]
    narrow = [one for one in buttons if one[0] < TOUCH_PX]
    return [*outside, *clashing, *small, *faint, *narrow]
