"""Holding exchanges against their descriptions: ours in docs/openapi, always.

Where `TWIZA_SPECS` names a folder with the standards' own files, those are held against too
(originals.py). What is found are places and rules that broke, never what stood there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import yaml
from flask import Flask, Request, Response, request
from jsonschema import (  # type: ignore[import-untyped]
    Draft202012Validator,
    FormatChecker,
)
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from actions.registry.calls import Exchange

FOLDER: Final = Path(__file__).parents[3] / "docs/openapi"
_FORM: Final = "application/x-www-form-urlencoded"


Steps = tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """Where a part of a description stands."""

    file: str
    steps: Steps


@dataclass(frozen=True)
class Operation:
    """One operation of a description, with where it stands."""

    name: str
    file: str
    where: Steps
    told: dict[str, Any]
    parameters: list[dict[str, Any]]


@cache
def documents() -> dict[str, dict[str, Any]]:
    """Every description as it is published, by the name of its file."""
    return {
        path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted(FOLDER.glob("*.yaml"))
        # What programs read of the console is no message of a registry (tests/unit/console).
        if path.name != "twiza-console.yaml"
    }


@cache
def operations() -> tuple[tuple[str, re.Pattern[str], Operation], ...]:
    """Each operation with its method and the paths it answers to, longest first."""
    found = []
    for file, document in documents().items():
        root = urlsplit(document["servers"][0]["url"]).path.rstrip("/")
        for path, item in document["paths"].items():
            for method in ("get", "post", "put"):
                if method not in item:
                    continue
                told = item[method]
                pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(root + path))
                parameters = [*item.get("parameters", []), *told.get("parameters", [])]
                operation = Operation(
                    told["operationId"], file, ("paths", path, method), told, parameters
                )
                found.append((method.upper(), re.compile(pattern), operation))
    return tuple(found)


def find(method: str, path: str) -> Operation | None:
    """The operation that a call is one of."""
    for known, pattern, operation in operations():
        if known == method and pattern.fullmatch(path):
            return operation
    return None


def faults_of_request(exchange: Exchange) -> list[str]:
    """What in a call is not as described."""
    operation = find(exchange.method, exchange.path)
    if operation is None:
        return [f"{exchange.method} {exchange.path} is not described"]
    headers = {name.lower(): value for name, value in exchange.headers.items()}
    faults = []
    for given in operation.parameters:
        _, parameter = _followed(Place(operation.file, ()), given)
        if parameter["in"] == "header" and not headers.get(parameter["name"].lower()):
            faults.append(f"{operation.name}: no {parameter['name']}")
    if operation.told.get("security") != [] and not headers.get("authorization", "").startswith(
        "Bearer "
    ):
        faults.append(f"{operation.name}: no bearer token")
    body = operation.told.get("requestBody")
    if body is None:
        return [*faults, *([f"{operation.name}: a body"] if exchange.sent else [])]
    media = headers.get("content-type", "").partition(";")[0]
    if media not in body["content"]:
        return [*faults, f"{operation.name}: {media} is not described"]
    value = _read(media, exchange.sent)
    place = Place(operation.file, (*operation.where, "requestBody"))
    return [*faults, *(f"{operation.name}: {fault}" for fault in _faults(place, media, value))]


def faults_of_answer(exchange: Exchange) -> list[str]:
    """What in an answer is not as described."""
    operation = find(exchange.method, exchange.path)
    if operation is None:
        return [f"{exchange.method} {exchange.path} is not described"]
    name, status = operation.name, str(exchange.status)
    told = operation.told["responses"].get(status)
    if told is None:
        return [f"{name}: {status} is not described"]
    place, told = _followed(Place(operation.file, (*operation.where, "responses", status)), told)
    if exchange.media not in told["content"]:
        return [f"{name}: {exchange.media} is not described for {status}"]
    try:
        value = _read(exchange.media, exchange.received)
    except ValueError:
        return [f"{name}: an answer that is not JSON"]
    return [f"{name} {status}: {fault}" for fault in _faults(place, exchange.media, value)]


def watch(app: Flask, faults: list[str], prefix: str) -> None:
    """Hold every call that an application serves under a prefix against its description.

    A call that is refused as faulty may be so; its answer may not. One by another method is of no
    operation.
    """

    @app.after_request
    def check(answer: Response) -> Response:
        if request.path.startswith(prefix) and answer.status_code != 405:
            exchange = served(request, answer)
            if answer.status_code == 200:
                faults.extend(faults_of_request(exchange))
            faults.extend(faults_of_answer(exchange))
        return answer


def served(call: Request, answer: Response) -> Exchange:
    """A call that an application answered, as an exchange."""
    return Exchange(
        call.method,
        call.path,
        dict(call.headers),
        # What was too large was never read.
        b"" if answer.status_code == 413 else call.get_data(),
        answer.status_code,
        answer.mimetype or "",
        answer.get_data(),
    )


def _read(media: str, body: bytes) -> Any:
    return dict(parse_qsl(body.decode())) if media == _FORM else json.loads(body)


@cache
def _registry() -> Registry[Any]:
    resources = [
        (_address(file), DRAFT202012.create_resource(document))
        for file, document in documents().items()
    ]
    return Registry().with_resources(resources)


def _address(file: str) -> str:
    return f"https://openapi.example/{file}"


def _faults(place: Place, media: str, value: Any) -> Iterator[str]:
    steps = (*place.steps, "content", media, "schema")
    pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
    schema = {"$ref": f"{_address(place.file)}#/{pointer.replace('{', '%7B').replace('}', '%7D')}"}
    checker = Draft202012Validator(schema, registry=_registry(), format_checker=FormatChecker())
    for error in checker.iter_errors(value):
        yield f"{error.json_path}: {error.validator}"


def _followed(place: Place, part: dict[str, Any]) -> tuple[Place, dict[str, Any]]:
    """A part behind its references, with where it stands."""
    while "$ref" in part:
        file, _, pointer = part["$ref"].partition("#/")
        place = Place(file or place.file, tuple(pointer.split("/")))
        found: Any = documents()[place.file]
        for step in place.steps:
            found = found[step]
        part = found
    return place, part
