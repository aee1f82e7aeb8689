"""The messages between kiosk and platform as an AsyncAPI 3 document, from the models themselves.

It says what the platform does: it receives what goes up and sends what goes down. Schemas are
pydantic's own (JSON Schema 2020-12), so the document cannot say anything else than the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contract.bundle import BundlePart
from contract.catalogue_part import CataloguePart
from contract.command import Command, CommandResult
from contract.condition import KioskCondition
from contract.payloads import Ack, BinLevels, DepositBatch, KioskState
from contract.topics import PREFIX, UP

if TYPE_CHECKING:
    from contract.payloads import Payload

VERSION = "1"
"""Of the protocol, as in its topics and payloads; the software's is another one."""

SCHEMA_AT = "#/components/schemas/{model}"

PARAMETERS = {
    "city": "The city; it only routes.",
    "district": "The district; it only routes, the ledger goes by the kiosk's registration.",
    "kiosk": "The kiosk's id, and its certificate's name.",
}


@dataclass(frozen=True, slots=True)
class Channel:
    """One leaf of a kiosk's topics, what goes over it, and how it is published."""

    leaf: str
    payloads: tuple[type[Payload], ...]
    qos: int
    retained: bool

    @property
    def direction(self) -> str:
        """`up` to the platform, or `down` to the kiosk."""
        return "up" if self.leaf in UP else "down"


CHANNELS = (
    Channel("deposit", (DepositBatch,), qos=1, retained=False),
    Channel("state", (KioskState,), qos=1, retained=True),
    Channel("telemetry", (BinLevels,), qos=1, retained=True),
    Channel("condition", (KioskCondition,), qos=1, retained=True),
    Channel("event", (CommandResult, BundlePart), qos=1, retained=False),
    Channel("ack", (Ack,), qos=0, retained=False),
    Channel("cmd", (Command,), qos=0, retained=False),
    Channel("config", (CataloguePart,), qos=0, retained=False),
)
"""Every topic that has messages; a test fails where a payload is missing here."""


def document() -> dict[str, Any]:
    """The AsyncAPI 3 document."""
    payloads = [one for channel in CHANNELS for one in channel.payloads]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Between recycling kiosks and their platform",
            "version": VERSION,
            "description": (
                "Over MQTT 3.1.1. A record leaves the kiosk's outbox on the ledger's own "
                "cumulative ack alone, and not on the broker's."
            ),
            "license": {
                "name": "Apache-2.0",
                "url": "https://www.apache.org/licenses/LICENSE-2.0",
            },
        },
        "defaultContentType": "application/json",
        "channels": {one.leaf: _channel(one) for one in CHANNELS},
        "operations": {_operation_name(one): _operation(one) for one in CHANNELS},
        "components": {
            "messages": {one.__name__: _message(one) for one in payloads},
            "parameters": {
                name: {"description": text, "examples": [_EXAMPLE[name]]}
                for name, text in PARAMETERS.items()
            },
            "schemas": _schemas(payloads),
        },
    }


_EXAMPLE = {"city": "hangzhou", "district": "xihu", "kiosk": "hz-xihu-0001"}


def _channel(channel: Channel) -> dict[str, Any]:
    levels = "/".join(f"{{{name}}}" for name in PARAMETERS)
    return {
        "address": f"{PREFIX}/{levels}/{channel.direction}/{channel.leaf}",
        "parameters": {name: {"$ref": f"#/components/parameters/{name}"} for name in PARAMETERS},
        "messages": {
            one.__name__: {"$ref": f"#/components/messages/{one.__name__}"}
            for one in channel.payloads
        },
    }


def _operation_name(channel: Channel) -> str:
    return f"{_action(channel)}-{channel.leaf}"


def _action(channel: Channel) -> str:
    return "receive" if channel.direction == "up" else "send"


def _operation(channel: Channel) -> dict[str, Any]:
    at = f"#/channels/{channel.leaf}"
    return {
        "action": _action(channel),
        "channel": {"$ref": at},
        "messages": [{"$ref": f"{at}/messages/{one.__name__}"} for one in channel.payloads],
        "bindings": {
            "mqtt": {"qos": channel.qos, "retain": channel.retained, "bindingVersion": "0.2.0"}
        },
    }


def _message(payload: type[Payload]) -> dict[str, Any]:
    return {
        "name": payload.__name__,
        "title": payload.__name__,
        "contentType": "application/json",
        "payload": {"$ref": SCHEMA_AT.format(model=payload.__name__)},
    }


def _schemas(payloads: list[type[Payload]]) -> dict[str, Any]:
    """The models' JSON schemas, and those of their parts, each by its name."""
    found: dict[str, Any] = {}
    for payload in payloads:
        schema = payload.model_json_schema(ref_template=SCHEMA_AT)
        found |= schema.pop("$defs", {})
        found[payload.__name__] = schema
    return dict(sorted(found.items()))
