"""Holding calls of the counter against docs/openapi/counter.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from flask import Flask, Request, Response, request
from jsonschema import (  # type: ignore[import-untyped]
    Draft202012Validator,
    FormatChecker,
)

_FILE: Final = Path(__file__).parents[3] / "docs/openapi/counter.yaml"
ROOT: Final = "/counter/v1"


@cache
def document() -> dict[str, Any]:
    """The description as it is published."""
    read: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return read


def faults_of_request(call: Request) -> list[str]:
    """What in a call is not as described; the places only."""
    operation = _operation(call)
    if operation is None:
        return [f"{call.path} is not described"]
    faults = _faults(operation["requestBody"]["content"]["application/json"], call.get_json())
    if operation.get("parameters") and not call.headers.get("Idempotency-Key"):
        faults.append("no Idempotency-Key")
    return faults


def faults_of_response(call: Request, answer: Response) -> list[str]:
    """What in an answer is not as described; the places only."""
    operation = _operation(call)
    told = operation and operation["responses"].get(str(answer.status_code))
    if not told:
        return [f"{call.path} answers {answer.status_code}, which is not described"]
    told = _resolved(told)
    if answer.mimetype not in told["content"]:
        return [f"{answer.mimetype} is not described"]
    return _faults(told["content"][answer.mimetype], answer.get_json())


def watch(app: Flask, faults: list[str]) -> None:
    """Hold every call of the counter that an application serves against its description.

    A call that is refused as faulty may be so; its answer may not.
    """

    @app.after_request
    def check(answer: Response) -> Response:
        if request.path.startswith(ROOT):
            if answer.status_code == 200:
                faults.extend(faults_of_request(request))
            faults.extend(faults_of_response(request, answer))
        return answer


def _operation(call: Request) -> dict[str, Any] | None:
    path = document()["paths"].get(call.path.removeprefix(ROOT), {})
    operation: dict[str, Any] | None = path.get(call.method.lower())
    return operation


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    found: Any = part
    while "$ref" in found:
        steps = found["$ref"].removeprefix("#/").split("/")
        found = document()
        for step in steps:
            found = found[step]
    resolved: dict[str, Any] = found
    return resolved


def _faults(media: dict[str, Any], instance: Any) -> list[str]:
    # The components stand beside the schema, so that its references are found.
    schema = {**media["schema"], "components": document()["components"]}
    checker = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.validator}" for error in checker.iter_errors(instance)]
