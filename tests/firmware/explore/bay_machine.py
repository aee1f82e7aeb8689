"""The whole bay over a plant, one thing happening between two scans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from firmware.hal.board import Outputs
from tests.firmware.explore import figures as f
from tests.firmware.explore.core_copy import CoreCopy
from tests.firmware.explore.plant import CLOSED, FAR, OPEN, PUSHES, World, sense
from tests.firmware.explore.properties import PROPERTIES, Scan, Witness, learn, look
from tests.firmware.explore.snapshot import Snapshot
from tests.firmware.explore.walk import Move
from wire.messages import HATCH_STATES

FIELDS = {"session": 7, "command": 1, "bin_index": 0}
OTHER_BIN = FIELDS | {"bin_index": 1}
Commands = dict[str, tuple[tuple[int, str, dict[str, int], int], ...]]
COMMANDS: Commands = {
    "open_hatch": ((0x10, "open_hatch", FIELDS, 100),),
    "close_hatch": ((0x11, "close_hatch", FIELDS, 100),),
    "drop_load": ((0x12, "drop_load", FIELDS, 100),),
    "drop_load there": ((0x12, "drop_load", OTHER_BIN, 100),),
    "clear_faults": ((0x1B, "clear_faults", FIELDS, 0),),
}
RESTART: Commands = {"restart": ((0x1D, "restart", FIELDS, 100),)}
RESTARTING = COMMANDS | RESTART
"""With the one command that a bay need not be given for all else to be explored."""
LATE = "late commands"
LATE_COMMANDS = tuple(
    (kind, name, FIELDS, left_ms)
    for left_ms in (-1, 5_001)
    for kind, name in (
        (0x10, "open_hatch"),
        (0x11, "close_hatch"),
        (0x12, "drop_load"),
        (0x1D, "restart"),
    )
)
NOTHING, LEASE = "nothing", "lease"
GOOD = {NOTHING, "open_hatch", "close_hatch", "clear_faults", LEASE}
"""What people of good will do, besides taking away what is wrong."""

State = tuple[World, Witness, tuple[Any, ...]]


class BayMachine:
    """Every order of commands, silence, pushes and what goes wrong in a bay.

    Args:
        core: The node's core, or a mutant of it.
        wrongs: What can go wrong, and `PUSHES`, which are over at once.
        at_once: So many of them at a time.
        starts: Where the leaf stands when the node starts.
        watched: Which properties are looked at.
        learned: Whether the hatch knows its own current.
        commands: What it is told. A node that starts anew begins again in the bay as it then
            stands, with nothing driven.
    """

    def __init__(
        self,
        core: CoreCopy,
        wrongs: tuple[str, ...],
        at_once: int = 1,
        starts: tuple[int, ...] = (CLOSED, FAR, OPEN),
        watched: tuple[Callable[[Scan], bool], ...] = PROPERTIES,
        learned: bool = False,
        commands: Commands = COMMANDS,
    ) -> None:
        self.core = core
        config = core["config"].Config().change(f.FIGURES)
        if learned:
            config.learn_runs = 1
        self.bay = core["bay"].Bay(config)
        if learned:
            self.bay.hatch.profile._runs = [1, 1]
            self.bay.hatch.profile._part_ma = [[500] * 8, [500] * 8]
        left_out = f.BAY_LEFT_OUT | f.under("hatch", f.HATCH_LEFT_OUT)
        left_out |= f.under("gate", f.GATE_LEFT_OUT)
        at_most = f.under("hatch", f.hatch_at_most(config))
        at_most |= f.under("gate", f.gate_at_most(config))
        self.snapshot = Snapshot(self.bay, left_out, at_most)
        self.scan = Scan(core["hatch_table"])
        self._wrongs = tuple(one for one in wrongs if one not in PUSHES)
        self._pushes = tuple(one for one in wrongs if one in PUSHES)
        self._at_once = at_once
        self._watched = watched
        self._begin = self.snapshot.take()
        self._commands = commands
        self._leaves = starts

    def starts(self) -> list[Any]:
        return [(World(leaf=leaf), Witness(), self._begin) for leaf in self._leaves]

    def moves(self, state: Any) -> Iterator[Move]:
        world, witness, bay = state
        quiet, wrong = self.step(world, witness, bay, NOTHING)
        yield NOTHING, quiet, wrong
        if not wrong:
            late, wrong = self.step(world, witness, bay, LATE)
            if not wrong and late != quiet:
                wrong = "p11_a_late_command_starts_nothing"
            yield LATE, late, wrong
        for event in self.events(world):
            following, wrong = self.step(world, witness, bay, event)
            yield event, following, wrong

    def events(self, world: World) -> list[str]:
        """What can happen next, besides nothing."""
        events = [*self._commands, LEASE, *self._pushes]
        events += [f"no more {one}" for one in world.wrong]
        if len(world.wrong) < self._at_once:
            events += [one for one in self._wrongs if one not in world.wrong]
        return events

    def step(
        self, world: World, witness: Witness, bay: tuple[Any, ...], event: str
    ) -> tuple[State, str]:
        """The state after one scan in which `event` happened, and the property that it breaks."""
        s, node = self.scan, self.bay
        self.snapshot.put(bay)
        s.before, s.command, s.was, s.was_gate = world, event, node.hatch.state, node.gate.state
        s.world = world = self._happens(world, event).follow(event)
        sense(world, s.inputs, node)
        s.witness = witness = look(s, witness)
        commands = LATE_COMMANDS if event == LATE else RESTARTING.get(event, ())
        try:
            node.orders._motion = node.orders._drop = (0, 1)  # so that whatever is refused is said
            node.step(f.SCAN_MS, s.inputs, commands, world.lease)
            node.drive(s.outputs)
        except Exception as error:  # noqa: BLE001 - any exception breaks p15
            return (world, witness, bay), f"p15_no_exception: {error!r}"
        s.state, s.gate, s.faults = node.hatch.state, node.gate.state, node.faults.bits
        wrong = ""
        for rule in self._watched:
            if not rule(s):
                wrong = rule.__name__
        if s.outputs.restarts:
            return (world.driven(Outputs()), Witness(), self._begin), wrong
        f.settle_bay(node, self.core)
        return (world.driven(s.outputs), learn(s, witness), self.snapshot.take()), wrong

    def _happens(self, world: World, event: str) -> World:
        if event == LEASE:
            return world._replace(lease=not world.lease)
        if event in self._wrongs:
            return world._replace(wrong=tuple(sorted((*world.wrong, event))))
        if event.startswith("no more "):
            gone = event.removeprefix("no more ")
            return world._replace(wrong=tuple(one for one in world.wrong if one != gone))
        return world

    def tell(self, state: Any) -> str:
        """A state in words."""
        world = state[0]
        wrong = ", ".join(world.wrong) or "nothing"
        return (
            f"{self.hatch_state(state)}: leaf {world.leaf} driven {world.hatch},"
            f" leaves {world.leaves} driven {world.gate}, diverter {world.diverter},"
            f" lock {world.lock}, lease {world.lease}, wrong: {wrong}"
        )

    def hatch_state(self, state: Any) -> str:
        """The name of the hatch's state."""
        return HATCH_STATES[state[2][self.snapshot.paths.index("hatch.state")]]


class RestingBay(BayMachine):
    """The same, begun where a sound bay rests, shut or open: nearer to a restart."""

    def starts(self) -> list[Any]:
        return [self._rested(state) for state in super().starts() if state[0].leaf != FAR]

    def _rested(self, state: State) -> State:
        for event in (LEASE, *(NOTHING,) * 4):
            state, _ = self.step(*state, event)
        return state


def is_good(happening: Any) -> bool:
    """Whether people of good will may do that on the way out of anything."""
    return happening in GOOD or str(happening).startswith("no more ")
