"""The fleet at the platform: kiosks are remembered, commands reach them once, and end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from cloud.errors import FleetError, StaffError
from cloud.fleet.orders import AGAIN_S, GRACE_S, WAITS_AGAIN_S
from contract.bundle import part_of
from contract.command import TTL_MAX_S, CommandResult
from contract.parts import PART_BYTES
from contract.payloads import encode
from tests.cloud.conftest import KIOSKS, Office, Server
from tests.cloud.fleet.afar import (
    CITY,
    ELSEWHERE,
    HOUR_S,
    READER,
    WANG,
    City,
    Outcome,
    condition,
    levels,
)


@pytest.fixture
def city(office: Office) -> City:
    """Two kiosks in two districts."""
    return City(office)


def refusal(work: Any) -> str:
    """The code with which something is refused."""
    try:
        work()
    except (FleetError, StaffError) as error:
        return error.code
    raise AssertionError("it was not refused")


def test_a_kiosk_is_remembered_over_a_restart_of_the_platform(city: City) -> None:
    """What it said last, since when it is there, and what is the matter with it."""
    assert [one.trouble for one in city.fleet.sight.page(CITY)] == ["never", "never"]
    city.greets()
    city.says(condition(), "condition")
    city.says(levels(400), "telemetry")
    assert city.fleet.sight.one(WANG, KIOSKS[0]).trouble == "well"
    city.office.now_s += 60
    city.says(condition(KIOSKS[0], "node-lost"), "condition")
    city.office.restart()
    city.start()
    seen = city.fleet.sight.one(WANG, KIOSKS[0])
    assert seen.heard is not None
    assert (seen.heard.online, seen.heard.since) == (True, city.office.now_s - 60)
    assert seen.heard.condition == condition(KIOSKS[0], "node-lost")
    assert seen.heard.levels == levels(400)
    assert seen.trouble == "closed"
    city.greets(online=False, fault="broken")
    assert city.fleet.sight.one(WANG, KIOSKS[0]).trouble == "offline"


def test_full_bins_and_a_long_outbox_are_the_matter_as_well(city: City) -> None:
    """The worst is told first."""
    city.greets(outbox_depth=5_000)
    assert city.fleet.sight.one(WANG, KIOSKS[0]).trouble == "outbox"
    city.says(levels(1000, full=True), "telemetry")
    assert city.fleet.sight.one(WANG, KIOSKS[0]).trouble == "full"
    unwell = condition(KIOSKS[0], "scale-signal")
    bay = unwell.bays[0].model_copy(update={"usable": True})
    city.says(unwell.model_copy(update={"bays": [bay]}), "condition")
    assert city.fleet.sight.one(WANG, KIOSKS[0]).trouble == "faults"


def test_a_command_leaves_within_a_second_and_ends_with_the_kiosks_word(city: City) -> None:
    """Issued, sent, waiting, done; every act is in the audit log."""
    city.greets()
    given = city.close()
    assert city.state_of(given) == "issued"
    assert city.due() == [given]
    assert city.due() == []
    assert city.state_of(given) == "sent"
    city.answers(given, "waiting")
    assert city.state_of(given) == "waiting"
    city.answers(given, detail="closed")
    city.answers(given, "waiting")
    city.answers(given, "refused", code="late")
    assert city.state_of(given) == "done"
    logged = city.office.rows("SELECT actor, action, district, detail FROM audit")
    assert logged == [("staff:wang", "commanded", "xihu", f"{KIOSKS[0]} close-bay a {given}")]


def test_a_kiosk_that_is_away_gets_its_commands_when_it_comes(city: City) -> None:
    """Nothing is sent into the void; all that holds is there with the greeting."""
    city.greets()
    city.greets(online=False)
    given = city.close()
    assert city.due() == []
    city.office.restart()
    city.start()
    city.office.now_s += 600
    assert [one.id for one in city.greets()] == [given]
    assert city.greets() == []  # the same greeting, heard by another worker
    city.office.now_s += AGAIN_S
    assert city.due() == [given]


def test_what_is_not_answered_is_sent_again_until_it_expires(city: City) -> None:
    """Less often once the kiosk has it; a late answer still counts, for it says what is so."""
    city.greets()
    given = city.close(ttl_s=20 * AGAIN_S)
    sent = 0
    for _ in range(20):
        sent += len(city.due())
        city.office.now_s += AGAIN_S
    assert sent == 20
    city.office.now_s += GRACE_S + 1
    assert city.due() == []
    assert city.state_of(given) == "expired"
    city.answers(given)
    assert city.state_of(given) == "done"
    waits = city.close(arguments={"bay": "a"}, verb="open-bay")
    city.due()
    city.answers(waits, "waiting")
    city.office.now_s += AGAIN_S + 1
    assert city.due() == []
    city.office.now_s += WAITS_AGAIN_S
    assert city.due() == [waits]


def test_a_clock_that_is_set_back_keeps_no_command_waiting(city: City) -> None:
    """It was sent in what is the future now."""
    city.greets()
    given = city.close(ttl_s=TTL_MAX_S)
    city.due()
    city.office.now_s -= 7_200
    assert city.due() == [given]


def test_two_workers_do_not_both_send(city: City) -> None:
    """They agree in the row; on either database, at once."""
    city.greets()
    given = [city.close(verb=verb, arguments={}) for verb in ("restart-controller",)]
    given += [city.close()]
    workers = [city.worker() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        sent = [one for found in pool.map(city.due, workers) for one in found]
    assert sorted(sent) == sorted(given)


def test_the_same_request_again_is_the_same_command(city: City) -> None:
    """By the caller's own id; and nobody presses the button twice."""
    mine = "ab" * 8
    assert city.close(command_id=mine) == city.close(command_id=mine) == mine
    assert refusal(lambda: city.close(command_id=mine, verb="open-bay")) == "id-taken"
    assert refusal(city.close) == "already"
    assert len(city.fleet.orders_of(WANG, KIOSKS[0])) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"verb": "open-hatch"}, "unknown-verb"),
        ({"arguments": {}}, "arguments"),
        ({"arguments": {"bay": "z"}}, "no-such-bay"),
        ({"arguments": {"bay": "x" * 65}}, "field"),
        ({"ttl_s": 59}, "lifetime"),
        ({"ttl_s": TTL_MAX_S + 1}, "lifetime"),
        ({"command_id": "nope"}, "field"),
    ],
)
def test_what_no_kiosk_would_do_is_not_given(city: City, change: Any, code: str) -> None:
    """Refused with a code, and nothing of it is kept."""
    if "x" not in str(change):
        city.greets()
        city.says(condition(), "condition")
    assert refusal(lambda: city.close(**change)) == code
    assert city.fleet.orders_of(WANG, KIOSKS[0]) == []


def test_whoever_may_not_is_refused_and_noted(city: City) -> None:
    """Of another role, of another district; a kiosk that nobody knows."""

    def ask(staff: Any, kiosk: str = KIOSKS[0]) -> str:
        return refusal(lambda: city.fleet.command(staff, kiosk, "reload-catalogue", {}, HOUR_S))

    assert ask(READER) == "role"
    assert ask(ELSEWHERE) == "other-district"
    assert ask(WANG, "hz-nowhere-9") == "unknown-kiosk"
    assert refusal(lambda: city.fleet.sight.one(ELSEWHERE, KIOSKS[0])) == "other-district"
    assert refusal(lambda: city.fleet.orders_of(ELSEWHERE, KIOSKS[0])) == "other-district"
    assert [one.kiosk for one in city.fleet.sight.page(READER)] == [KIOSKS[0]]
    assert [one.kiosk for one in city.fleet.sight.page(CITY)] == list(KIOSKS)
    assert [one.kiosk for one in city.fleet.sight.page(CITY, KIOSKS[0], 5)] == [KIOSKS[1]]
    logged = city.office.rows("SELECT actor, action, detail FROM audit ORDER BY id")
    assert [row[:2] for row in logged] == [
        (f"staff:{who}", "denied") for who in ("li", "zhao", "wang")
    ]
    assert logged[1][2] == f"{KIOSKS[0]} reload-catalogue: other-district"


def test_without_a_ledger_key_nobody_commands(office: Office) -> None:
    """The platform says how to make one."""
    city = City(office, key=None)
    assert not city.fleet.can_command
    assert refusal(city.close) == "no-key"


def test_what_a_kiosk_says_of_no_command_of_its_own_is_refused_and_counted(city: City) -> None:
    """One that was never given, another kiosk's, a word in another's name, and noise."""
    city.greets()
    given = city.close()
    city.answers("ff" * 8)
    city.says(_result(given, KIOSKS[1]), "event", KIOSKS[1])
    city.says(_result(given, KIOSKS[0]), "event", KIOSKS[1])
    topics = "gr/v1/hangzhou/xihu/hz-xihu-0001/up/"
    for leaf, payload in (("event", b"\xff"), ("event", b"[]"), ("condition", b'{"v":1}')):
        city.ingest.handle(topics + leaf, payload)
    city.ingest.handle("gr/v1/hangzhou/xihu/hz-xihu-0009/up/condition", _stranger())
    assert city.ingest.refused == {
        "unknown-command": 2,
        "wrong-kiosk": 1,
        "not-json": 1,
        "schema": 1,
        "missing-field": 1,
        "unknown-kiosk": 1,
    }
    assert city.state_of(given) == "issued"


def _result(command_id: str, kiosk: str) -> Any:
    return CommandResult(kiosk=kiosk, id=command_id, outcome="done", code="", detail="", at=1)


def _stranger() -> bytes:
    return encode(condition("hz-xihu-0009"))


def test_no_word_of_a_kiosk_stops_the_platform(city: City) -> None:
    """PostgreSQL keeps no NUL: a message that failed at it would come again for ever."""
    city.greets()
    city.says(condition(KIOSKS[0], "no\0code"), "condition")
    given = city.close()
    city.answers(given, "refused", code="no\0code", detail="nothing\0at all")
    (order,) = city.fleet.orders_of(CITY, KIOSKS[0])
    assert (order.state, order.code) == ("refused", "no\ufffdcode")
    assert order.detail == "nothing\ufffdat all"


def test_a_worker_that_is_slow_holds_up_nobody(postgresql: Server) -> None:
    """What another one has in hand is passed over, not waited for; SQLite has one writer at all."""
    city = City(Office(postgresql.new_address()))
    city.greets()
    first = city.close()
    second = city.close(verb="reload-catalogue", arguments={})
    held = text("SELECT id FROM commands WHERE command_id = :id FOR UPDATE")
    with city.office.database.begin() as other, ThreadPoolExecutor(1) as pool:
        other.execute(held, {"id": first}).all()
        assert pool.submit(city.due).result(timeout=60) == [second]
    assert city.due() == [first]
    city.office.now_s += TTL_MAX_S + GRACE_S + 1
    with city.office.database.begin() as other, ThreadPoolExecutor(1) as pool:
        other.execute(held, {"id": first}).all()
        assert pool.submit(city.due).result(timeout=60) == []
        assert [city.state_of(one) for one in (first, second)] == ["sent", "expired"]
    city.due()
    assert city.state_of(first) == "expired"
    city.office.database.dispose()


def test_a_bundle_comes_in_any_order_and_twice_and_is_kept_for_a_month(city: City) -> None:
    """The command is done once all of it is there, whatever the kiosk says; then it goes."""
    bundle = bytes(range(256)) * (2 * PART_BYTES // 256) + b"end"
    city.greets()
    given = city.close(verb="send-diagnostics", arguments={})
    city.due()
    strange = part_of(bundle, KIOSKS[0], given, 1).model_copy(update={"data": "纸" * 4})
    city.says(strange, "event")
    assert city.ingest.refused == {"bundle-part": 1}
    city.sends(given, bundle, 2, 0)
    city.answers(given)
    assert city.state_of(given) == "sent"
    assert refusal(lambda: city.fleet.bundle(WANG, given)) == "unknown-bundle"
    city.sends(given, bundle, 0, 1, 2)
    city.answers(given, detail="131075 bytes")
    assert city.state_of(given) == "done"
    assert city.fleet.bundle(WANG, given) == (KIOSKS[0], bundle)
    (kept,) = city.fleet.bundles_of(WANG, KIOSKS[0])
    assert (kept.command_id, kept.size_bytes) == (given, len(bundle))
    assert city.office.rows("SELECT count(*) FROM bundle_parts") == [(0,)]
    assert refusal(lambda: city.fleet.bundle(READER, given)) == "role"
    assert refusal(lambda: city.fleet.bundle(ELSEWHERE, given)) == "other-district"
    denied = "SELECT actor, detail FROM audit WHERE action = 'denied' ORDER BY id"
    assert city.office.rows(denied) == [
        ("staff:li", f"{KIOSKS[0]} bundle {given}: role"),
        ("staff:zhao", f"{KIOSKS[0]} bundle {given}: other-district"),
    ]
    taken = "SELECT actor, detail FROM audit WHERE action = 'bundle-taken'"
    assert city.office.rows(taken) == [("staff:wang", f"{KIOSKS[0]} {given}")]
    city.office.now_s += 31 * 86_400
    city.due()
    assert city.fleet.bundles_of(WANG, KIOSKS[0]) == []


def test_a_kiosk_that_began_anew_sends_another_bundle(city: City) -> None:
    """What it had sent of the first one goes; parts that make another hash count for nothing."""
    first, second = b"1" * (PART_BYTES + 1), b"2" * (PART_BYTES + 1)
    city.greets()
    given = city.close(verb="send-diagnostics", arguments={})
    city.sends(given, first, 0)
    city.sends(given, second, 0, 1)
    assert city.fleet.bundle(WANG, given)[1] == second
    city.answers(given)
    other = city.close(verb="send-diagnostics", arguments={}, command_id="cd" * 8)
    lies = part_of(first, KIOSKS[0], other, 0).model_copy(update={"sha256": "0" * 64})
    city.says(lies, "event")
    city.says(part_of(first, KIOSKS[0], other, 1).model_copy(update={"sha256": "0" * 64}), "event")
    assert refusal(lambda: city.fleet.bundle(WANG, other)) == "unknown-bundle"
    city.sends(city.close(), first, 0)  # nobody asked for one there
    assert city.ingest.refused == {"unknown-command": 1}


Step = st.one_of(
    st.tuples(st.just("close"), st.integers(0, 3)),
    st.tuples(st.just("due"), st.integers(0, 1)),
    st.tuples(st.sampled_from(["waiting", "done", "refused"]), st.integers(0, 3)),
    st.tuples(st.just("pass"), st.sampled_from([1, AGAIN_S, HOUR_S + GRACE_S + 1])),
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(Step, max_size=25))
def test_a_command_that_is_over_stays_over(
    file_office: Office, steps: list[tuple[str, int]]
) -> None:
    """Whatever comes in whatever order: `done` and `refused` end it, and nothing is sent then."""
    city = City(file_office)
    city.greets()
    ended: dict[str, str] = {}
    given: dict[int, str] = {}
    for what, which in steps:
        if what == "close" and which not in given:
            number = file_office.rows("SELECT coalesce(max(id), 0) FROM commands")[0][0]
            verb = ("close-bay", "open-bay", "reload-catalogue", "restart-controller")[which]
            arguments = {"bay": "a"} if "bay" in verb else {}
            mine = f"{int(str(number)) + 1:08x}{which:08x}"
            try:
                given[which] = city.close(verb=verb, arguments=arguments, command_id=mine)
            except FleetError as error:
                assert error.code in ("already", "too-many")  # noqa: PT017
        elif what == "due":
            assert not set(city.due()) & ended.keys()
        elif what == "pass":
            file_office.now_s += which
        elif which in given:
            city.answers(given[which], cast("Outcome", what))
            if what != "waiting":
                ended.setdefault(given[which], what)
        assert {one: city.state_of(one) for one in ended} == ended
