"""The uplink over TLS, against a real mosquitto with the configuration that `deploy/` gives."""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

import aiomqtt
import pytest

from contract.certificates import PLATFORM
from contract.tls import TlsFiles
from controller.adapters.certificate import KioskCertificate
from controller.adapters.mqtt_uplink import MqttUplink
from controller.ports import UplinkBarredError, UplinkLostError, UplinkRefusedError
from tests.contracts.brokers import Relay
from tests.contracts.city import City, shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from controller.ports import UplinkConnection

ROOT = "gr/v1/hz/xihu"
PATIENCE_S = 60.0
ATTEMPTS = 20


class FixedClock:
    """A clock that stands."""

    def __init__(self, now_s: int) -> None:
        self.now_s = now_s

    def utc_s(self) -> int:
        return self.now_s

    def quality(self) -> str:
        return "synchronised"


class TlsWorld:
    """A city, its running broker, and kiosks on their way to it."""

    def __init__(self, city: City, port: int) -> None:
        self.city = city
        self.port = port
        self.broker = city.broker(port)

    def uplink(
        self,
        kiosk: str,
        tls: Callable[[], ssl.SSLContext] | TlsFiles | None = None,
        port: int | None = None,
    ) -> MqttUplink:
        """The kiosk's, with its own files checked as a kiosk does, or with others unchecked."""
        if isinstance(tls, TlsFiles):
            files = tls
            return self.uplink(kiosk, lambda: shown(files), port)
        own = KioskCertificate(self.city.files(kiosk), kiosk, FixedClock(self.city.now_s))
        return MqttUplink(
            "127.0.0.1",
            port or self.port,
            client_id=kiosk,
            down_all=f"{ROOT}/{kiosk}/down/#",
            version="5",
            tls=tls or own.context,
            answer_s=5.0,
        )

    def platform(self, version: int = 5) -> aiomqtt.Client:
        """A connection with the platform's certificate."""
        files = self.city.member(PLATFORM)
        protocol = aiomqtt.ProtocolVersion.V5 if version == 5 else aiomqtt.ProtocolVersion.V311
        return aiomqtt.Client(
            "127.0.0.1",
            self.port,
            identifier="ledger",
            tls_context=files.context(PLATFORM, self.city.now_s),
            protocol=protocol,
        )

    async def barred(self, uplink: MqttUplink) -> UplinkBarredError:
        """What keeps this uplink out. An alert may be overtaken by the end of the connection."""
        for _ in range(ATTEMPTS):
            with pytest.raises(UplinkLostError) as lost:
                async with uplink.connect():
                    pass
            if isinstance(lost.value, UplinkBarredError):
                return lost.value
        pytest.fail("the broker never said why")

    @staticmethod
    def run(story: Callable[[], Awaitable[None]]) -> None:
        """Play a story within its time."""

        async def in_time() -> None:
            async with asyncio.timeout(PATIENCE_S):
                await story()

        asyncio.run(in_time())


@pytest.fixture
def world(tmp_path: Path, free_port: int) -> Iterator[TlsWorld]:
    """A broker that runs until the test is over."""
    world = TlsWorld(City(tmp_path / "city"), free_port)
    world.broker.start()
    yield world
    world.broker.kill()


def test_a_kiosk_of_the_city_speaks_and_is_answered(world: TlsWorld) -> None:
    """With the certificate that it enrolled for; the platform hears it and answers."""
    world.city.member("k1")

    async def story() -> None:
        async with world.platform() as platform:
            await platform.subscribe("gr/v1/+/+/+/up/deposit", qos=1)
            async with world.uplink("k1").connect() as line:
                await line.publish(f"{ROOT}/k1/up/deposit", b"1")
                heard = await anext(platform.messages)
                assert (str(heard.topic), heard.payload) == (f"{ROOT}/k1/up/deposit", b"1")
                await platform.publish(f"{ROOT}/k1/down/ack", b"2", qos=1)
                assert await anext(line.messages()) == (f"{ROOT}/k1/down/ack", b"2")

    world.run(story)


def test_without_a_certificate_of_the_city_nobody_gets_in(world: TlsWorld, tmp_path: Path) -> None:
    """None, another authority's, an expired one, a broker's own: each is refused by its name."""
    city, other = world.city, City(tmp_path / "elsewhere")
    foreign = other.member("k1")
    none = TlsFiles(tmp_path / "none.key", tmp_path / "none.crt", city.folder / "ca.crt")
    cases = {
        "certificate-required": none,
        "unknown-ca": TlsFiles(foreign.key, foreign.certificate, city.folder / "ca.crt"),
        "certificate-expired": city.member("k1", days=90, days_ago=91),
        "unsupported-certificate": city.files("broker"),
    }

    async def story() -> None:
        for code, files in cases.items():
            assert (await world.barred(world.uplink("k1", files))).code == code

    world.run(story)


def test_a_broker_of_another_city_is_not_spoken_to(world: TlsWorld, tmp_path: Path) -> None:
    """Whoever stands in the broker's place gets neither records nor name."""
    other = City(tmp_path / "elsewhere")
    files = other.member("k1")

    async def story() -> None:
        error = await world.barred(world.uplink("k1", files))
        assert error.code == "broker-not-believed"

    world.run(story)


def test_a_broker_under_another_name_is_not_spoken_to(world: TlsWorld) -> None:
    """The city signed it, for another host."""
    files = world.city.member("k1")
    uplink = MqttUplink(
        "localhost", world.port, client_id="k1", down_all="x", tls=lambda: shown(files)
    )

    async def story() -> None:
        assert (await world.barred(uplink)).code == "broker-not-believed"

    world.run(story)


def test_tls_1_2_is_refused(world: TlsWorld) -> None:
    """By the broker's configuration; the kiosk would not offer it."""
    files = world.city.member("k1")

    def old() -> ssl.SSLContext:
        context = shown(files)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        return context

    async def story() -> None:
        assert (await world.barred(world.uplink("k1", old))).code == "protocol-version"

    world.run(story)


def test_a_kiosk_has_no_say_in_another_ones_topics(world: TlsWorld) -> None:
    """It may not write there, not be heard down there, not hear, not even with its last will."""
    world.city.member("k1")
    world.city.member("k2")

    async def story() -> None:
        async with world.platform() as platform:
            await platform.subscribe("gr/v1/+/+/+/up/#", qos=1)
            async with world.uplink("k2").connect() as line:
                for topic in (f"{ROOT}/k1/up/deposit", f"{ROOT}/k2/down/ack", "gr/v1/x", "$SYS/x"):
                    with pytest.raises(UplinkRefusedError, match="0x87"):
                        await line.publish(topic, b"forged")
                await line.publish(f"{ROOT}/k2/up/deposit", b"its own")
            assert (await anext(platform.messages)).payload == b"its own"

    world.run(story)


def test_a_last_will_is_spoken_in_ones_own_name_alone(world: TlsWorld) -> None:
    """Two connections break without a word: k3's own will is said, and what k2 left for k1 not."""
    for name in ("k2", "k3"):
        world.city.member(name)

    async def story() -> None:
        async with world.platform() as platform, Relay(world.port) as relay:
            await platform.subscribe("gr/v1/+/+/+/up/#", qos=1)
            forger, honest = (world.uplink(name, port=relay.port) for name in ("k2", "k3"))
            async with (
                forger.connect((f"{ROOT}/k1/up/state", b"forged")) as line,
                honest.connect((f"{ROOT}/k3/up/state", b"gone")),
            ):
                relay.cut()
                with pytest.raises(UplinkLostError):
                    await anext(line.messages())
            said = [bytes((await anext(platform.messages)).payload)]
            async with world.uplink("k3").connect() as back:
                await back.publish(f"{ROOT}/k3/up/state", b"back", retain=True)
            said.append(bytes((await anext(platform.messages)).payload))
            assert said == [b"gone", b"back"]

    world.run(story)


def test_what_comes_down_to_a_kiosk_no_other_one_hears(world: TlsWorld) -> None:
    """mosquitto grants the subscription and delivers nothing; the kiosk's own ack arrives."""
    world.city.member("k2")
    files = world.city.member("k1")
    nosy = MqttUplink(
        "127.0.0.1", world.port, client_id="k1", down_all="gr/v1/#", tls=lambda: shown(files)
    )

    async def story() -> None:
        async with world.platform() as platform, nosy.connect() as line:
            await platform.publish(f"{ROOT}/k2/down/ack", b"for k2", qos=1)
            await platform.publish(f"{ROOT}/k1/down/ack", b"for k1", qos=1)
            assert await anext(line.messages()) == (f"{ROOT}/k1/down/ack", b"for k1")

    world.run(story)


def test_a_kiosk_cannot_take_over_anothers_connection(world: TlsWorld) -> None:
    """The client id that it names does not count, so the other one stays connected."""
    world.city.member("k1")
    thief = world.city.member("k2")
    uplink = MqttUplink(
        "127.0.0.1",
        world.port,
        client_id="k1",
        down_all=f"{ROOT}/k2/down/#",
        tls=lambda: shown(thief),
    )

    async def story() -> None:
        async with world.uplink("k1").connect() as line, uplink.connect():
            await line.publish(f"{ROOT}/k1/up/state", b"still here", retain=True)

    world.run(story)


async def for_ever(line: UplinkConnection) -> None:
    """Send one message after the other."""
    while True:
        await line.publish(f"{ROOT}/k1/up/deposit", b"2")


def test_a_stolen_kiosk_is_silenced_at_once(world: TlsWorld) -> None:
    """Two lines in the rules, as deploy/README.md has them; its certificate is as good as ever."""
    world.city.member("k1")
    rules = world.city.folder / "kiosks.acl"

    async def story() -> None:
        async with world.platform() as platform:
            await platform.subscribe("gr/v1/+/+/+/up/#", qos=1)
            async with world.uplink("k1").connect() as line:
                await line.publish(f"{ROOT}/k1/up/deposit", b"1")
                rules.write_text(rules.read_text() + "user k1\ntopic deny #\n")
                world.broker.reload()
                with pytest.raises(UplinkRefusedError, match="0x87"):
                    await for_ever(line)

    world.run(story)


def test_the_kiosk_itself_knows_what_is_wrong_with_its_files(world: TlsWorld) -> None:
    """Before it asks the broker; each trouble has its code, and a new file is enough to cure it."""
    city = world.city
    files = city.member("k1", days=90, days_ago=91)
    uplink = world.uplink("k1")

    async def story() -> None:
        assert (await world.barred(uplink)).code == "expired"
        files.certificate.unlink()
        assert (await world.barred(uplink)).code == "unreadable"
        files.certificate.write_bytes(city.member("k2").certificate.read_bytes())
        assert (await world.barred(uplink)).code == "other-name"
        city.member("k1", days_ago=-2)
        assert (await world.barred(uplink)).code == "not-yet-valid"
        city.member("k1")
        files.key.chmod(0o640)
        assert (await world.barred(uplink)).code == "exposed"
        files.key.chmod(0o600)
        async with uplink.connect() as line:
            await line.publish(f"{ROOT}/k1/up/state", b"here", retain=True)

    world.run(story)


def test_a_message_that_nobody_listens_to_is_not_taken_for_sent(world: TlsWorld) -> None:
    """MQTT 5 says 0x10: the platform was never there. A retained one is kept, and counts."""
    world.city.member("k1")

    async def story() -> None:
        async with world.uplink("k1").connect() as line:
            with pytest.raises(UplinkRefusedError, match="nobody listens"):
                await line.publish(f"{ROOT}/k1/up/deposit", b"1")
            await line.publish(f"{ROOT}/k1/up/state", b"here", retain=True)

    world.run(story)
