"""The search request: what the standard asks for, and the identifier in its one place."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest

from actions.registry.envelope import Parties, RecordType, write_header
from actions.registry.search_messages import Search, write_search

IDCS = "2111111116"


def criteria(search: Search) -> dict[str, Any]:
    """The criteria of a search's message."""
    found: dict[str, Any] = write_search(search)["search_request"][0]["search_criteria"]
    return found


@pytest.mark.parametrize(
    ("kind", "query"),
    [
        ("idtype-value", {"type": "UIN", "value": IDCS}),
        (
            "expression",
            {
                "type": "ns:org:QueryType:expression",
                "value": {"expression": {"UIN": {"eq": IDCS}}},
            },
        ),
        (
            "predicate",
            [
                {
                    "seq_num": 1,
                    "expression1": {
                        "attribute_name": "UIN",
                        "operator": "eq",
                        "attribute_value": IDCS,
                    },
                }
            ],
        ),
    ],
)
def test_the_identifier_stands_in_the_query_alone(kind: str, query: Any) -> None:
    asked = criteria(Search(IDCS, "Group", "fr", query=kind))

    assert kind == asked["query_type"]
    assert query == asked.pop("query")
    assert IDCS not in json.dumps(asked)


def test_every_moment_has_its_zone() -> None:
    header = write_header("search", Parties("twiza", "registry"))
    text = json.dumps([header, write_search(Search(IDCS, "Group", "fr"))])
    moments = re.findall(r'"(\d{4}-\d\d-\d\dT[^"]+)"', text)

    assert 3 == len(moments)
    assert all(datetime.fromisoformat(moment).tzinfo for moment in moments)


@pytest.mark.parametrize(
    ("language", "locale"), [("ar", "ara"), ("ary", "ary"), ("fr", "fra"), ("zgh", "zgh")]
)
def test_a_language_is_named_in_three_letters(language: str, locale: str) -> None:
    assert locale == write_search(Search(IDCS, "Member", language))["search_request"][0]["locale"]


@pytest.mark.parametrize("record", ["Member", "Group", "Beneficiary"])
def test_no_two_requests_can_be_taken_for_one_another(record: RecordType) -> None:
    first, second = (write_search(Search(IDCS, record, "fr")) for _ in range(2))

    assert first["transaction_id"] != second["transaction_id"]
    parties = Parties("twiza", "registry")
    ids = {write_header("search", parties)["message_id"] for _ in range(2)}
    assert 2 == len(ids)


def test_the_purpose_of_a_question_goes_with_it() -> None:
    assert "status-check" == criteria(Search(IDCS, "Group", "fr"))["consent"]["purpose"]["code"]
