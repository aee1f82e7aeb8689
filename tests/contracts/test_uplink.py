"""What every uplink keeps to: over a real mosquitto, and over the simulator's broker model."""

from __future__ import annotations

import asyncio
import inspect
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from typing import TYPE_CHECKING, Protocol

import aiomqtt
import pytest

from controller.adapters.mqtt_uplink import MqttUplink
from controller.ports import Uplink, UplinkLostError, UplinkRefusedError
from sim import clock
from sim.broker import Broker
from tests.contracts.brokers import BrokerProcess, Relay, amqtt, mosquitto

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
    from pathlib import Path

KIOSK = "gr/v1/hz/xihu/k1"
UP, STATE, ACK = f"{KIOSK}/up/deposit", f"{KIOSK}/up/state", f"{KIOSK}/down/ack"
DOWN_ALL = f"{KIOSK}/down/#"
PATIENCE_S = 60.0
PROMPT_S, PROMPT_BY_THE_CLOCK_S = 1.0, 5.0
"""By the wall clock half of what aiomqtt waits for an answer, whatever else the machine does."""


class World(Protocol):
    """A broker with a platform behind it that answers each deposit with the same bytes."""

    heard: list[bytes]

    def run(self, story: Callable[[], Awaitable[None]]) -> None:
        """Play a story in this world's kind of time."""

    def uplink(self) -> Uplink:
        """The kiosk's uplink."""

    async def ready(self) -> None:
        """Wait until the platform listens."""

    def breakable_uplink(self) -> Uplink:
        """The kiosk's uplink over a link that can be cut."""

    def cut(self) -> None:
        """Break the breakable uplink's connections; the broker stays."""

    async def state(self) -> bytes:
        """What the broker keeps as the kiosk's state."""

    def kill(self) -> None:
        """End the broker."""

    def start(self) -> None:
        """Start the broker again."""


class ModelWorld:
    """The simulator's broker in virtual time."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self._broker = Broker(self)

    def handle(self, topic: str, payload: bytes) -> list[tuple[str, bytes]]:
        """The platform."""
        if topic != UP:
            return []
        self.heard.append(payload)
        return [(ACK, payload)]

    def run(self, story: Callable[[], Awaitable[None]]) -> None:
        clock.run(_in_time(story))

    def uplink(self) -> Uplink:
        return self._broker.uplink(DOWN_ALL)

    async def ready(self) -> None:
        pass

    breakable_uplink = uplink

    def cut(self) -> None:
        self._broker.cut()

    async def state(self) -> bytes:
        return self._broker.retained[STATE]

    def kill(self) -> None:
        self._broker.down()

    def start(self) -> None:
        self._broker.up()


class RealWorld:
    """A broker process on the wall clock, and a platform connected to it."""

    def __init__(self, broker: BrokerProcess, mqtt: str) -> None:
        self.heard: list[bytes] = []
        self.start = broker.start
        self._broker = broker
        self._port = broker.port
        self._mqtt = mqtt
        self._relay = Relay(broker.port)
        self._listening = asyncio.Event()

    def run(self, story: Callable[[], Awaitable[None]]) -> None:
        async def with_platform() -> None:
            platform = asyncio.create_task(self._platform())
            try:
                await self.ready()
                async with self._relay:
                    await _in_time(story)
            finally:
                platform.cancel()
                with suppress(asyncio.CancelledError):
                    await platform

        asyncio.run(with_platform())

    def uplink(self) -> Uplink:
        return self._uplink(self._port)

    def _uplink(self, port: int) -> Uplink:
        return MqttUplink(
            "127.0.0.1",
            port,
            client_id="k1",
            down_all=DOWN_ALL,
            version="5" if self._mqtt == "5" else "3.1.1",
        )

    async def ready(self) -> None:
        await self._listening.wait()

    def breakable_uplink(self) -> Uplink:
        return self._uplink(self._relay.port)

    def cut(self) -> None:
        self._relay.cut()

    def kill(self) -> None:
        self._listening.clear()
        self._broker.kill()

    async def state(self) -> bytes:
        async with aiomqtt.Client("127.0.0.1", self._port) as client:
            await client.subscribe(STATE)
            return bytes((await anext(client.messages)).payload)

    async def _platform(self) -> None:
        # aiomqtt's way out of a dead broker may put an error of its own in a cancellation's place.
        me = asyncio.current_task()
        while me is not None and not me.cancelling():
            with suppress(aiomqtt.MqttError):
                async with aiomqtt.Client("127.0.0.1", self._port) as client:
                    await client.subscribe(UP, qos=1)
                    self._listening.set()
                    async for message in client.messages:
                        self.heard.append(bytes(message.payload))
                        await client.publish(ACK, message.payload)
            self._listening.clear()
            await asyncio.sleep(0.02)


async def _in_time(story: Callable[[], Awaitable[None]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        await story()


@pytest.fixture(params=["model", "mosquitto 3.1.1", "mosquitto 5"])
def world(request: pytest.FixtureRequest, tmp_path: Path, free_port: int) -> Iterator[World]:
    """Each world in turn; processes end with the test."""
    if request.param == "model":
        yield ModelWorld()
        return
    broker = mosquitto(tmp_path, free_port)
    broker.start()
    yield RealWorld(broker, mqtt=request.param.split()[1])
    broker.kill()


@asynccontextmanager
async def lost() -> AsyncIterator[None]:
    """What happens inside ends the connection, and says so in time."""
    loop = asyncio.get_running_loop()
    within_s = PROMPT_S if isinstance(loop, clock.VirtualLoop) else PROMPT_BY_THE_CLOCK_S
    began_s = loop.time()
    with pytest.raises(UplinkLostError):
        yield
    assert loop.time() - began_s < within_s


def test_what_goes_up_arrives_in_order_and_answers_come_down(world: World) -> None:
    """Three messages, three answers."""

    async def story() -> None:
        async with world.uplink().connect() as line:
            for payload in (b"1", b"2", b"3"):
                await line.publish(UP, payload)
            messages = line.messages()
            assert [await anext(messages) for _ in range(3)] == [
                (ACK, b"1"),
                (ACK, b"2"),
                (ACK, b"3"),
            ]

    world.run(story)
    assert world.heard == [b"1", b"2", b"3"]


def test_a_whole_window_goes_up_at_once(world: World) -> None:
    """Twenty messages under way together all arrive while others come down."""

    async def story() -> None:
        async with world.uplink().connect() as line:
            async with asyncio.TaskGroup() as tasks:
                for number in range(20):
                    tasks.create_task(line.publish(UP, b"%d" % number))
            messages = line.messages()
            assert {(await anext(messages))[1] for _ in range(20)} == {b"%d" % n for n in range(20)}

    world.run(story)
    assert len(world.heard) == 20


def test_a_dead_broker_is_noticed_at_once_by_everybody(world: World) -> None:
    """Who waits for a message and who sends one both hear of it in less than a second."""

    async def story() -> None:
        async with world.uplink().connect() as line:
            await line.publish(UP, b"1")
            messages = line.messages()
            await anext(messages)
            asyncio.get_running_loop().call_later(0.05, world.kill)
            async with lost():
                await anext(messages)
            async with lost():
                await line.publish(UP, b"2")

    world.run(story)


def test_a_message_under_way_when_the_broker_dies_is_of_unknown_fate(world: World) -> None:
    """It raises rather than hangs; sending it again is the outbox's business."""

    async def story() -> None:
        async with world.uplink().connect() as line:
            sending = asyncio.create_task(line.publish(UP, b"1"))
            await asyncio.sleep(0)
            world.kill()
            with suppress(UplinkLostError):  # it may have been faster
                await sending
            async with lost():
                await line.publish(UP, b"2")

    world.run(story)


def test_no_broker_is_an_error_and_a_restarted_one_is_reached(world: World) -> None:
    """The same uplink gives one new connection after the other."""

    async def story() -> None:
        uplink = world.uplink()
        world.kill()
        async with lost(), uplink.connect():
            pass
        world.start()
        await world.ready()
        for payload in (b"1", b"2"):
            async with uplink.connect() as line:
                await line.publish(UP, payload)
                assert await anext(line.messages()) == (ACK, payload)

    world.run(story)


def test_a_broken_connection_leaves_the_will_and_a_polite_end_does_not(world: World) -> None:
    """The retained state tells who is gone."""

    async def story() -> None:
        uplink = world.breakable_uplink()
        async with uplink.connect((STATE, b"gone")) as line:
            await line.publish(STATE, b"online", retain=True)
        assert await world.state() == b"online"
        # Each connection has a will of its own.
        async with uplink.connect((STATE, b"offline")) as line:
            world.cut()
            async with lost():
                await anext(line.messages())
        while await world.state() != b"offline":  # noqa: ASYNC110  # another process's news
            await asyncio.sleep(0.02)

    world.run(story)


def test_whatever_ends_the_story_ends_the_connection(world: World) -> None:
    """An error inside comes out as it is, and the next connection is free."""

    async def story() -> None:
        uplink = world.uplink()
        with pytest.raises(ZeroDivisionError):
            async with uplink.connect():
                raise ZeroDivisionError
        async with uplink.connect() as line:
            await line.publish(UP, b"1")

    world.run(story)


def test_amqtt_will_do_for_a_demo(free_port: int) -> None:
    """The broker from a Python package carries messages, dies audibly and is reached again.

    It is not in the suite above: where a client comes back under its name, amqtt 0.12 now and
    then loses what it acknowledged, and it passes on retained messages that nobody asked for.
    So a message is repeated here until it is answered, as the outbox does.
    """
    broker = amqtt(free_port)
    broker.start()
    world = RealWorld(broker, mqtt="3.1.1")

    async def answered() -> None:
        async with world.uplink().connect() as line:
            while True:
                await line.publish(UP, b"1")
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.5):
                        await anext(line.messages())
                        return

    async def story() -> None:
        await answered()
        async with world.uplink().connect() as line:
            world.kill()
            async with lost():
                await line.publish(UP, b"2")
        world.start()
        await answered()

    try:
        world.run(story)
    finally:
        broker.kill()


RULES = f"""
topic readwrite {KIOSK}/up/state
topic read {KIOSK}/down/#
"""


def test_a_refused_message_is_refused_though_aiomqtt_says_it_went(
    tmp_path: Path, free_port: int
) -> None:
    """MQTT 5: PUBACK 0x87 is no success. Where aiomqtt learns that, the wrapper can go."""
    broker = mosquitto(tmp_path, free_port, RULES)

    async def story() -> None:
        uplink = MqttUplink("127.0.0.1", free_port, client_id="k1", down_all=DOWN_ALL, version="5")
        async with uplink.connect() as line:
            with pytest.raises(UplinkRefusedError, match="0x87"):
                await line.publish(UP, b"1")
            await line.publish(STATE, b"the connection lives", retain=True)
        mqtt5 = aiomqtt.ProtocolVersion.V5
        async with aiomqtt.Client("127.0.0.1", free_port, protocol=mqtt5) as client:
            await client.publish(UP, b"1", qos=1)

    broker.start()
    try:
        asyncio.run(_in_time(story))
    finally:
        broker.kill()


def test_with_mqtt_5_the_broker_keeps_what_comes_down_meanwhile(
    tmp_path: Path, free_port: int
) -> None:
    """A command at QoS 1 waits for a kiosk that is away: its session outlives a connection."""
    broker = mosquitto(tmp_path, free_port)
    cmd = f"{KIOSK}/down/cmd"

    async def story() -> None:
        uplink = MqttUplink("127.0.0.1", free_port, client_id="k1", down_all=DOWN_ALL, version="5")
        async with uplink.connect():
            pass
        async with aiomqtt.Client("127.0.0.1", free_port) as platform:
            await platform.publish(cmd, b"1", qos=1)
        async with uplink.connect() as line:
            assert await anext(line.messages()) == (cmd, b"1")

    broker.start()
    try:
        asyncio.run(_in_time(story))
    finally:
        broker.kill()


def test_a_frozen_broker_is_given_up_after_its_time(tmp_path: Path, free_port: int) -> None:
    """Neither a message nor the way out nor a new connection waits for ever."""
    broker = mosquitto(tmp_path, free_port)
    uplink_s = 0.3

    async def story() -> None:
        uplink = MqttUplink(
            "127.0.0.1", free_port, client_id="k1", down_all=DOWN_ALL, answer_s=uplink_s
        )
        async with uplink.connect() as line:
            broker.freeze()
            with pytest.raises(UplinkLostError, match=r"no answer.*0\.3 s"):
                await line.publish(UP, b"1")
        with pytest.raises(UplinkLostError, match="timed out"):
            async with uplink.connect():
                pass
        broker.thaw()
        async with uplink.connect() as line:
            await line.publish(UP, b"1")

    broker.start()
    try:
        asyncio.run(_in_time(story))
    finally:
        broker.kill()


def test_a_broker_that_hangs_up_without_a_word_is_not_waited_for(free_port: int) -> None:
    """As a relay does whose broker is dead, or one that refuses a certificate."""

    async def story() -> None:
        async with Relay(free_port) as relay:
            uplink = MqttUplink("127.0.0.1", relay.port, client_id="k1", down_all=DOWN_ALL)
            async with lost(), uplink.connect():
                pass

    asyncio.run(_in_time(story))


def test_aiomqtt_still_has_what_the_wrapper_holds_on_to() -> None:
    """Private names of another project: this fails with the upgrade, not in a kiosk."""
    assert version("aiomqtt").startswith("2.5."), "read the new client.py, then move the pin"
    arguments = ["self", "client", "userdata", "mid", "reason_code", "properties"]
    assert list(inspect.signature(aiomqtt.Client._on_publish).parameters) == arguments

    async def names() -> None:
        client = aiomqtt.Client("127.0.0.1")
        assert isinstance(client._disconnected, asyncio.Future)
        assert isinstance(client._lock, asyncio.Lock)
        assert client._client.on_publish == client._on_publish
        assert client._client.socket() is None

    asyncio.run(names())
