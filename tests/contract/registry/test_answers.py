"""Odd answers, one file each in `answers/`: refused or read, never guessed at.

A file holds `about`, the `operation` asked for, the `status` and `body` answered ("$transaction",
"$reference", "$second" and "$transactionID" stand for the request's own), `later` the body where
the status of a search is asked for, and what to `expect`: an `error` of `core.errors` with its
`says`, or the fields of what is `read`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core import errors
from tests.contract.registry.operations import OPERATIONS
from tests.contract.registry.scripted import scripted_app
from tests.contract.registry.worlds import a_client_of_oddities, served

ANSWERS = sorted((Path(__file__).parent / "answers").glob("*.json"))


@pytest.mark.parametrize("path", ANSWERS, ids=lambda path: path.stem)
def test_an_odd_answer_is_met_as_its_file_says(path: Path) -> None:
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    operation, expect = OPERATIONS[case["operation"]], case["expect"]

    app = scripted_app(case["status"], case["body"], case.get("headers"), case.get("later"))
    with served(app) as url:
        registry = a_client_of_oddities(
            url, registry_retry_seconds=0.01, **case.get("settings", {})
        )
        if "error" not in expect:
            read = operation(registry)
            assert expect["read"] == {name: _plain(read, name) for name in expect["read"]}
            return
        with pytest.raises(getattr(errors, expect["error"])) as raised:
            operation(registry)

    assert expect["says"] == str(raised.value)


def _plain(read: Any, name: str) -> str | None:
    """A field of what was read, as a file can hold it."""
    if name == "count":
        return str(len(read))
    value = read if name == "whole" else getattr(read, name)
    return None if value is None else str(value)
