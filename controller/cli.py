"""`kiosk run`: the real thing."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from controller.core.config import ConfigError, parse_config

if TYPE_CHECKING:
    from controller.core.config import KioskConfig

app = typer.Typer(add_completion=False)

_log = logging.getLogger(__name__)


@app.command()
def run(
    config: Annotated[Path, typer.Option(help="The kiosk's configuration, a TOML file.")],
) -> None:
    """Run this kiosk until it is stopped. Files that are named stand beside the configuration."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    kiosk_config = read_config(config)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(kiosk_config, config.resolve().parent))


def read_config(path: Path) -> KioskConfig:
    """Read a kiosk's configuration from a file.

    Raises:
        ConfigError: It cannot be read, or used; the message names file and key.
    """
    return parse_config(_text(path), path.name)


async def _run(config: KioskConfig, folder: Path) -> None:
    """Run until a command ends it: whoever watches over the process (systemd) starts it anew."""
    from controller.build import open_kiosk, real_cabinet, service_desk, until_restart
    from controller.screens.server import own_pages, pages, serve
    from controller.screens.service.mount import add_service

    web = pages()
    async with (
        open_kiosk(config, folder, real_cabinet(config)) as kiosk,
        asyncio.TaskGroup() as tasks,
    ):
        bundle = add_service(own_pages(), service_desk(kiosk, folder))
        running = [
            tasks.create_task(serve(web, config.screen_port), name="screen"),
            tasks.create_task(kiosk.run(), name="kiosk"),
        ]
        await until_restart(kiosk, bundle)
        _log.warning("event=restart reason=the platform asked for it")
        for task in running:
            task.cancel()


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"configuration {path} cannot be read: {error}") from error
