"""The descriptions of the messages: valid, complete, and held against in every test here."""

from __future__ import annotations

import ast
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from actions.registry.calls import Exchange
from actions.registry.envelope import Parties, write_header
from actions.registry.payments import write_payment_search
from actions.registry.search_messages import Search, write_search
from actions.registry.settings import RegistrySettings
from tests.contract.registry import openapi, originals

HERE = Path(__file__).parent
needs_originals = pytest.mark.skipif(
    not originals.FOLDER, reason="TWIZA_SPECS names no folder with the standards' own files"
)


def a_call(path: str, message: dict[str, Any]) -> Exchange:
    """A call as the client makes it, which was refused."""
    header = write_header("search", Parties("twiza", "registry"))
    body = json.dumps({"header": header, "message": message}).encode()
    headers = {"Authorization": "Bearer token", "Content-Type": "application/json"}
    refused = b'{"errors": [{"code": "err.request.forbidden"}]}'
    return Exchange("POST", path, headers, body, 403, "application/json", refused)


SEARCH = a_call("/registry/sync/search", write_search(Search("2111111116", "Group", "fr")))
PAYMENTS = a_call("/disburse/sync/search", write_payment_search("token:2111111116@rnp", "fr"))


@pytest.mark.parametrize("name", openapi.documents())
def test_every_description_is_valid(name: str) -> None:
    document, address = openapi.documents()[name], (openapi.FOLDER / name).as_uri()

    faults = OpenAPIV31SpecValidator(document, base_uri=address).iter_errors()

    assert [] == [str(fault) for fault in faults]
    assert str(document["openapi"]).startswith("3.1")


def test_every_path_of_the_settings_is_described() -> None:
    settings = RegistrySettings(
        registry_url="http://registry", registry_client_id="x", registry_client_secret="x" * 8
    )
    partner = settings.registry_partner_path.get_secret_value()
    paths = [
        value
        for name, value in settings.model_dump().items()
        if name.endswith("_path") and isinstance(value, str)
    ]
    roots = {
        settings.registry_code_path: f"/otp/{partner}",
        settings.registry_counter_path: "/applications",
        settings.registry_esignet_path: "/authorization/send-otp",
        settings.registry_preregistration_path: "/applications",
    }

    assert [] == [path for path in paths if not openapi.find("POST", path + roots.get(path, ""))]


def test_every_client_of_the_suite_is_watched() -> None:
    made = {
        path.name
        for path in HERE.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "SpdciRegistry"
    }

    assert {"worlds.py"} == made


@pytest.mark.parametrize("call", [SEARCH, PAYMENTS], ids=["search", "payments"])
@pytest.mark.parametrize(
    "change",
    [
        lambda body: body["header"].update(message_ts="2026-01-05T09:30:00"),
        lambda body: body["header"].update(action="subscribe"),
        lambda body: body["header"].pop("receiver_id"),
        lambda body: body["message"].update(transaction_id="x" * 100),
        lambda body: body.update(signature="signed"),
    ],
)
def test_a_fault_in_a_message_is_found(call: Exchange, change: Any) -> None:
    body = json.loads(call.sent)
    change(body)

    assert [] == openapi.faults_of_request(call) + openapi.faults_of_answer(call)
    assert openapi.faults_of_request(replace(call, sent=json.dumps(body).encode()))


@pytest.mark.parametrize(
    "call",
    [
        replace(SEARCH, path="/registry/elsewhere"),
        replace(SEARCH, headers={"Content-Type": "application/json"}),
        replace(SEARCH, headers={"Authorization": "Bearer token", "Content-Type": "text/plain"}),
    ],
)
def test_a_call_to_nowhere_or_without_its_headers_is_found(call: Exchange) -> None:
    assert openapi.faults_of_request(call)


@pytest.mark.parametrize(
    "answer",
    [
        replace(SEARCH, status=418),
        replace(SEARCH, media="text/html"),
        replace(SEARCH, received=b"not json"),
        replace(SEARCH, received=b'{"errors": {}}'),
        replace(SEARCH, status=200),
    ],
)
def test_a_fault_in_an_answer_is_found(answer: Exchange) -> None:
    assert openapi.faults_of_answer(answer)


@needs_originals
@pytest.mark.parametrize("file", [one["file"] for one in originals.known()])
def test_an_original_is_valid_once_its_known_defects_are_mended(file: str) -> None:
    document = originals.mended(file)
    is_old = str(document["openapi"]).startswith("3.0")
    validator = OpenAPIV30SpecValidator if is_old else OpenAPIV31SpecValidator

    assert [] == [str(fault)[:200] for fault in validator(document).iter_errors()]


@needs_originals
@pytest.mark.parametrize("file", [one["file"] for one in originals.known()])
def test_every_known_defect_is_still_there(file: str) -> None:
    [known] = [one for one in originals.known() if one["file"] == file]

    for defect in known["defects"]:
        *steps, last = defect["at"]
        part: Any = originals.original(file)
        for step in steps:
            part = part[step]
        found = part[last] if isinstance(part, list) else part.get(last)
        assert found != defect.get("set"), defect["because"]
        assert "move" not in defect or found is not None, defect["because"]


@needs_originals
@pytest.mark.parametrize("call", [SEARCH, PAYMENTS], ids=["search", "payments"])
def test_a_fault_is_found_by_the_originals_too(call: Exchange) -> None:
    body = json.loads(call.sent)
    body["message"]["transaction_id"] = "x" * 100

    assert [] == originals.faults_of(call)
    assert originals.faults_of(replace(call, sent=json.dumps(body).encode()))
