"""Holding what stands under `additional_attributes` against the profile (docs/profile)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from actions.registry.calls import Exchange

FOLDER: Final = Path(__file__).parents[3] / "docs/profile"
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@cache
def attributes() -> dict[str, dict[str, dict[str, Any]]]:
    """The keys of each record with their types and values."""
    read: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(
        (FOLDER / "attributes.yaml").read_text(encoding="utf-8")
    )
    return read


def faults_of(exchange: Exchange) -> list[str]:
    """What in a message is not of the profile: keys, or values of keys that list theirs."""
    try:
        bodies = [json.loads(body) for body in (exchange.sent, exchange.received) if body]
    except ValueError:
        return []
    return [fault for body in bodies for fault in faults_in(body)]


def faults_in(body: Any) -> list[str]:
    """The same, in one body."""
    faults = []
    for record, key, value in _found(body, ""):
        known = attributes().get(record, {}).get(key)
        if known is None:
            faults.append(f"{record}: {key} is not of the profile")
        elif "values" in known and value not in known["values"]:
            faults.append(f"{record}: a value of {key} is not of the profile")
        elif known.get("type") == "day" and not _DAY.fullmatch(str(value)):
            faults.append(f"{record}: {key} is no day")
    return faults


def _found(part: Any, record: str) -> Iterator[tuple[str, str, Any]]:
    """Every attribute with the record it stands in."""
    if isinstance(part, list):
        for one in part:
            yield from _found(one, record)
    if not isinstance(part, dict):
        return
    record = _record(part) or record
    for attribute in part.get("additional_attributes", []):
        yield record, attribute["key"], attribute["value"]
    for name, one in part.items():
        if name != "additional_attributes":
            yield from _found(one, "Notice" if name == "notify_event" else record)


def _record(part: dict[str, Any]) -> str:
    if "demographic_info" in part:
        return "Member"
    if "group_size" in part:
        return "Group"
    return "Payment" if "currency_code" in part else ""
