"""The seven unified points are judged from data; what nobody has said is unknown, not good."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract.badge import Role
from contract.instant import instant_of
from controller.core import events
from controller.core.records import Draft
from controller.core.service.audit.points import POINTS, SIGNS, Audited
from controller.core.service.audit.upkeep import DAY_S, STOPS, Fact, Upkeep, upkeep_of
from controller.core.service.do import Do
from controller.core.site_config import SiteConfig
from controller.screens.service.told_journal import upkeep
from tests.contract.samples import calibration_body
from tests.controller.core.story import NOW_UTC_S, Story
from tests.controller.drafts import journal
from tests.controller.service.desk import Counter, at_desk
from tests.controller.service.staffed import badge, staffed

TODAY = "2026-11-18"
TOLD: dict[str, Any] = {
    "signs": SIGNS,
    "hours": [{"days": [1, 2, 3, 4, 5, 6, 7], "opens": "00:00", "closes": "24:00"}],
    "rules": "3",
    "rules_until": "2027-06-30",
    "prices_until": "2026-12-31",
}


def kept(*came_days_ago: float, down_s: int = 0) -> Upkeep:
    """A week of which somebody came so many days ago."""
    came = tuple((round(NOW_UTC_S - ago * DAY_S), "7ec0000000000001") for ago in came_days_ago)
    return Upkeep(NOW_UTC_S - 7 * DAY_S, NOW_UTC_S, came, (down_s,))


def audited(story: Story | None = None, /, **site: object) -> Audited:
    """A kiosk of which everything was said, and that was looked after every day."""
    story = story or staffed()
    config = SiteConfig.model_validate(TOLD | site)
    bays = tuple(story.session.bays.values())
    daily = kept(6.5, 5.5, 4.5, 3.5, 2.5, 1.5, 0.5)
    return Audited(config, story.catalogue, bays, TODAY, daily)


def verified() -> Story:
    """A kiosk whose scale was verified on the first of November."""
    story = staffed()
    story.happens(events.CalibrationFound("a", calibration_body()))
    return story


def verdicts(seen: Audited) -> dict[str, str]:
    """Point → verdict."""
    return {point: judge(seen).verdict for point, judge in POINTS.items()}


def test_a_site_that_is_kept_passes_all_seven() -> None:
    """Signs, prices, measuring, hours, rules, dress and regular operation, in this order."""
    found = verdicts(audited(verified()))
    assert found == dict.fromkeys(POINTS, "good")
    assert len(found) == 7


def test_of_what_nobody_has_said_nothing_is_said() -> None:
    """An old configuration has no [site]: each point names the key that is missing."""
    seen = replace(audited(), site=SiteConfig(), upkeep=None)
    found = {point: judge(seen) for point, judge in POINTS.items()}
    found.pop("measuring")
    assert {one.verdict for one in found.values()} == {"unknown"}
    assert [found[point].do for point in ("signs", "prices", "hours", "rules")] == [
        Do.NAME_SIGNS,
        Do.NAME_PRICES_END,
        Do.NAME_HOURS,
        Do.NAME_RULES,
    ]


@pytest.mark.parametrize(
    ("point", "site", "do"),
    [
        ("signs", {"signs": "gb-t-19095-2008"}, Do.CHANGE_SIGNS),
        ("prices", {"prices_until": "2026-11-17"}, Do.AGREE_PRICES),
        (
            "hours",
            {"hours": [{"days": [1], "opens": "08:00", "closes": "20:00"}]},
            Do.CHANGE_HOURS,
        ),
        ("rules", {"rules_until": "2026-11-17"}, Do.RENEW_RULES),
    ],
)
def test_what_hangs_out_and_is_wrong_or_over_fails(
    point: str, site: dict[str, Any], do: Do
) -> None:
    """With what to do; the day on which it ends still counts."""
    finding = POINTS[point](audited(**site))
    assert (finding.verdict, finding.do) == ("bad", do)
    assert finding.figure
    last_day = {key: TODAY for key in site if key.endswith("until")}
    if last_day:
        assert POINTS[point](audited(**last_day)).verdict == "good"


def test_a_scale_that_nobody_verified_fails_and_so_does_one_whose_time_is_over() -> None:
    """By its calibration record: id, days, e and Max stand there."""
    never = POINTS["measuring"](audited())
    assert (never.verdict, never.do) == ("bad", Do.VERIFY_SCALE)
    story = verified()
    validity = story.bays["a"].validity
    assert validity is not None
    last_day = replace(audited(story), today=validity.until.isoformat())
    good = POINTS["measuring"](last_day)
    assert (good.verdict, good.limit) == ("good", "e 2/5 g, Max 15000 g")
    assert good.figure == f"a: a-2026-11-01, 2026-11-01 … {validity.until}"
    day_after = validity.until + dt.timedelta(days=1)
    over = POINTS["measuring"](replace(last_day, today=day_after.isoformat()))
    assert (over.verdict, over.do) == ("bad", Do.VERIFY_SCALE)


def test_nobody_vouches_for_the_clock_and_no_day_is_judged_by_it() -> None:
    """What does not hang on the day is judged all the same."""
    found = verdicts(replace(audited(verified()), today=""))
    unknown = {point for point, verdict in found.items() if verdict == "unknown"}
    assert unknown == {"prices", "measuring", "rules"}


def test_rounds_that_are_missed_and_bays_that_stand_still_are_no_regular_operation() -> None:
    """Each with its own remedy."""
    seen = audited()
    week_s = 7 * DAY_S
    rare = replace(seen, upkeep=kept(6.5, 0.5))
    assert POINTS["regular"](rare).do == Do.MAKE_ROUNDS
    assert POINTS["dress"](rare).verdict == "good"
    still = replace(seen, upkeep=replace(seen.upkeep or kept(), down_s=(week_s // 10,)))
    assert POINTS["regular"](still).do == Do.MEND_BAYS
    assert "90.0 %" in POINTS["regular"](still).figure
    assert POINTS["dress"](replace(seen, upkeep=kept())).do == Do.SHOW_BADGES


def fault(at_s: int, name: str, *, active: bool, **more: int) -> Fact:
    """One record of a fault of bay a."""
    body = {"bay": "a", "fault": name, "active": active, "detail": ""}
    return Fact("fault", body | more, at_s)


def test_two_faults_at_once_stop_a_bay_once() -> None:
    """One ended and said for how long it was there; the other one stands until now."""
    start_s = NOW_UTC_S - 7 * DAY_S
    facts = [
        fault(start_s + 1_000, "node-lost", active=True),
        fault(start_s + 1_500, "bay-closed", active=True),
        fault(start_s + 4_600, "node-lost", active=False, lasted_s=1_000),
        fault(start_s + 5_600, "bay-closed", active=False),
        fault(start_s + 9_000, "curtain-dirty", active=True),
    ]
    found = upkeep_of(facts, ["a", "b"], start_s - 5, NOW_UTC_S)
    assert found is not None
    assert found.down_s == (4_000, 0)


def test_a_journal_of_today_tells_nothing_of_rounds() -> None:
    """A new kiosk is not blamed for the week before it was there."""
    assert upkeep_of([], ["a"], NOW_UTC_S - DAY_S + 1, NOW_UTC_S) is None
    young = upkeep_of([], ["a"], NOW_UTC_S - DAY_S, NOW_UTC_S)
    assert young is not None
    assert young.longest_gap_days == 1.0


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-10 * DAY_S, DAY_S),
            st.sampled_from([*sorted(STOPS)[:3], "camera-lost"]),
            st.booleans(),
            st.none() | st.integers(0, 20 * DAY_S),
        ),
        max_size=30,
    )
)
def test_no_bay_stands_still_for_longer_than_there_was_time(
    rows: list[tuple[int, str, bool, int | None]],
) -> None:
    """Whatever clocks and lost records make of it."""
    facts = []
    for at_s, name, active, lasted_s in sorted(rows, key=lambda row: row[0]):
        more = {} if lasted_s is None or active else {"lasted_s": lasted_s}
        facts.append(fault(NOW_UTC_S + at_s, name, active=active, **more))
    found = upkeep_of(facts, ["a"], NOW_UTC_S - 7 * DAY_S, NOW_UTC_S)
    assert found is not None
    assert 0 <= found.down_s[0] <= 7 * DAY_S
    assert 0 <= found.available_percent <= 100


def test_the_journal_says_who_came(tmp_path: Path) -> None:
    """Badges count; the key, who nobody can name, and those who look on from afar do not."""
    path = tmp_path / "journal.sqlite"
    day = NOW_UTC_S - 3 * DAY_S
    store = journal(path)
    for at_s, what, by in (
        (day, "service begun as service: ok", "7ec0000000000001"),
        (day + 60, "check supply of bay a: good", "7ec0000000000001"),
        (day + DAY_S, "service begun as service: ok", "key"),
        (day + DAY_S, "badge 7ec0000000000001 looks on", "7ec0000000000001"),
    ):
        body = {"what": what, "by": by}
        store.append(Draft("service", body, instant_of(at_s), sent=False))
    store.close()
    found = upkeep(path, ["a"], NOW_UTC_S)
    assert found is not None
    assert found.came == ((day, "7ec0000000000001"),)
    assert found.since_s == day


def test_the_desk_tells_the_seven_and_disturbs_nobody(tmp_path: Path) -> None:
    """Each with figure, limit and what to do; a badge that looks on is enough."""

    async def visit(counter: Counter) -> None:
        body = {"badge": badge(Role.SERVICE), "looks": True}
        answer = await counter.client.post("session", json=body)
        counter.client.headers["authorization"] = f"Bearer {answer.json()['token']}"
        rows = (await counter.client.get("audit")).json()
        assert [row["point"] for row in rows] == list(POINTS)
        found = {row["point"]: row for row in rows}
        assert found["measuring"]["verdict"] == "fail"
        assert found["signs"] == {
            "point": "signs",
            "verdict": "unknown",
            "figure": "",
            "limit": SIGNS,
            "do": "name-signs",
            "detail": "",
        }
        assert counter.story.state == "IDLE"

    at_desk(tmp_path, visit)


def test_a_journal_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """The point is unknown, and says why."""

    async def visit(counter: Counter) -> None:
        broken = tmp_path / "broken.sqlite"
        broken.write_bytes(b"SQLite format 3\x00" + b"\xff" * 5_000)
        around = replace(counter.desk.around, journal=broken)
        finding = POINTS["dress"](await around.audited(counter.desk.session))
        assert finding.verdict == "unknown"
        assert "broken.sqlite" in finding.detail

    at_desk(tmp_path, visit)
