"""Commands from afar at the kiosk: once each, when nobody is served, and never without a record."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.command import Command, sign_command
from controller.core import commands, events
from controller.core.condition import Around, condition_of, gist
from controller.core.health.sightings import ClockSeen
from controller.core.remote.heard import CommandCame, OrdersFound, UpkeepDone
from controller.core.remote.kept import OrderRow
from controller.core.remote.orders import AHEAD_S, REMEMBERED, REMEMBERED_MOST, WAITING_MOST, Orders
from tests.contract.samples import signer
from tests.controller.core.story import NOW_UTC_S, Story

HOUR_S = 3600


def command(number: int = 1, verb: str = "close-bay", **changes: Any) -> Command:
    """One of the platform's, for an hour."""
    said: dict[str, Any] = {
        "kiosk": "hz-xihu-0001",
        "arguments": {"bay": "a"} if verb.endswith("bay") else {},
        "issued_at": NOW_UTC_S,
        "not_after": NOW_UTC_S + HOUR_S,
        "by": "wang",
        "signer": signer("ledger"),
    }
    return sign_command(f"{number:016x}", verb=verb, **said | changes)


class Afar:
    """A kiosk that stands idle, and the platform's side of it."""

    def __init__(self, *, clock: str = "synchronised") -> None:
        self.clock = clock
        self.started()

    def started(self, *rows: Any) -> None:
        """The controller starts, on what was kept."""
        self.story = Story()
        self.story.happens(OrdersFound(rows), ClockSeen(NOW_UTC_S, self.clock, self.story.now_s))
        self.story.node_up()

    def comes(self, one: Command) -> None:
        """A command comes down, now."""
        utc_s = NOW_UTC_S + int(self.story.now_s - 100)
        self.story.happens(CommandCame(one, utc_s, self.clock))

    def told(self, number: int = 1) -> list[tuple[str, str]]:
        """Outcome and code of what the platform was told of a command."""
        asked = [one for one in self.story.asked if isinstance(one, commands.TellResult)]
        return [(one.outcome, one.code) for one in asked if one.id == f"{number:016x}"]

    @property
    def kept(self) -> tuple[Any, ...]:
        """What would be there after a restart."""
        kept = [one.rows for one in self.story.asked if isinstance(one, commands.KeepOrders)]
        return kept[-1]

    @property
    def bay(self) -> Any:
        return self.story.bays["a"]


@pytest.fixture
def afar() -> Afar:
    return Afar()


def test_an_idle_kiosk_closes_a_bay_and_opens_it_again(afar: Afar) -> None:
    """Each is on record with who asked, and the platform is told."""
    assert afar.bay.usable
    afar.comes(command())
    assert not afar.bay.usable
    assert afar.bay.why_not == "closed by the operator from afar"
    afar.comes(command(2, "open-bay"))
    assert afar.bay.usable
    assert (afar.told(1), afar.told(2)) == ([("done", "")], [("done", "")])
    assert [wish.body for wish in afar.story.written if wish.kind == "service"] == [
        {"what": "command 0000000000000001 close-bay a", "by": "wang"},
        {"what": "command 0000000000000002 open-bay a", "by": "wang"},
    ]


def test_a_resident_is_served_to_the_end_before_a_command_is_done(afar: Afar) -> None:
    """It is taken at once, and said to wait; their visit is as any other."""
    afar.story.identify()
    afar.comes(command())
    assert afar.told() == [("waiting", "")]
    assert afar.bay.usable
    assert afar.story.state == "LOADING"
    afar.story.wait(60)
    afar.story.closed()
    assert afar.story.state == "FAREWELL"
    afar.story.wait(10)
    assert afar.story.state == "IDLE"
    afar.story.happens(afar.story.report())
    assert afar.told() == [("waiting", ""), ("done", "")]
    assert not afar.bay.usable


def test_a_command_that_comes_again_does_nothing_and_is_answered_again(afar: Afar) -> None:
    """Also after another command has turned it round, and after a restart."""
    afar.comes(command())
    afar.comes(command(2, "open-bay"))
    for _ in range(3):
        afar.comes(command())
    assert afar.bay.usable
    assert afar.told() == [("done", "")] * 4
    afar.started(*afar.kept)
    afar.comes(command())
    assert afar.bay.usable
    assert afar.told() == [("done", "")]


def test_a_closed_bay_is_closed_after_a_restart(afar: Afar) -> None:
    """And one that only waited is closed then."""
    afar.comes(command())
    afar.started(*afar.kept)
    assert not afar.bay.usable
    waits = Afar()
    waits.story.identify()
    waits.comes(command())
    waits.started(*waits.kept)
    waits.story.happens(waits.story.report())
    assert waits.told() == [("done", "")]
    assert not waits.bay.usable


def test_what_is_closed_at_the_kiosk_is_not_opened_from_afar(afar: Afar) -> None:
    """Whoever stands there has seen why; a bay closed for both stays closed."""
    afar.bay.closed_because = "a check failed"
    afar.comes(command(1, "open-bay"))
    assert afar.told(1) == [("refused", "not-closed-from-afar")]
    afar.comes(command(2, "close-bay"))
    afar.comes(command(3, "open-bay"))
    assert afar.told(3) == [("done", "")]
    assert afar.bay.why_not == "a check failed"


def test_an_expired_command_is_refused_on_time(afar: Afar) -> None:
    """When it comes too late, and when it has waited too long."""
    afar.comes(command(1, not_after=NOW_UTC_S - 1, issued_at=NOW_UTC_S - 60))
    assert afar.told(1) == [("refused", "expired")]
    afar.story.identify()
    afar.comes(command(2, not_after=NOW_UTC_S + 30))
    afar.story.wait(60)
    afar.story.closed()
    afar.story.wait(10)
    afar.story.happens(afar.story.report())
    assert afar.told(2) == [("waiting", ""), ("refused", "expired")]
    assert not afar.bay.closed_from_afar
    assert afar.story.session.refused_at_the_front == {"command:expired": 2}


def test_a_clock_that_nobody_vouches_for_lets_no_command_expire() -> None:
    """A kiosk that woke up in 1970, or in 2040, is still closed when it must be."""
    afar = Afar(clock="unknown")
    afar.comes(command(1, issued_at=1_000, not_after=2_000))
    assert afar.told(1) == [("done", "")]


@pytest.mark.parametrize(
    ("one", "code"),
    [
        (command(verb="open-hatch", arguments={"bay": "a"}), "unknown-verb"),
        (command(arguments={}), "arguments"),
        (command(arguments={"bay": "<script>"}), "no-such-bay"),
        (command(issued_at=NOW_UTC_S + AHEAD_S + 60, not_after=NOW_UTC_S + 9000), "clock-ahead"),
    ],
)
def test_what_cannot_be_done_is_refused_with_a_code(afar: Afar, one: Command, code: str) -> None:
    """Nothing moves, nothing is closed, and it is counted."""
    afar.comes(one)
    assert afar.told() == [("refused", code)]
    assert afar.bay.usable
    assert afar.story.session.refused[f"command:{code}"] == 1


def test_nothing_is_done_without_a_record(afar: Afar) -> None:
    """A full disk: the bay stays open, and the platform is told why."""
    afar.story.disk_full = True
    afar.comes(command())
    assert afar.told() == [("refused", "not-recorded")]
    assert afar.bay.usable


def test_more_commands_than_anybody_gives_are_refused(afar: Afar) -> None:
    """While a resident is served they wait, but not without end."""
    afar.story.identify()
    for number in range(1, WAITING_MOST + 2):
        afar.comes(command(number))
    assert afar.told(WAITING_MOST) == [("waiting", "")]
    assert afar.told(WAITING_MOST + 1) == [("refused", "too-many")]


def test_the_software_is_asked_once_and_answers(afar: Afar) -> None:
    """What it says is told; an answer that comes twice, or to nothing, changes nothing."""
    afar.comes(command(1, "reload-catalogue"))
    assert commands.DoUpkeep(f"{1:016x}", "reload-catalogue") in afar.story.asked
    afar.comes(command(1, "reload-catalogue"))
    assert afar.told() == []
    afar.story.happens(UpkeepDone(f"{1:016x}", "", "priced by 2026-11-a"))
    afar.story.happens(UpkeepDone(f"{1:016x}", "failed", ""), UpkeepDone("?"))
    assert afar.told() == [("done", "")]
    afar.comes(command(2, "send-diagnostics"))
    afar.story.happens(UpkeepDone(f"{2:016x}", "late", ""))
    assert afar.told(2) == [("refused", "late")]


def test_a_restart_that_was_begun_is_done_by_who_comes_after(afar: Afar) -> None:
    """It is kept before it is begun, so nobody starts anew twice for one command."""
    afar.comes(command(1, "restart-controller"))
    *_, before, last = (one for one in afar.story.asked if not isinstance(one, commands.TellResult))
    assert isinstance(before, commands.KeepOrders)
    assert last == commands.DoUpkeep(f"{1:016x}", "restart-controller")
    rows = afar.kept
    afar.started(*rows)
    afar.comes(command(1, "restart-controller"))
    assert afar.told() == [("done", "restarted")] * 2
    assert not [one for one in afar.story.asked if isinstance(one, commands.DoUpkeep)]


def test_a_bundle_that_went_with_a_restart_is_made_anew(afar: Afar) -> None:
    """Whoever asks again has not got all of it; once it is made again it is only answered."""
    afar.comes(command(1, "send-diagnostics"))
    afar.story.happens(UpkeepDone(f"{1:016x}", "", "40000 bytes"))
    afar.comes(command(1, "send-diagnostics"))
    assert afar.told() == [("done", "")] * 2
    assert _asked(afar) == [f"{1:016x}"]
    afar.started(*afar.kept)
    for _ in range(2):
        afar.comes(command(1, "send-diagnostics"))
    assert _asked(afar) == [f"{1:016x}"]
    assert afar.told() == []
    afar.story.happens(UpkeepDone(f"{1:016x}", "", "40100 bytes"))
    afar.comes(command(1, "send-diagnostics"))
    assert afar.told() == [("done", "")] * 2
    assert _asked(afar) == [f"{1:016x}"]


def test_a_lost_bundle_waits_for_the_resident_and_ends_with_its_command(afar: Afar) -> None:
    """It says that it waits, also over another restart; what holds no more is not made again."""
    afar.comes(command(1, "send-diagnostics"))
    afar.story.happens(UpkeepDone(f"{1:016x}", "", "40000 bytes"))
    done = afar.kept
    afar.started(*done)
    afar.story.identify()
    afar.comes(command(1, "send-diagnostics"))
    assert (afar.told(), _asked(afar)) == ([("waiting", "")], [])
    afar.started(*afar.kept)
    assert _asked(afar) == [f"{1:016x}"]
    afar.started(*done)
    afar.story.now_s += 2 * HOUR_S
    afar.comes(command(1, "send-diagnostics"))
    assert (afar.told(), _asked(afar)) == ([("done", "")], [])


def _asked(afar: Afar) -> list[str]:
    """The commands for which the software was asked to do something."""
    return [one.id for one in afar.story.asked if isinstance(one, commands.DoUpkeep)]


def test_a_bay_that_is_gone_after_a_restart_is_refused(afar: Afar) -> None:
    """The configuration has changed meanwhile."""
    afar.story.identify()
    afar.comes(command())
    rows = [row._replace(bay="z") if row.bay else row for row in afar.kept]
    afar.started(*rows)
    afar.story.happens(afar.story.report())
    assert afar.told() == [("refused", "no-such-bay")]


def test_what_was_forgotten_is_replayed_in_vain(afar: Afar) -> None:
    """The memory is bounded; with a command goes every one that would end no later."""
    orders = Orders()
    orders.clock.see(NOW_UTC_S, "unknown", 0.0)
    rows = [_row(number, not_after=NOW_UTC_S + number) for number in range(REMEMBERED_MOST + 10)]
    orders.recall(row._replace(stage="refused") for row in rows[: REMEMBERED_MOST - 5])
    for row in rows[REMEMBERED_MOST - 5 :]:
        orders.move(row, "refused", 0.0, "", "")
    assert len(orders.rows) <= REMEMBERED_MOST + 1
    assert orders.floor_s >= NOW_UTC_S + 8
    again = Orders()
    again.recall(orders.kept)
    assert again.is_over(NOW_UTC_S + 8, 0.0)
    assert not again.is_over(NOW_UTC_S + REMEMBERED_MOST + 10, 0.0)
    assert (again.rows, again.floor_s) == (orders.rows, orders.floor_s)


def test_of_what_holds_no_more_a_few_are_kept() -> None:
    """By a clock that is vouched for; what closed a bay stays until it is opened."""
    orders = Orders()
    orders.clock.see(NOW_UTC_S, "synchronised", 0.0)
    orders.move(_row(0, not_after=1)._replace(verb="close-bay", bay="a"), "done", 0.0, "", "")
    for number in range(1, 3 * REMEMBERED):
        orders.move(_row(number, not_after=number), "refused", 0.0, "", "")
    assert len(orders.rows) == REMEMBERED + 1
    assert list(orders.closed_bays) == ["a"]


def test_a_bay_that_was_opened_stays_open_when_that_is_forgotten(afar: Afar) -> None:
    """The command that closed it holds for longer than the one that opened it."""
    afar.comes(command(1, not_after=NOW_UTC_S + 100 * HOUR_S))
    afar.comes(command(2, "open-bay"))
    for number in range(3, 4 + REMEMBERED):
        afar.comes(command(number, arguments={"bay": "z"}, not_after=NOW_UTC_S + 2 * HOUR_S))
    afar.story.now_s += 3 * HOUR_S
    afar.comes(command(1_000, not_after=NOW_UTC_S + 2 * HOUR_S))
    assert f"{2:016x}" not in {row.id for row in afar.kept}
    afar.comes(command(1, not_after=NOW_UTC_S + 100 * HOUR_S))
    assert afar.told(1) == [("done", "")] * 2
    assert afar.story.session.orders.closed_bays == {}
    afar.started(*afar.kept)
    assert afar.bay.usable


def _row(number: int, not_after: int) -> Any:
    return OrderRow(f"{number:016x}", "close-bay", "z", "wang", not_after, "waiting", "", "", 0)


@given(st.lists(st.tuples(st.integers(1, 6), st.booleans(), st.booleans()), max_size=30))
def test_each_command_is_done_once_whatever_is_repeated_or_restarted(
    moves: list[tuple[int, bool, bool]],
) -> None:
    """The bay is as the commands say in the order of their first coming."""
    afar = Afar()
    first: dict[int, str] = {}
    rows: tuple[Any, ...] = ()
    for number, is_open, restart in moves:
        first.setdefault(number, "open-bay" if is_open else "close-bay")
        afar.comes(command(number, first[number]))
        rows = afar.kept if _keeps(afar) else rows
        if restart:
            afar.started(*rows)
    records = [wish for wish in afar.story.written if "command" in str(wish.body.get("what"))]
    assert len(records) == len({str(wish.body["what"]) for wish in records})
    closed = False
    for verb in first.values():
        closed = verb == "close-bay"
    assert bool(afar.bay.closed_from_afar) == closed


def _keeps(afar: Afar) -> bool:
    return any(isinstance(one, commands.KeepOrders) for one in afar.story.asked)


def test_the_condition_says_what_is_wrong_since_when_and_who_closed_a_bay(afar: Afar) -> None:
    """And it is no news that time passes."""

    def now(clock: str = "synchronised") -> Any:
        utc_s = NOW_UTC_S + int(afar.story.now_s - 100)
        around = Around("sw 1", "", utc_s, afar.story.now_s, clock, None, 3_000_000, True)
        return condition_of(afar.story.session, around)

    before = now()
    assert (before.bays[0].usable, before.bays[0].faults, before.free_bytes) == (True, [], 2097152)
    afar.comes(command())
    afar.story.happens(events.NodeLost("a", "node silent"))
    afar.story.now_s += 30
    after = now()
    assert after.bays[0].closed_by == f"{1:016x}"
    assert [(one.code, one.since) for one in after.bays[0].faults] == [
        ("failing-node-cable", NOW_UTC_S + 30),
        ("node-lost", NOW_UTC_S),
    ]
    assert now("unknown").bays[0].faults[1].since is None
    afar.story.now_s += 0.6
    assert gist(now()) == gist(after) != gist(before)
