"""Holding exchanges against the standards' own files, where `TWIZA_SPECS` names their folder.

Which file describes which of our operations, and what is faulty in it, stands in defects.yml.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from openapi_schema_validator import OAS30Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from actions.registry.calls import Exchange
from tests.contract.registry.openapi import find

FOLDER: Final = os.environ.get("TWIZA_SPECS", "")
_DATA: Final = Path(__file__).parent / "defects.yml"
_JSON: Final = "application/json"


@cache
def known() -> list[dict[str, Any]]:
    """The files with their operations and defects."""
    read: list[dict[str, Any]] = yaml.safe_load(_DATA.read_text(encoding="utf-8"))
    return read


@cache
def original(file: str) -> dict[str, Any]:
    """A file as it is published."""
    text = (Path(FOLDER) / file).read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text) if file.endswith(".json") else yaml.safe_load(text)
    return read


@cache
def mended(file: str) -> dict[str, Any]:
    """A file without its known defects."""
    document = copy.deepcopy(original(file))
    [one] = [one for one in known() if one["file"] == file]
    for defect in one["defects"]:
        *steps, last = defect["at"]
        part = _within(document, steps)
        if "move" in defect:
            *others, name = defect["move"]
            _within(document, others)[name] = part.pop(last)
        else:
            part[last] = defect["set"]
    return document


def faults_of(exchange: Exchange, answers_too: bool = True) -> list[str]:
    """What in an exchange is not as the standard's file has it; nothing without the files."""
    operation = find(exchange.method, exchange.path) if FOLDER else None
    if operation is None:
        return []
    name = operation.name
    if name == "search" and b"RegistryType:IBR" in exchange.sent:
        name = "searchBeneficiaries"
    for one in known():
        if name in one["operations"]:
            path, method = one["operations"][name]
            place = ("paths", path, method)
            return [
                f"{one['file']} {name}: {fault}"
                for fault in _faults(one["file"], place, exchange, answers_too)
            ]
    return []


def _faults(
    file: str, place: tuple[str, ...], exchange: Exchange, answers_too: bool
) -> Iterator[str]:
    told = _within(mended(file), place)
    if "requestBody" in told:
        steps = (*place, "requestBody", "content", _JSON, "schema")
        yield from _broken(file, steps, exchange.sent)
    responses = told["responses"]
    status = str(exchange.status)
    status = status if status in responses else "default"
    if not answers_too or status not in responses:
        return
    steps = (*place, "responses", status)
    if "$ref" in responses[status]:
        steps = tuple(responses[status]["$ref"].removeprefix("#/").split("/"))
    if _JSON in _within(mended(file), steps).get("content", {}):
        yield from _broken(file, (*steps, "content", _JSON, "schema"), exchange.received)


def _broken(file: str, steps: tuple[str, ...], body: bytes) -> Iterator[str]:
    address = f"https://originals.example/{file}"
    resource = DRAFT202012.create_resource(mended(file))
    pointer = "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)
    schema = {"$ref": f"{address}#/{pointer.replace('{', '%7B').replace('}', '%7D')}"}
    is_old = str(mended(file)["openapi"]).startswith("3.0")
    kind = OAS30Validator if is_old else Draft202012Validator
    checker = kind(
        schema,
        registry=Registry().with_resource(address, resource),
        format_checker=FormatChecker(("date-time",)),
    )
    for error in checker.iter_errors(json.loads(body)):
        yield f"{error.json_path}: {error.validator}"


def _within(document: Any, steps: Any) -> Any:
    part = document
    for step in steps:
        part = part[step]
    return part
