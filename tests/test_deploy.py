"""What is in `deploy/` names files that exist and commands that are, and holds no secret."""

from __future__ import annotations

import asyncio
import re
import shlex
import shutil
import signal
import subprocess
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import aiomqtt
import nats
import pytest
import yaml
from nats.aio.client import Client
from paho.mqtt.reasoncodes import ReasonCode

from cloud.fleet.nats_users import nats_users
from cloud.ingest.nats import STREAM, subject_of
from contract.certificates import platform_name
from contract.topics import Topics
from kiosk_cli import GROUP, run
from tests.cloud.nats import Cluster, Node, nats_server
from tests.contracts.city import City

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
Kiosk = Callable[..., str]
PROGRAM = "/opt/kiosk/bin/kiosk"


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file, read as YAML."""
    told: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return told


@pytest.fixture
def kiosk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Kiosk:
    """Calls the command line, and gives what it printed."""
    monkeypatch.setenv("COLUMNS", "200")

    def call(*words: str) -> str:
        with pytest.raises(SystemExit) as end:
            run(tuple(entry_points(group=GROUP)), words)
        assert end.value.code == 0, words
        return re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)

    return call


def check_command(kiosk: Kiosk, words: list[str]) -> None:
    """`kiosk` knows the command, and every option that it is given."""
    first = next(at for at, one in enumerate(words) if one.startswith("--"))
    text = kiosk(*words[:first], "--help")
    for one in words:
        if one.startswith("--"):
            assert re.search(rf"{one}\b", text), f"{one} of {words}"


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_starts_what_there_is(path: Path, tmp_path: Path, kiosk: Kiosk) -> None:
    """Its command is one of ours; and systemd, where it is here, finds nothing wrong."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    (started,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    program, *words = shlex.split(started)
    assert program == PROGRAM
    check_command(kiosk, words)
    if (systemd := shutil.which("systemd-analyze")) is None:
        pytest.skip("systemd is not here: its own check of the unit is left out")
    copy = tmp_path / path.name.replace("@", "@a")
    copy.write_text(text.replace(PROGRAM, "/bin/true"), encoding="utf-8")
    done = subprocess.run([systemd, "verify", copy], capture_output=True, text=True, check=False)
    said = [one for one in done.stderr.splitlines() if path.name.split("@")[0] in one]
    assert (done.returncode, said) == (0, []), done.stderr


def test_the_kiosks_service_may_open_what_its_documents_name() -> None:
    """Node, camera and, with the drop-ins that the steps name, printers and pins."""
    unit = DEPLOY / "systemd" / "kiosk.service"
    more = sorted((DEPLOY / "systemd" / "kiosk.service.d").glob("*.conf"))
    steps = (DEPLOY / "README.md").read_text(encoding="utf-8")
    assert [one.name for one in more if f"{one.name}`" not in steps] == []
    text = "\n".join(one.read_text(encoding="utf-8") for one in (unit, *more))
    may = set(re.findall(r"^DeviceAllow=char-(\w+) rw$", text, re.MULTILINE))
    docs = [
        (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("printer.md", "panel.md")
    ]
    named = set(re.findall(r"/dev/(?:(usb)/)?([a-z]+[A-Z]*)", "\n".join(docs)))
    assert {usb or name for usb, name in named} == {"usb", "ttyS", "gpiochip"}
    assert {usb or name for usb, name in named} | {"ttyACM", "video4linux"} <= may


def test_the_compose_file_starts_what_there_is(compose: dict[str, Any], kiosk: Kiosk) -> None:
    """Services wait for services that are healthy; whatever is ours is a command of ours."""
    services = compose["services"]
    for name, one in services.items():
        for other, how in one.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "healthcheck" in services[other], f"{name} waits for {other}"
        if "build" in one:
            check_command(kiosk, shlex.split(one["command"]))
            assert (DEPLOY / one["build"]["context"] / one["build"]["dockerfile"]).is_file()
    assert {"database", "broker", "platform", "ingest-a", "ingest-b"} == set(services)


def test_every_worker_may_say_and_hear_what_the_platform_may(compose: dict[str, Any]) -> None:
    """By its own certificate's name, at mosquitto and at NATS; and those are made in README.md."""
    commands = [
        shlex.split(one["command"]) for one in compose["services"].values() if "build" in one
    ]
    workers = {one[one.index("--worker") + 1] for one in commands if "--worker" in one}
    names = {platform_name(one) for one in ("", *workers)}
    rules = (DEPLOY / "mosquitto/kiosks.acl").read_text(encoding="utf-8")
    blocks = dict(re.findall(r"^user (\S+)\n((?:topic .*\n)+)", rules, re.MULTILINE))
    assert set(blocks) == names and len(names) == 3
    assert len(set(blocks.values())) == 1
    given = (DEPLOY / "nats/users.conf").read_text(encoding="utf-8")
    assert given == nats_users([], workers)
    assert set(re.findall(r"CN=([\w.-]+)", given)) == names
    assert f"--name {platform_name('a')}" in (DEPLOY / "README.md").read_text(encoding="utf-8")


def test_what_containers_are_given_exists(compose: dict[str, Any]) -> None:
    """Files are there and read-only, volumes are named, and each is given as little as can be."""
    for one in compose["services"].values():
        assert one["read_only"] and "no-new-privileges:true" in one["security_opt"]
        for given in one["volumes"]:
            source, *_, last = given.split(":")
            if source.startswith("."):
                assert (DEPLOY / source).is_file() and last == "ro", given
            else:
                assert source in compose["volumes"], given


def test_no_secret_is_in_it(compose: dict[str, Any]) -> None:
    """The password comes from outside, and nothing starts without it."""
    for one in compose["services"].values():
        for name, value in one.get("environment", {}).items():
            if "PASSWORD" in name:
                assert value.startswith("${DATABASE_PASSWORD:?")
    for path in DEPLOY.rglob("*"):
        assert path.suffix not in (".pem", ".key", ".env") and path.name != ".env"


def test_the_dockerfile_copies_what_there_is() -> None:
    """And ends as somebody who is not root."""
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [one.split()[0] for one in lines if one.startswith(("USER", "ENTRYPOINT"))] == [
        "USER",
        "ENTRYPOINT",
    ]
    assert any(one == f'ENTRYPOINT ["{PROGRAM}"]' for one in lines)


PATIENCE_S, AGAIN_S = 60.0, 1.0


class DeployedNode(Node):
    """A node with `deploy/nats/node.conf`, moved to its folder and to loopback."""

    def config(self, routes: list[int]) -> str:
        """The file, with this node's name, ports and certificates."""
        text = (DEPLOY / "nats/node.conf").read_text(encoding="utf-8")
        given = re.search(r"routes: \[.*\]", text)
        assert given is not None
        others = ", ".join(f'"nats://127.0.0.1:{one}"' for one in routes)
        moved = {
            "server_name: node-1": f"server_name: {self.name}",
            given[0]: f"routes: [{others}]",
            '"0.0.0.0:4222"': f'"127.0.0.1:{self.client}"',
            '"0.0.0.0:6222"': f'"127.0.0.1:{self.route}"',
            '"0.0.0.0:8883"': f'"127.0.0.1:{self.port}"',
            'include "nats/users.conf"': 'include "../users.conf"',
            "/etc/nats/certs": str(self._folder.parent),
            "/var/lib/nats": str(self._folder),
        }
        for there, here in moved.items():
            assert there in text
            text = text.replace(there, here)
        return text + f'http: "127.0.0.1:{self.monitor}"\n'

    def reload(self) -> None:
        """It reads who is let in anew, as `nats-server --signal reload` has it."""
        assert self._process is not None
        self._process.send_signal(signal.SIGHUP)


@pytest.mark.timeout(400)  # a leader is agreed on within 4 s, or within 40 s beside other work
def test_nats_nodes_believe_each_other(tmp_path: Path, kiosk: Kiosk) -> None:
    """With certificates of a city's own, as docs/growing.md makes them, three are a cluster.

    A kiosk says and hears there what is its own, and nothing of another's or of the platform's. One
    that is on file since is let in after a reload; one that was stolen is cut off, and nobody else.
    """
    nats_server()
    city = City(tmp_path)
    names, mine_id, other_id = ("broker.example", "127.0.0.1"), "hz-xihu-1", "hz-xihu-2"
    here = str(tmp_path)
    kiosk("keys", "broker", *names, "--node", "--ca", here, "--folder", here)
    shown = {
        one: city.member(one).context(one, city.now_s)
        for one in (platform_name("a"), mine_id, other_id)
    }
    mine, others = (Topics("hangzhou", "xihu", one) for one in (mine_id, other_id))

    def on_file(*names: str) -> None:
        shutil.rmtree(tmp_path / "kiosks", ignore_errors=True)
        (tmp_path / "kiosks").mkdir()
        for name in names:
            (tmp_path / "kiosks" / f"{name}.pub").write_text("0" * 64)
        out = str(tmp_path / "users.conf")
        kiosk("cloud", "nats-users", "--keys", here, "--out", out, "--worker", "a")

    async def story(cluster: Cluster) -> None:
        node, other, _ = cluster.nodes
        address = f"tls://127.0.0.1:{node.client}"
        with pytest.raises(nats.errors.Error, match="Authorization"):
            await nats.connect(address, tls=shown[mine_id], allow_reconnect=False)
        platform = await nats.connect(address, tls=shown[platform_name("a")])

        def uplink(name: str, **more: Any) -> aiomqtt.Client:
            v311, tls = aiomqtt.ProtocolVersion.V311, shown[name]
            more |= {"tls_context": tls, "protocol": v311, "timeout": PATIENCE_S}
            return aiomqtt.Client("127.0.0.1", other.port, **more)

        # As somebody else by its own word, which counts for nothing: the certificate's does.
        for said in ({}, {"username": "CN=platform.ledger-a", "password": ""}):
            async with uplink(mine_id, **said) as client:
                await _is_kept_to_its_own(client, platform, mine, others)
        with pytest.raises(aiomqtt.MqttError):
            async with uplink(other_id):
                pass
        on_file(mine_id, other_id)
        await _let_in(cluster, lambda: uplink(other_id))
        async with uplink(other_id) as client:
            await _is_kept_to_its_own(client, platform, others, mine)
            on_file(other_id)
            await _is_cut_off(cluster, lambda: uplink(mine_id))
            await _is_kept_to_its_own(client, platform, others, mine)
        assert (await platform.jetstream().stream_info(STREAM)).state.messages == 0
        await platform.close()

    on_file(mine_id)
    with Cluster(tmp_path, DeployedNode) as cluster:
        asyncio.run(asyncio.wait_for(story(cluster), 5 * PATIENCE_S))


async def _is_kept_to_its_own(
    client: aiomqtt.Client, platform: Client, mine: Topics, others: Topics
) -> None:
    """What it says of itself is heard, and it hears what is for it; nothing of anybody else's."""
    heard = await platform.subscribe("gr.v1.>")
    await platform.flush()
    for one in (others.down_all, "gr/v1/+/+/+/down/#", mine.state, "#", "$MQTT/sub/#"):
        (answer,) = await client.subscribe(one, 1)
        assert isinstance(answer, ReasonCode) and answer.is_failure, one
    await client.subscribe(mine.down_all, 1)
    for topic in (others.state, others.deposit, others.cmd, mine.cmd):
        await client.publish(topic, b"not mine to say", qos=1)
    # Said again until it is heard: a node learns after a moment what somebody wants at another one.
    first = asyncio.ensure_future(heard.next_msg(timeout=PATIENCE_S))
    while not first.done():
        await client.publish(mine.state, b"here", qos=1)
        await asyncio.wait({first}, timeout=AGAIN_S)
    assert first.result().data == b"here"
    answer_of = asyncio.ensure_future(anext(aiter(client.messages)))
    while not answer_of.done():
        await platform.publish(subject_of(others.ack), b"not for you")
        await platform.publish(subject_of(mine.ack), b"heard")
        await asyncio.wait({answer_of}, timeout=AGAIN_S)
    assert bytes(answer_of.result().payload) == b"heard"
    await heard.unsubscribe()


async def _let_in(cluster: Cluster, uplink: Callable[[], aiomqtt.Client]) -> None:
    """All nodes reload; return once they let somebody in, which takes them a moment."""
    _reload(cluster)
    while True:
        try:
            async with uplink():
                return
        except aiomqtt.MqttError:
            await asyncio.sleep(0.05)


async def _is_cut_off(cluster: Cluster, uplink: Callable[[], aiomqtt.Client]) -> None:
    """All nodes reload; whoever has no entry any more is let go, and not in again."""
    async with uplink() as stolen:
        _reload(cluster)
        with pytest.raises(aiomqtt.MqttError):
            await anext(aiter(stolen.messages))
    with pytest.raises(aiomqtt.MqttError):
        async with uplink():
            pass


def _reload(cluster: Cluster) -> None:
    for node in cluster.nodes:
        assert isinstance(node, DeployedNode)
        node.reload()
