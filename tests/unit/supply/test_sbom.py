"""The bills name every package of both locks, hold to the schema and name no machine."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from supply.locks import LOCKS, pins_of
from supply.sbom import make_sbom

# A host, or a folder of a machine.
PLACE = re.compile(
    r"(?<![\w.])(?:[\w-]+\.)+(?:org|com|io|net|dev)/|file:|/(?:usr|home|root|tmp|var|work)/"
)


@pytest.fixture(scope="module", params=list(LOCKS))
def bill(request: pytest.FixtureRequest) -> tuple[str, str]:
    """An environment and its bill."""
    return request.param, make_sbom(request.param)


def components(text: str) -> list[dict[str, Any]]:
    """The components of a bill."""
    parts: list[dict[str, Any]] = json.loads(text)["components"]
    return parts


def test_a_bill_holds_to_the_schema(bill: tuple[str, str]) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill[1]) is None


def test_a_bill_names_what_the_lock_pins(bill: tuple[str, str]) -> None:
    environment, text = bill
    pinned = {f"pkg:pypi/{pin.name}@{pin.version}" for pin in pins_of(environment)}

    assert pinned == {part["purl"] for part in components(text)}


def test_a_bill_says_nothing_of_the_machine_it_was_made_on(bill: tuple[str, str]) -> None:
    schema = "http://cyclonedx.org/schema/bom-1.6.schema.json"

    assert [] == PLACE.findall(bill[1].replace(schema, ""))


def test_a_bill_is_the_same_every_time() -> None:
    assert make_sbom("engine") == make_sbom("engine")


def test_most_packages_say_their_licence_and_who_they_need(bill: tuple[str, str]) -> None:
    environment, text = bill
    parts = components(text)
    licensed = [part for part in parts if part.get("licenses")]
    needs = {one["ref"]: one.get("dependsOn", []) for one in json.loads(text)["dependencies"]}

    assert len(licensed) > 0.85 * len(parts)
    if environment == "main":
        [flask] = [ref for ref in needs if ref.startswith("flask@")]
        assert any(ref.startswith("werkzeug@") for ref in needs[flask])
