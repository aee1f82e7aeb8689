"""A broker that needs no installation, for machines without mosquitto.

`python -m sim.stage.amqtt_broker PORT` serves MQTT 3.1.1 on loopback until it is ended.
"""

from __future__ import annotations

import asyncio
import signal
import sys


async def serve(port: int) -> None:
    """Serve until SIGTERM."""
    from amqtt.broker import Broker  # type: ignore[import-untyped]  # ships no type marker

    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    broker = Broker(
        {
            "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}"}},
            "plugins": {
                "amqtt.plugins.authentication.AnonymousAuthPlugin": {"allow_anonymous": True}
            },
        }
    )
    await broker.start()
    await ended.wait()
    await broker.shutdown()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
