"""The API does what its OpenAPI document says, whatever it is called with."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any, cast

import httpx
import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.python.asgi import ASGIClient
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from cloud.api.document import PROBLEM
from cloud.build import now, open_counter, open_front, open_issuer, open_platform
from cloud.server import web
from contract.authority import Authority
from tests.cloud.conftest import KIOSKS, furnish, register

FITS, DOES_NOT = schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE

WITHOUT_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Each client would read all authorities of the web anew, to speak to nobody."""

EXAMPLES = 2
"""Requests of each kind, of each route."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The whole platform's, on a file of SQLite; nobody listens to a broker."""
    folder = tmp_path_factory.mktemp("platform")
    furnish(folder)
    (folder / "texts").mkdir()
    (folder / "phones.index").write_text("11" * 32)
    Authority.new(folder, "Hangzhou kiosks", now())
    register(folder, KIOSKS[0])
    platform = open_platform(folder / "ledger.sqlite", folder, ("127.0.0.1", 1))
    token = platform.staff.admit("wang", "decide", "*")
    residents = open_front(platform, folder)
    counter = open_counter(platform, folder, residents)
    app = web(platform, open_issuer(folder), residents, counter, now)
    app.state.token = token
    return app


def asked(app: FastAPI, method: str, path: str) -> httpx.Response:
    """What it answers."""
    return asked_all(app, [method], path)[0]


def asked_all(app: FastAPI, methods: list[str], path: str) -> list[httpx.Response]:
    """What it answers to each of them."""

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://platform", verify=WITHOUT_TLS
        ) as client:
            return [await client.request(one.upper(), path) for one in methods]

    return asyncio.run(ask())


def test_every_route_is_documented(app: FastAPI) -> None:
    """As OpenAPI 3.1, with what it refuses, and a token where one is shown."""
    told = asked(app, "GET", "/openapi.json").json()
    assert told["openapi"].startswith("3.1")
    assert told["components"]["schemas"]["Problem"] == PROBLEM
    assert "HTTPValidationError" not in told["components"]["schemas"]
    calls = [one for methods in told["paths"].values() for one in methods.values()]
    assert len(calls) > 20
    for one in calls:
        assert {"200", "201", "204"} & set(one["responses"])
        assert "503" in one["responses"]
        assert "Authorization" not in [taken["name"] for taken in one["parameters"]]
    decide = told["paths"]["/api/held/decisions"]["post"]
    assert {"401", "403", "404", "409", "413", "422", "503"} < set(decide["responses"])
    assert decide["security"] == [{"bearer": []}]


def test_what_has_no_route_is_refused_with_a_code(app: FastAPI) -> None:
    """Not with a page for people; and a wrong method is told which one is right."""
    found = asked(app, "GET", "/api/nothing")
    assert (found.status_code, found.json()["code"]) == (404, "no-such-path")
    told = app.openapi()
    for path, methods in told["paths"].items():
        where = path.replace("{", "").replace("}", "")
        wrong = sorted({"get", "post", "put", "delete", "patch", "trace"} - set(methods))
        for method, found in zip(wrong, asked_all(app, wrong, where), strict=True):
            assert (found.status_code, found.json()["code"]) == (405, "method"), (method, path)
            assert set(methods) <= set(found.headers["allow"].lower().split(", "))


@pytest.mark.parametrize(
    ("method", "path", "status", "title"),
    [
        ("GET", "/api/nothing", 404, "Not Found"),
        ("PUT", "/api/ledger", 405, "Method Not Allowed"),
        ("GET", "/api/flags?limit=none", 422, "Unprocessable"),
        ("GET", "/api/held/records", 401, "Unauthorized"),
        ("GET", "/api/accounts/a11ce00000000001", 401, "Unauthorized"),
        ("GET", "/api/kiosks/hz-none-0001/heads", 404, "Not Found"),
    ],
)
def test_a_refusal_is_a_problem_by_the_book(
    app: FastAPI, method: str, path: str, status: int, title: str
) -> None:
    """RFC 9457: its media type, its status again, a code for programs, a sentence for people."""
    found = asked(app, method, path)
    assert found.headers["content-type"] == "application/problem+json"
    said = found.json()
    assert (found.status_code, said["status"], said["type"]) == (status, status, "about:blank")
    assert said["title"].startswith(title)
    assert said["code"] and len(said["detail"]) > 10
    assert set(said) == set(PROBLEM["required"])


def test_every_route_keeps_to_the_document(app: FastAPI) -> None:
    """No 5xx, and no status or answer that it does not tell of: by staff, and by anybody.

    Staff send what fits the document, anybody what does not as well.
    """
    document = schemathesis.openapi.from_dict(app.openapi())
    client = ASGIClient(cast("Any", app))
    token = {"Authorization": f"Bearer {app.state.token}"}
    failures = {}
    for result in document.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        who = token if "security" in operation.definition.raw else {}
        for mode, headers in ((FITS, who), (DOES_NOT, {})):
            try:
                call_often(operation.as_strategy(generation_mode=mode), client, headers)
            except FailureGroup as found:
                failures[operation.label] = str(found)
            except Unsatisfiable:
                assert mode is DOES_NOT  # it takes nothing that could be wrong
    client.close()
    assert not failures, "\n".join(f"{label}: {said}" for label, said in failures.items())


def call_often(strategy: SearchStrategy[Any], client: ASGIClient, headers: dict[str, str]) -> None:
    """A few requests, the same ones every time."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def call(case: Any) -> None:
        case.call_and_validate(
            base_url=client.base_url, session=client, headers=headers, checks=CHECKS
        )

    call()
