"""Everything that takes part: world, controller, broker, ledger, and whoever kills them."""

from __future__ import annotations

import itertools
import random
import shutil
import sqlite3
import threading
import time
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING

from contract.catalogue import example, sign
from contract.keys import FileSigner
from controller.adapters.journal.segment import folder_beside
from sim.identity import Identity
from tests.contracts.brokers import mosquitto
from tests.crash.auditor import Findings, audit
from tests.crash.controller import CONFIG, Order
from tests.crash.line import WorldServer
from tests.crash.nursery import Nursery
from tests.crash.world import REFUSE, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Self

    from tests.crash.nursery import Child

LOOKS_S = 0.02
SYNCS = 40
"""A start and some deposits have so many syncs."""

AT_SYNCS = 0.4
"""So many of those that are started are killed at one."""

YEAR_S = 365 * 86_400
JUMPS = 0.2
"""So often the kiosk's clock jumps besides, and nobody vouches for it."""

PATIENCE_S = 100.0
"""Nothing takes so long that goes on by itself: a ledger that has lost its broker again and again
waits for 30 s, a kiosk for 75, and the machine may be busy with something else."""


class Stage:
    """One kiosk with its platform; a context manager that leaves nothing running.

    Args:
        folder: Where everything keeps its files.
        port: A free one, for the broker.
        seed: All chance that is not the machine's own.
        loads: So many are brought from the start on.
        shim: As `tests.crash.syncs` makes it; None for kills at random times alone.
        has_mirror: The journal has a second medium.
        uplink_port: Where the kiosk finds its broker, if not at `port`.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        seed: int,
        loads: int = 0,
        *,
        shim: Path | None = None,
        has_mirror: bool = False,
        uplink_port: int | None = None,
    ) -> None:
        self.rng = random.Random(f"kills {seed}")
        self.folder = folder
        self.identity = Identity(seed)
        self.world = World(seed, self.identity.city, loads)
        self.journal = folder / "card" / "journal.sqlite"
        self.mirror = folder / "stick" / "copy.sqlite"
        self.database = folder / "ledger.sqlite"
        self.lost = _made(folder / "lost")
        self._has_mirror = has_mirror
        self.kills: dict[str, int] = {"controller": 0, "broker": 0, "ledger": 0}
        self.broker = mosquitto(_made(folder / "broker"), port)
        self.port = port
        self._uplink_port = uplink_port or port
        self.at_syncs = 0
        self._syncs = {
            who: itertools.cycle(itertools.product(range(1, SYNCS + 1), (False, True)))
            for who in ("controller", "ledger")
        }
        self._shim = shim
        self._nursery = Nursery(folder / "log", shim)
        self._socket = folder / "world"
        self.controller: Child | None = None
        self.ledger: Child | None = None
        _made(self.journal.parent)
        _made(self.mirror.parent)
        self._keys = _made(folder / "keys")
        self._fill_keys()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(WorldServer(self._socket, self.world))
            stack.enter_context(self._nursery)
            stack.callback(self.broker.kill)
            self.broker.start()
            self.start_ledger()
            self.start_controller()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start_controller(self, *, sync: int = 0, after: bool = False) -> None:
        """Another process on the same journal."""
        order = Order(
            journal=str(self.journal),
            mirror=str(self.mirror) if self._has_mirror else "",
            world=str(self._socket),
            broker_port=self._uplink_port,
            identity_seed=self.identity._seed,
        )
        self.controller = self._nursery.controller(order, sync=sync, after=after)

    def start_ledger(self, *, sync: int = 0, after: bool = False) -> None:
        """Another process on the same database."""
        self.ledger = self._nursery.ledger(self._ledgers_options(), sync=sync, after=after)

    def start_platform(self, port: int) -> None:
        """A ledger that has its API on `port` besides; returns once it answers."""
        self.ledger = self._nursery.platform(self._ledgers_options() | {"--port": str(port)})
        self.wait_for(f"platform ready address=http://127.0.0.1:{port}")

    def _ledgers_options(self) -> dict[str, str]:
        options = {"--database": str(self.database), "--keys": str(self._keys)}
        return options | {"--broker": f"127.0.0.1:{self.port}"}

    def kill(self, who: str) -> None:
        """End one of the three without any warning."""
        self.kills[who] += 1
        if who == "broker":
            self.broker.kill()
            return
        child = self.controller if who == "controller" else self.ledger
        assert child is not None
        child.kill()

    def start(self, who: str, *, armed: bool = False) -> None:
        """Start one of the three again; `armed` to be killed at a sync."""
        if who == "broker":
            self.broker.start()
            return
        is_turn = armed and self._shim and self.rng.random() < AT_SYNCS
        sync, after = next(self._syncs[who]) if is_turn else (0, False)
        begin = self.start_controller if who == "controller" else self.start_ledger
        begin(sync=sync, after=after)

    def kill_at_random(self, *, mean_s: float, down_s: float) -> None:
        """Kill one after the other until everybody was served.

        With a shim, controllers and ledgers are also killed at their syncs: each sync of a
        start and of some deposits has its turn, before it and after it.
        """
        fallen, fell_s = self.world.fallen, time.monotonic()
        while self.world.left:
            who = self._next_victim(mean_s)
            self.kill(who)
            if self.rng.random() < JUMPS:
                self.world.jump(self.rng.choice([-YEAR_S, 0, YEAR_S]))
            time.sleep(self.rng.random() * down_s)
            self.start(who, armed=True)
            if self.world.fallen > fallen:
                fallen, fell_s = self.world.fallen, time.monotonic()
            assert time.monotonic() < fell_s + PATIENCE_S, "nothing falls any more: see `log`"
        for who in self._syncs:  # nobody may still be about to be killed
            self.kill(who)
            self.start(who)

    def _next_victim(self, mean_s: float) -> str:
        """Whoever has ended at a sync, or after a while anybody."""
        end_s = time.monotonic() + self.rng.expovariate(1 / mean_s)
        while time.monotonic() < end_s and self.world.left:
            for who, child in (("controller", self.controller), ("ledger", self.ledger)):
                assert child is not None
                if not child.lives:
                    self.at_syncs += 1
                    return who
            time.sleep(LOOKS_S)
        return self.rng.choice(list(self.kills))

    def bring(self, loads: int) -> None:
        """So many loads more are brought, and all are in their bins."""
        self.world.come(loads)
        self._until(lambda: self.world.is_quiet and self.waiting()[1] == 0, "loads")

    def wait_for_a_load(self) -> None:
        """Until one more has fallen."""
        fallen = self.world.fallen
        self._until(lambda: self.world.fallen > fallen, "loads")

    def wait_for(self, words: str) -> None:
        """Until a process has logged them."""
        self._until(lambda: words in (self.folder / "log").read_text(), words)

    def wait_until_delivered(self) -> None:
        """Until the ledger has everything."""
        self._until(lambda: self.waiting() == (0, 0), "records")

    def deliver(self) -> None:
        """Wait until the ledger has everything. Whoever gave up meanwhile is started again."""
        self.kill("controller")
        self.start("controller")
        self.wait_until_delivered()

    def until_archived(self) -> None:
        """Wait until the ledger has all there is, and the oldest of it has left the journal."""
        self.deliver()
        beside = folder_beside(self.journal)
        self._until(lambda: any(beside.glob("*.jsonl")), "records that the archive")

    def settle(self) -> None:
        """Let everything come to rest, and then end it."""
        self.world.close()
        self.deliver()
        self.kill("controller")
        self.kill("ledger")
        self.broker.kill()

    def _until(self, is_so: Callable[[], bool], what: str) -> None:
        end_s = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < end_s, f"{what} wait for ever: {self.waiting()}, see `log`"
            time.sleep(LOOKS_S)

    def waiting(self) -> tuple[int, int]:
        """Records that wait for the ledger, and intents without an end; -1 while none can tell."""
        with suppress(sqlite3.OperationalError):  # a controller is about to make the file
            return self._read_waiting()
        return -1, -1

    def _read_waiting(self) -> tuple[int, int]:
        with closing(sqlite3.connect(f"file:{self.journal}?mode=ro", uri=True)) as file:
            outbox = file.execute("SELECT count(*) FROM outbox").fetchone()[0]
            intents = file.execute(
                "SELECT count(*) FROM records WHERE kind = 'intent' AND seq NOT IN "
                "(SELECT closes FROM records WHERE closes IS NOT NULL)"
            ).fetchone()[0]
        return outbox, intents

    @property
    def refused(self) -> int:
        """Loads that went to the refuse bin: laid in before a dead screen."""
        return self.world.bins[REFUSE].total()

    def audit(self) -> Findings:
        """Compare bins, journals and ledger; what was put aside in `lost` is a witness too."""
        journals = sorted([*self.journal.parent.glob("*.sqlite"), *self.lost.glob("*.sqlite")])
        archives = [self.lost / "archive", self.folder / "stick" / "archive"]
        return audit(self.world, journals, self.identity.kiosk.public, self.database, archives)

    def kill_upon(self, moment: Callable[[World], bool], loads: int) -> None:
        """Bring so many loads, and kill the controller as soon as the bay is so."""
        killed = threading.Event()

        def kill() -> None:
            self.kill("controller")
            killed.set()

        self.world.upon(moment, kill)
        self.world.come(loads)
        assert killed.wait(PATIENCE_S), "the bay is never so"

    def lose_card(self) -> Path:
        """The card dies with the journal on it; only the auditor keeps what it held."""
        number = len(list(self.lost.glob("*.sqlite")))
        kept = self.lost / f"card-{number}.sqlite"
        with closing(sqlite3.connect(self.journal)) as old, closing(sqlite3.connect(kept)) as copy:
            old.backup(copy)
        with suppress(FileNotFoundError):
            archive = folder_beside(self.journal)
            shutil.copytree(archive, self.lost / "archive", dirs_exist_ok=True)
        shutil.rmtree(self.journal.parent)
        self.journal.parent.mkdir()
        return kept

    def backup(self) -> Path:
        """Copy the journal as it is at this moment, in use or not."""
        copied = self.folder / "backup.sqlite"
        with closing(sqlite3.connect(self.journal)) as file, closing(sqlite3.connect(copied)) as to:
            file.backup(to)
        return copied

    def _fill_keys(self) -> None:
        FileSigner.new(self._keys / "city.pem")
        operator = FileSigner.new(self.folder / "operator.pem")
        (self._keys / "operator.pub").write_text(operator.public.hex())
        (self._keys / "catalogue.json").write_bytes(sign(example(), operator))
        kiosks = _made(self._keys / "kiosks")
        (kiosks / f"{CONFIG.kiosk}.pub").write_text(self.identity.kiosk.public.hex())


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
