"""The page `/kiosks`: where kiosks are, what they take now, and when they are open.

Whoever wants the nearest first lets the browser say where it is; the list is sorted there, and
the position goes nowhere.
"""

from __future__ import annotations

import json
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import APIRouter

from cloud.screens.map_svg import Pin, draw
from cloud.screens.plain import link, paragraph, plain_page
from cloud.screens.texts import Language, language_of, local_second, say, stream_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cloud.fleet.kiosk_map import MapKiosk, StreamFill
    from contract.hours import Hours

MOST = 300
"""Kiosks on one page: more than that are shown a district, and then a page, at a time."""

ELSEWHERE = "_"
"""In an address: those of no district, which the catalogue has not named yet."""

NEAR = """<p><button class="plain-button wide" id="near" hidden>{near}</button></p>
<p class="small" id="near-said" role="status"></p>"""

SORT = """<script>
const words = {words}, near = document.getElementById("near");
const said = document.getElementById("near-said"), list = document.querySelector("#list");
const map = document.querySelector("svg.map");
const rad = Math.PI / 180, metres = 111195;
function away(here, row) {{
  if (!row.dataset.lat) return Infinity;
  const lat = row.dataset.lat / 1e6 * rad, lon = row.dataset.lon / 1e6 * rad;
  const dy = (lat - here.latitude * rad) / 2, dx = (lon - here.longitude * rad) / 2;
  const part = Math.sin(dy) ** 2
    + Math.cos(lat) * Math.cos(here.latitude * rad) * Math.sin(dx) ** 2;
  return 2 * metres / rad * Math.asin(Math.sqrt(part));
}}
function sort(here) {{
  const rows = [...list.children].map((row) => [away(here, row), row]);
  rows.sort((one, other) => one[0] - other[0]);
  for (const [m, row] of rows) {{
    const far = m < 950 ? Math.round(m / 10) * 10 + " m" : (m / 1000).toFixed(1) + " km";
    row.querySelector(".far").textContent = m === Infinity ? "" : far;
    list.append(row);
  }}
  if (map) {{
    const shrink = Math.cos(map.dataset.lat * rad), per = map.dataset.perM * metres;
    const me = map.querySelector(".me"), box = map.viewBox.baseVal;
    me.setAttribute("cx", box.width / 2 + (here.longitude - map.dataset.lon) * shrink * per);
    me.setAttribute("cy", box.height / 2 - (here.latitude - map.dataset.lat) * per);
  }}
  said.textContent = words.sorted;
}}
if (navigator.geolocation && list) near.hidden = false;
near.onclick = () => {{
  said.textContent = words.asking;
  navigator.geolocation.getCurrentPosition(
    (found) => sort(found.coords), () => {{ said.textContent = words.none; }},
    {{timeout: 15000, maximumAge: 60000}});
}};
</script>"""


def kiosk_pages(kiosks: Callable[[], list[MapKiosk]]) -> APIRouter:
    """The page over `kiosks`, which gives every kiosk by its id."""
    router = APIRouter(include_in_schema=False)

    @router.get("/kiosks")
    def page(lang: str = "zh", district: str = "", after: str = "") -> Any:
        language = language_of(lang)
        every = kiosks()
        mine = [one for one in every if district in ("", one.district or ELSEWHERE)]
        if len(mine) > MOST and not district and len({one.district for one in every}) > 1:
            body = _districts(every, language)
        else:
            body = _page(mine, district, after, language)
        body += link(say(language, "home"), f"/?lang={language}")
        query = {"district": district, "after": after}
        kept = {name: value for name, value in query.items() if value}
        return plain_page(language, "kiosks", body, kept)

    return router


def _districts(every: Sequence[MapKiosk], language: Language) -> str:
    counted = Counter(one.district for one in every)
    rows = "".join(
        link(f"{name} ({counted[name]})", f"/kiosks?district={name}&lang={language}")
        for name in sorted(filter(None, counted))
    )
    if counted[""]:
        words = f"{say(language, 'elsewhere')} ({counted['']})"
        rows += link(words, f"/kiosks?district={ELSEWHERE}&lang={language}")
    return paragraph(say(language, "choose-district")) + rows


def _page(mine: Sequence[MapKiosk], district: str, after: str, language: Language) -> str:
    """Those after the one named `after`, as many as a page holds, and the way to the rest."""
    rest = [one for one in mine if one.kiosk > after]
    shown = _map_and_list(rest[:MOST], language)
    if len(rest) <= MOST:
        return shown
    query = urlencode({"district": district, "after": rest[MOST - 1].kiosk, "lang": language})
    return shown + link(say(language, "more-kiosks"), f"/kiosks?{query}")


def _map_and_list(kiosks: Sequence[MapKiosk], language: Language) -> str:
    if not kiosks:
        return paragraph(say(language, "no-kiosks"))
    pins = [
        Pin(number, one.kiosk, look(one), one.place.latitude_microdeg, one.place.longitude_microdeg)
        for number, one in enumerate(kiosks, 1)
        if one.place is not None
    ]
    rows = "".join(_row(number, one, language) for number, one in enumerate(kiosks, 1))
    words = {name: say(language, f"near-{name}") for name in ("sorted", "asking", "none")}
    said = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")
    return (
        draw(pins)
        + _legend(language)
        + NEAR.format(near=escape(say(language, "near")))
        + f'<ol class="lines card" id="list">{rows}</ol>'
        + SORT.format(words=said)
    )


def look(one: MapKiosk) -> str:
    """How a kiosk is drawn: `takes`, `limited` where it is closed or something is full, `away`."""
    if one.online is not True:
        return "away"
    full = any(stream.full for stream in one.streams)
    return "takes" if one.open_now and not full else "limited"


def _legend(language: Language) -> str:
    parts = "".join(
        f'<li><span class="dot {name}"></span>{escape(say(language, f"look-{name}"))}</li>'
        for name in ("takes", "limited", "away")
    )
    return f'<ul class="legend small">{parts}</ul>'


def _row(number: int, one: MapKiosk, language: Language) -> str:
    data = name = address = ""
    if one.place is not None:
        place = one.place
        data = f' data-lat="{place.latitude_microdeg}" data-lon="{place.longitude_microdeg}"'
        name = place.name.zh if language == "zh" else place.name.en
        address = place.address.zh if language == "zh" else place.address.en
    lines = "".join(
        f'<div class="small">{escape(line)}</div>'
        for line in (address, _there(one, language), _open(one, language))
        if line
    )
    fills = "".join(_fill(stream, language) for stream in one.streams)
    return (
        f'<li id="{escape(one.kiosk)}"{data}><div class="what"><span class="dot {look(one)}">'
        f'{number}</span> {escape(name or one.kiosk)} <span class="far"></span></div>'
        f'{lines}<ul class="fills">{fills}</ul></li>'
    )


def _there(one: MapKiosk, language: Language) -> str:
    if one.online is None:
        return say(language, "kiosk-silent")
    name = "kiosk-online" if one.online else "kiosk-offline"
    since = local_second(one.since, language) if one.since is not None else ""
    words = say(language, name)
    return f"{words} {say(language, 'since', at=since)}" if since and not one.online else words


def _open(one: MapKiosk, language: Language) -> str:
    if not one.hours:
        return say(language, "open-always")
    now = say(language, "open-now" if one.open_now else "closed-now")
    return f"{now}{' · ' if language == 'en' else '，'}{hours_text(one.hours, language)}"


def hours_text(hours: Sequence[Hours], language: Language) -> str:
    """Opening hours in words: each stretch with its days."""
    return "; ".join(f"{_days(one.days, language)} {one.opens}–{one.closes}" for one in hours)


def _days(days: Sequence[int], language: Language) -> str:
    names = say(language, "weekdays").split()
    whole = sorted(days)
    if whole == list(range(1, 8)):
        return say(language, "daily")
    if len(whole) > 2 and whole == list(range(whole[0], whole[-1] + 1)):
        return f"{names[whole[0] - 1]}–{names[whole[-1] - 1]}"
    return " ".join(names[day - 1] for day in whole)


def _fill(one: StreamFill, language: Language) -> str:
    percent = round(one.permille / 10)
    words = say(language, "full" if one.full else "percent-full", percent=percent)
    name = escape(stream_name(language, one.stream))
    return (
        f'<li class="{"is-full" if one.full else ""}"><span>{name}'
        f'</span><span class="track" aria-hidden="true"><span style="width:{percent}%"></span>'
        f"</span><span>{escape(words)}</span></li>"
    )
