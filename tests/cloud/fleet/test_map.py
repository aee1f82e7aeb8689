"""The map: the operator's places, hours from the catalogue, and what kiosks say of themselves."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st

from cloud.api.kiosk_map import map_api
from cloud.api.refusals import answer_refusals
from cloud.errors import PlacesError
from cloud.fleet.kiosk_map import MapKiosk, StreamFill, kiosk_map
from cloud.fleet.places import PlacesFile, read_places
from cloud.screens.kiosks import MOST, hours_text, kiosk_pages, look
from cloud.screens.map_svg import HEIGHT, WIDTH, Pin, Projection, draw
from contract.catalogue import Catalogue, example
from contract.districts import District
from contract.hours import Hours
from contract.payloads import BinLevels, BinState, KioskState
from tests.contract.samples import EPOCH

FIRST, SECOND, THIRD = "hz-xihu-0001", "hz-xihu-0002", "hz-yuhang-0001"
MONDAY_NOON_S = 1_795_406_400
"""23 November 2026, 12:00 in China."""

DAY = Hours(days=(1, 2, 3, 4, 5), opens="06:30", closes="21:00")
NIGHT = Hours(days=(6, 7), opens="20:00", closes="24:00")


def row(kiosk: str, **changes: Any) -> dict[str, Any]:
    """A row of the operator's file."""
    name = {"zh": f"{kiosk} 号站", "en": f"Station {kiosk}"}
    address = {"zh": "文三路 1 号", "en": "1 Wensan Road"}
    where = {"latitude_microdeg": 30_276_000, "longitude_microdeg": 120_124_000}
    return {"kiosk": kiosk, "name": name, "address": address} | where | changes


def file(*rows: dict[str, Any]) -> bytes:
    """The operator's file."""
    return json.dumps({"places": rows}).encode()


def catalogue() -> Catalogue:
    """Open on weekdays; in Yuhang at the weekend's evenings."""
    districts = (
        District(district="xihu", kiosks=(FIRST, SECOND)),
        District(district="yuhang", kiosks=(THIRD,), hours=(NIGHT,)),
    )
    return example().model_copy(update={"districts": districts, "hours": (DAY,)})


def state(kiosk: str, *, online: bool) -> KioskState:
    """What a kiosk last said of itself."""
    return KioskState(
        kiosk=kiosk, epoch=EPOCH, online=online, boot="b1", outbox_depth=0, software="1.0"
    )


def levels(kiosk: str, *bins: tuple[str, int, bool]) -> BinLevels:
    """Bins by stream, thousandths, and whether they take no more."""
    said = [
        BinState(
            bay="a", bin_index=at, stream=stream, permille=fill, due=full, full=full, by="sensor"
        )
        for at, (stream, fill, full) in enumerate(bins)
    ]
    return BinLevels(kiosk=kiosk, bins=said)


def shown(now_s: int = MONDAY_NOON_S, catalogues: dict[str, Catalogue] | None = None) -> Any:
    """The map of three kiosks, the last of which said nothing, and a fourth without a place."""
    return kiosk_map(
        read_places(file(row(FIRST), row(SECOND), row(THIRD))),
        {FIRST: state(FIRST, online=True), SECOND: state(SECOND, online=False),
         "hz-new-0001": state("hz-new-0001", online=True)},
        {FIRST: levels(FIRST, ("paper", 400, False), ("paper", 1000, True), ("glass", 950, True))},
        {"1": catalogue()} if catalogues is None else catalogues,
        now_s,
        {SECOND: MONDAY_NOON_S - 3600},
    )  # fmt: skip


def test_each_kiosk_is_where_and_as_it_says() -> None:
    """Two bins of a stream are one to a resident; hours are the district's where it has its own."""
    new, first, second, third = shown()
    assert [one.kiosk for one in (new, first, second, third)] == [
        *("hz-new-0001", FIRST, SECOND, THIRD)
    ]
    assert first.streams == (StreamFill("glass", 950, True), StreamFill("paper", 700, False))
    assert (first.online, first.open_now, first.hours) == (True, True, (DAY,))
    assert (second.online, second.since) == (False, MONDAY_NOON_S - 3600)
    assert (third.online, third.open_now, third.district) == (None, False, "yuhang")
    assert (new.place, new.district) == (None, "")
    assert [look(one) for one in (new, first, second, third)] == [
        *("takes", "limited", "away", "away")
    ]


def test_hours_hold_from_the_catalogue_in_force() -> None:
    """One of tomorrow changes nothing today; with none at all every kiosk is always open."""
    later = catalogue().model_copy(update={"valid_from": "2026-12-01", "hours": (NIGHT,)})
    assert shown(catalogues={"1": catalogue(), "2": later})[1].hours == (DAY,)
    assert shown(MONDAY_NOON_S + 10 * 86_400, {"1": catalogue(), "2": later})[1].hours == (NIGHT,)
    assert all(one.open_now and not one.hours for one in shown(catalogues={}))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Invalid JSON"),
        (b"[]", "Input should be an object"),
        (b"{}", "field places: Field required"),
        (file(row("Bad Name!")), "places[0].kiosk"),
        (file(row(FIRST), row(FIRST)), f"kiosk {FIRST} stands there twice"),
        (file(row(FIRST, latitude_microdeg=90_000_001)), "places[0].latitude_microdeg"),
        (file(row(FIRST, longitude_microdeg=120.124)), "places[0].longitude_microdeg"),
        (file(row(FIRST, latitude_microdeg=True)), "places[0].latitude_microdeg"),
        (file(row(FIRST, name={"zh": "站"})), "places[0].name.en"),
        (file(row(FIRST, height_m=3)), "places[0].height_m"),
        (file(row(FIRST, address={"zh": "", "en": ""})), "places[0].address.zh"),
        (b" " * 8_000_001, "8000001 bytes"),
    ],
)
def test_a_wrong_row_is_named(data: bytes, words: str) -> None:
    """With its field, and why."""
    with pytest.raises(PlacesError) as error:
        read_places(data)
    assert words in str(error.value)


def test_the_file_is_read_again_when_it_changes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A broken one leaves what was known, and is named once; none at all knows no place."""
    path = tmp_path / "places.json"
    places = PlacesFile(path)
    assert places() == {}
    path.write_bytes(file(row(FIRST)))
    assert set(places()) == {FIRST}
    path.write_bytes(b"{ torn")
    assert set(places()) == set(places()) == {FIRST}
    assert caplog.text.count("event=places-left-out") == 1
    path.write_bytes(file(row(FIRST), row(SECOND)))
    assert set(places()) == {FIRST, SECOND}
    path.unlink()
    assert places() == {}


def test_a_file_that_was_copied_with_its_time_is_read(tmp_path: Path) -> None:
    """As long as the one before, and of the same second: it is another all the same."""
    path, good = tmp_path / "places.json", file(row(FIRST))
    places = PlacesFile(path)
    path.write_bytes(b"{" * len(good))
    os.utime(path, (1, 1))
    assert places() == {}
    path.write_bytes(good)
    os.utime(path, (1, 1))
    assert set(places()) == {FIRST}


def get(path: str, kiosks: list[MapKiosk]) -> httpx.Response:
    """Ask page and API, without a server."""
    app = FastAPI()
    answer_refusals(app)
    app.include_router(map_api(lambda: kiosks))
    app.include_router(kiosk_pages(lambda: kiosks))

    async def call() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://platform") as client:
            return await client.get(path)

    return asyncio.run(call())


def test_the_api_gives_it_a_page_at_a_time() -> None:
    """By id, of a district, with integers for places."""
    everything = get("/api/map", shown()).json()
    assert [one["kiosk"] for one in everything] == ["hz-new-0001", FIRST, SECOND, THIRD]
    assert everything[1]["place"] == {
        name: value for name, value in row(FIRST).items() if name != "kiosk"
    }
    assert everything[1]["hours"] == [{"days": [1, 2, 3, 4, 5], "opens": "06:30",
                                       "closes": "21:00"}]  # fmt: skip
    two = get(f"/api/map?district=xihu&after={FIRST}&limit=1", shown()).json()
    assert [one["kiosk"] for one in two] == [SECOND]
    for wrong in ("limit=0", "limit=1001", "limit=x", "district=%3Cb%3E", "after=%00"):
        answer = get(f"/api/map?{wrong}", shown())
        assert (answer.status_code, answer.json()["code"]) == (422, "request")


def test_nothing_in_a_place_becomes_html() -> None:
    """An operator's name is only a name."""
    kiosk = "hz-xihu-0001"
    evil = {"zh": "<script>alert(1)</script>", "en": '"><img src=x>'}
    places = read_places(file(row(kiosk, name=evil, address=evil)))
    for language in ("zh", "en"):
        page = get(f"/kiosks?lang={language}", kiosk_map(places, {}, {}, {}, 0)).text
        assert "<script>alert" not in page and "<img" not in page


def test_a_great_city_is_shown_by_district() -> None:
    """A thousand kiosks are no list for a phone."""
    kiosks = tuple(f"hz-{number:05d}" for number in range(1_000))
    places = read_places(file(*(row(kiosk) for kiosk in kiosks)))
    districts = (
        District(district="xihu", kiosks=kiosks[: MOST - 1]),
        District(district="yuhang", kiosks=kiosks[MOST - 1 :]),
    )
    known = {"1": example().model_copy(update={"districts": districts})}
    found = kiosk_map(places, {}, {}, known, MONDAY_NOON_S)
    assert f"xihu ({MOST - 1})" in get("/kiosks", found).text
    assert get("/kiosks?district=xihu", found).text.count("<li id=") == MOST - 1
    yuhang = get("/kiosks?district=yuhang", found).text
    assert yuhang.count("<li id=") == MOST
    assert "after=hz-00598" in yuhang
    last = get("/kiosks?district=yuhang&after=hz-00898", found).text
    assert last.count("<li id=") == 101 and "after=hz-00998" not in last
    assert get("/kiosks", []).text.count("这里还没有回收机") == 1


def test_a_kiosk_that_the_catalogue_does_not_name_is_found_all_the_same() -> None:
    """In a city without districts page by page, else under a way of their own."""
    kiosks = tuple(f"hz-{number:05d}" for number in range(MOST + 2))
    places = read_places(file(*(row(kiosk) for kiosk in kiosks)))
    plain = kiosk_map(places, {}, {}, {}, MONDAY_NOON_S)
    first = get("/kiosks", plain).text
    assert first.count("<li id=") == MOST
    assert f"after={kiosks[MOST - 1]}" in first
    assert get(f"/kiosks?after={kiosks[MOST - 1]}", plain).text.count("<li id=") == 2
    districts = (District(district="xihu", kiosks=kiosks[:-1]),)
    known = {"1": example().model_copy(update={"districts": districts})}
    found = kiosk_map(places, {}, {}, known, MONDAY_NOON_S)
    assert "Elsewhere (1)" in get("/kiosks?lang=en", found).text
    assert f'<li id="{kiosks[-1]}"' in get("/kiosks?district=_", found).text


microdeg = st.integers(-80_000_000, 80_000_000)


@given(st.lists(st.tuples(microdeg, microdeg), min_size=1, max_size=8))
def test_every_pin_is_inside_the_picture(places: list[tuple[int, int]]) -> None:
    """However far or near they are to each other, and north is up."""
    pins = [Pin(at, "k", "takes", *place) for at, place in enumerate(places)]
    seen = Projection(pins)
    for one in pins:
        x, y = seen.point(one.latitude_microdeg / 1e6, one.longitude_microdeg / 1e6)
        assert 0 < x < WIDTH and 0 < y < HEIGHT
    assert seen.point(seen.latitude + 0.001, seen.longitude)[1] < HEIGHT / 2
    assert draw(pins).count('class="pin') == len(pins)
    assert draw([]) == ""


def test_hours_are_said_in_words() -> None:
    """Days in a row by their ends, others one by one."""
    odd = Hours(days=(1, 3), opens="07:00", closes="12:00")
    daily = Hours(days=(1, 2, 3, 4, 5, 6, 7), opens="00:00", closes="24:00")
    assert hours_text([DAY, odd], "en") == "Mon–Fri 06:30–21:00; Mon Wed 07:00–12:00"
    assert hours_text([daily], "zh") == "每天 00:00–24:00"
