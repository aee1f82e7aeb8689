"""The document of the messages: valid, whole and true; and messages that never change."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import validator_for
from pydantic_asyncapi.v3 import AsyncAPI

import contract
from contract.asyncapi import CHANNELS, SCHEMA_AT, document
from contract.payloads import Payload, decode, encode
from contract.topics import DOWN, UP

COMMITTED = Path(__file__).parents[2] / "docs/asyncapi.json"
GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))
MODELS = {one.__name__: one for channel in CHANNELS for one in channel.payloads}

ELSEWHERE = {"Head", "Enrol", "Renew", "Enrolled"}
"""Payloads of no topic: one is kept in a file, the others go over https."""


def test_the_committed_document_is_what_the_code_says() -> None:
    """Where it is not: `kiosk cloud asyncapi > docs/asyncapi.json`."""
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == document()


def test_it_is_asyncapi_3() -> None:
    """By a model of the standard, which refuses an action that there is none of."""
    told = document()
    assert AsyncAPI.model_validate(told).asyncapi == "3.0.0"
    told["operations"]["send-ack"]["action"] = "shout"
    with pytest.raises(ValueError, match="action"):
        AsyncAPI.model_validate(told)


def test_every_reference_leads_somewhere() -> None:
    """That model misses those that hang in the air."""
    told = document()
    found = set(references(told))
    assert len(found) > 30
    for one in found:
        assert resolved(told, one), one
    assert resolved(told, "#/components/schemas/Nothing") is None


def test_every_schema_is_its_models() -> None:
    """And every part of a model stands there once."""
    schemas = document()["components"]["schemas"]
    parts = set()
    for name, model in MODELS.items():
        schema = model.model_json_schema(ref_template=SCHEMA_AT)
        for part, one in schema.pop("$defs", {}).items():
            assert schemas[part] == one
            parts.add(part)
        assert schemas[name] == schema
    assert set(schemas) == set(MODELS) | parts


def test_no_payload_is_missing() -> None:
    """Whatever is a message of ours has a topic here, or is known to have none."""
    for module in pkgutil.iter_modules(contract.__path__, "contract."):
        importlib.import_module(module.name)
    ours = {one.__name__ for one in subclasses(Payload) if one.__module__.startswith("contract.")}
    assert ours == set(MODELS) | ELSEWHERE


def test_every_leaf_is_one_of_the_topics() -> None:
    """And each of these has messages."""
    leaves = [one.leaf for one in CHANNELS]
    assert len(set(leaves)) == len(leaves)
    assert set(UP + DOWN) == set(leaves)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_golden_message_never_changes(path: Path) -> None:
    """Read, and written again to the byte; and it is what the document says."""
    name = path.name.split(".")[0]
    data = path.read_bytes()
    assert encode(decode(MODELS[name], data)) == data
    told = document()
    schema = {"$ref": SCHEMA_AT.format(model=name), "components": told["components"]}
    validator_for(schema).validate(json.loads(data))


def test_every_message_has_a_golden_one() -> None:
    """One at least."""
    assert {path.name.split(".")[0] for path in GOLDEN} == set(MODELS)


def subclasses(model: type[Payload]) -> Iterator[type[Payload]]:
    """All of them, whoever made them."""
    for one in model.__subclasses__():
        yield one
        yield from subclasses(one)


def references(node: Any) -> Iterator[str]:
    """Every `$ref` in a document."""
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for one in node.values():
            yield from references(one)
    elif isinstance(node, list):
        for one in node:
            yield from references(one)


def resolved(told: Any, reference: str) -> Any:
    """What a reference within the document leads to; None where there is nothing."""
    assert reference.startswith("#/"), f"{reference} leads out of the document"
    for part in reference[2:].split("/"):
        told = told.get(part) if isinstance(told, dict) else None
    return told
