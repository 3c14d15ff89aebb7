"""The profile: the code's own values, and every message of the tests, are what it says."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path

import pytest
import yaml

from actions.registry.port import ContactStanding, RnpStatus, RsuStatus
from actions.registry.shapes import EventKind, PaymentReason, PaymentState
from tests.contract.registry import profile

RECORDED = Path(__file__).parent / "notices"


@pytest.mark.parametrize(
    ("record", "key", "values"),
    [
        ("Member", "rnp_status", RnpStatus),
        ("Member", "contact_standing", ContactStanding),
        ("Group", "rsu_status", RsuStatus),
        ("Payment", "payment_state", PaymentState),
        ("Payment", "reason", PaymentReason),
        ("Notice", "event_kind", EventKind),
    ],
)
def test_the_values_we_know_are_those_of_the_profile(
    record: str, key: str, values: type[StrEnum]
) -> None:
    assert [value.value for value in values] == profile.attributes()[record][key]["values"]


@pytest.mark.parametrize("record", ["Member", "Group"])
def test_the_vocabulary_has_every_key(record: str) -> None:
    text = (profile.FOLDER / f"{record}.jsonld").read_text(encoding="utf-8")
    told = {
        each["@id"].removeprefix("morocco:"): each.get("morocco:values", {}).get("@list")
        for each in json.loads(text)["rdfs:property"]
    }

    assert told == {key: known.get("values") for key, known in profile.attributes()[record].items()}


def test_the_index_of_schemas_names_what_lies_here() -> None:
    read = yaml.safe_load((profile.FOLDER / "schemas.yaml").read_text(encoding="utf-8"))
    ours = [Path(name).name for name in read["includes"] if name.startswith("profiles/")]
    metadata = yaml.safe_load((profile.FOLDER / "profile-metadata.yaml").read_text("utf-8"))

    assert sorted(path.name for path in profile.FOLDER.glob("*.jsonld")) == sorted(ours)
    assert "schemas.yaml" == metadata["schemasIndex"]


@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.json")), ids=lambda path: path.stem)
def test_a_recorded_notice_is_of_the_profile(path: Path) -> None:
    assert [] == profile.faults_in(json.loads(path.read_text(encoding="utf-8"))["body"])


def test_a_key_or_value_beside_the_profile_is_found() -> None:
    member = {"demographic_info": {}, "additional_attributes": [{"key": "moon", "value": "full"}]}
    group = {"group_size": 1, "additional_attributes": [{"key": "rsu_status", "value": "lost"}]}

    assert 2 == len(profile.faults_in([member, group]))
