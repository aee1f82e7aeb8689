"""Topics and payloads: what does not fit is refused by the field's name."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.errors import PayloadError
from contract.payloads import (
    MAX_PAYLOAD,
    Ack,
    DepositBatch,
    KioskState,
    Payload,
    Rejected,
    decode,
    encode,
)
from contract.topics import ParsedTopic, Topics, from_all_kiosks, parse

TOPICS = Topics("hangzhou", "xihu", "hz-xihu-0001")
BATCH = {
    "v": 1,
    "kiosk": "hz-xihu-0001",
    "epoch": "5be1000000000001",
    "historical": False,
    "records": ["{}"],
}


def test_every_topic_is_parsed_back() -> None:
    """Up and down, each leaf."""
    names = ("deposit", "event", "telemetry", "state", "ack", "cmd", "config")
    for name in names:
        topic = getattr(TOPICS, name)
        found = parse(topic)
        assert (found.leaf, found.topics) == (name, TOPICS)
        assert (found.direction == "down") == (name in names[4:])
    assert TOPICS.down_all == "gr/v1/hangzhou/xihu/hz-xihu-0001/down/#"
    assert from_all_kiosks("state") == "gr/v1/+/+/+/up/state"
    assert parse(TOPICS.ack) == ParsedTopic("hangzhou", "xihu", "hz-xihu-0001", "down", "ack")


@pytest.mark.parametrize(
    ("topic", "code"),
    [
        ("", "topic"),
        ("gr/v2/hangzhou/xihu/k/up/deposit", "topic"),
        ("gr/v1/hangzhou/xihu/k/up/ack", "topic"),
        ("gr/v1/hangzhou/xihu/k/up/deposit/x", "topic"),
        ("gr/v1/hangzhou/xihu/a.b/up/deposit", "topic-id"),
        ("gr/v1/hangzhou//k/up/deposit", "topic-id"),
        ("gr/v1/hangzhou/+/k/up/deposit", "topic-id"),
        (f"gr/v1/hangzhou/xihu/{'k' * 33}/up/deposit", "topic-id"),
        ("gr/v1/hangzhou/xihu/k\n/up/deposit", "topic-id"),
    ],
)
def test_other_topics_are_refused(topic: str, code: str) -> None:
    """Dots and spaces are in the way of other brokers, wildcards belong in filters."""
    with pytest.raises(PayloadError) as error:
        parse(topic)
    assert error.value.code == code


@pytest.mark.parametrize(
    "payload",
    [
        DepositBatch.model_validate(BATCH),
        Ack(epoch="5be1000000000001", upto=0, sha256="0" * 64, rejected=[]),
        Ack(
            epoch="5be1000000000001",
            upto=7,
            sha256="a" * 64,
            rejected=[Rejected(seq=5, code="conflict")],
        ),
        KioskState(
            kiosk="k",
            epoch="5be1000000000001",
            online=True,
            boot="b1",
            outbox_depth=3,
            software="0.1.0",
        ),
    ],
)
def test_a_message_is_decoded_as_it_was_encoded(payload: Payload) -> None:
    """On the wire it is canonical JSON: equal messages, equal bytes."""
    assert decode(type(payload), encode(payload)) == payload
    assert encode(decode(type(payload), encode(payload))) == encode(payload)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"epoch": None}, "schema", "epoch"),
        ({"records": []}, "schema", "records"),
        ({"records": ["{}"] * 51}, "schema", "records"),
        ({"records": ["{}", "x" * 9000]}, "schema", r"records\[1\]"),
        ({"records": ["{}", 7]}, "schema", r"records\[1\]"),
        ({"historical": 0}, "schema", "historical"),
        ({"v": 2}, "schema", "v"),
        ({"extra": 1}, "unknown-field", "extra"),
    ],
)
def test_a_wrong_field_is_named(change: dict[str, Any], code: str, field: str) -> None:
    """And its value is shown, as long as it is short."""
    with pytest.raises(PayloadError, match=f"DepositBatch: field {field}: ") as error:
        decode(DepositBatch, json.dumps(BATCH | change).encode())
    assert error.value.code == code
    assert len(str(error.value)) < 200


def test_missing_fields_and_size_have_their_own_codes() -> None:
    """What is not there, and what is too much."""
    with pytest.raises(PayloadError, match="field sha256") as missing:
        decode(Ack, b'{"epoch":"5be1000000000001","upto":1,"rejected":[]}')
    assert missing.value.code == "missing-field"
    with pytest.raises(PayloadError, match="at most") as large:
        decode(Ack, b" " * (MAX_PAYLOAD + 1))
    assert large.value.code == "too-long"


@given(st.binary(max_size=200))
def test_noise_is_no_message(noise: bytes) -> None:
    """Nothing but a `PayloadError` ever comes out of the decoder."""
    for model in (DepositBatch, Ack, KioskState):
        with pytest.raises(PayloadError):
            decode(model, noise)
