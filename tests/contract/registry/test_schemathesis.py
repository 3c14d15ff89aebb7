"""Schemathesis against the sandbox: calls made of the descriptions, right ones and wrong ones.

How many and which is the same in every run. What is asked: nothing breaks, every status, media type
and body is described, what is wrong is refused, and no call without a token is answered.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.result import Ok

from sandbox.registry.documents import LARGEST_BODY
from tests.contract.registry import openapi
from tests.contract.registry.conftest import served_sandbox
from tests.contract.registry.suite import CREDENTIALS, now

load_all_checks()
_EXAMPLES: Final = 8
_CHECKS: Final[Any] = CHECKS.get_by_names(["negative_data_rejection", "positive_data_acceptance"])
# These depend on what the registry holds, so a well-formed call of theirs may be refused.
_JUDGED: Final = frozenset(
    {
        "giveToken",
        "searchLater",
        "subscribe",
        "handInApplication",
        "handInDocument",
        "handInComplaint",
        "changeContact",
    }
)
# A photo or a PDF may be larger than all else.
_SIZES: Final = {"handInDocument": LARGEST_BODY + 1}
OURS: Final = "intake.yaml"


def operations(*files: str) -> Iterator[Any]:
    """Each operation of some descriptions, with its name and the path of its server."""
    for file in files:
        document = openapi.documents()[file]
        schema = schemathesis.openapi.from_path(openapi.FOLDER / file)
        schema.config.generation.with_security_parameters = False
        root = urlsplit(document["servers"][0]["url"]).path
        for found in schema.get_all_operations():
            assert isinstance(found, Ok), found
            operation = found.ok()
            name = operation.definition.raw["operationId"]
            yield pytest.param(operation, name, root, id=name)


OPERATIONS: Final = list(operations(*(file for file in openapi.documents() if file != OURS)))


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a sandbox of its own, and a token for it."""
    with served_sandbox(tmp_path_factory.mktemp("schemathesis")) as sandbox:
        given = requests.post(f"{sandbox.url}/oauth2/client/token", CREDENTIALS, timeout=10)
        yield sandbox.url, given.json()["access_token"]


def test_there_is_an_operation_for_each_that_is_described() -> None:
    described = {
        operation.name for _, _, operation in openapi.operations() if operation.file != OURS
    }

    assert described == {str(one.id) for one in OPERATIONS}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=["right", "wrong"])
@pytest.mark.parametrize(("operation", "name", "root"), OPERATIONS)
def test_every_call_is_answered_as_described(
    operation: Any, name: str, root: str, mode: GenerationMode, registry: tuple[str, str]
) -> None:
    url, token = registry

    hold(operation, mode, url + root, token, is_judged=name in _JUDGED)


@pytest.mark.parametrize(("operation", "name", "root"), OPERATIONS)
def test_the_wrong_method_media_or_size_is_refused_in_the_words_of_the_wire(
    operation: Any, name: str, root: str, registry: tuple[str, str]
) -> None:
    url, token = registry
    path = url + root + operation.path.replace("{", "").replace("}", "")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "1"}
    answers = [requests.patch(path, headers=headers, timeout=10)]
    if operation.method == "post":
        text, huge = {"Content-Type": "text/plain"}, {"Content-Type": "application/json"}
        if name == "giveToken":
            huge["Content-Type"] = "application/x-www-form-urlencoded"
        answers += [
            requests.post(path, b"{}", headers=headers | text, timeout=10),
            requests.post(
                path, b"x" * _SIZES.get(name, 1_000_001), headers=headers | huge, timeout=10
            ),
        ]
    expected = [405, 400 if name == "giveToken" else 415, 413]

    assert expected[: len(answers)] == [answer.status_code for answer in answers]
    assert operation.method.upper() in answers[0].headers["Allow"]
    for answer in answers:
        body = answer.json()
        assert body.get("code") or body.get("error") or body["errors"][0]["code"]


def hold(
    operation: Any,
    mode: GenerationMode,
    url: str,
    token: str,
    is_judged: bool = False,
    examples: int = _EXAMPLES,
) -> None:
    """Make calls and hold each answer; a right one may be refused where it is judged."""
    wrong_taken, right_refused = _CHECKS

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode))
    def run(case: Case[Any]) -> None:
        if mode is GenerationMode.POSITIVE:
            _say_what_no_schema_can(case)
        answer = case.call(base_url=url, headers={"Authorization": f"Bearer {token}"})
        excluded = [right_refused] if is_judged else []
        if _says_refused(answer.json()):
            excluded.append(wrong_taken)
        case.validate_response(answer, excluded_checks=excluded)

    run()


def _say_what_no_schema_can(case: Case[Any]) -> None:
    """A count that is right, a name that is new, a time that is now, and a client that there is."""
    body: Any = case.body
    if case.operation.definition.raw["operationId"] == "giveToken":
        body.update(CREDENTIALS)
    elif isinstance(body, dict) and "header" in body:
        message = body["message"]
        counts = [len(part) for name, part in message.items() if name in _LISTS]
        body["header"] |= {"message_id": uuid.uuid4().hex, "total_count": sum(counts) or 1}
        body["header"]["message_ts"] = now()
        # Signatures have tests of their own.
        body.pop("signature", None)


_LISTS: Final = ("search_request", "subscribe_request", "subscription_codes", "search_criteria")


def _says_refused(body: Any) -> bool:
    """Whether an answer of HTTP 200 is a refusal in the way of its standard."""
    header, message = body.get("header", {}), body.get("message", {})
    told = [header, *(message.get("search_response", []) if isinstance(message, dict) else [])]
    return bool(body.get("errors")) or any(one.get("status") == "rjct" for one in told)
