"""The search request: what the standard asks for, and the identifier in its one place."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest

from actions.registry.envelope import SOCIAL, Parties, RecordType, write_search

IDCS = "2111111116"
PARTIES = Parties("twiza", "registry")


def test_the_identifier_stands_in_the_query_alone() -> None:
    request = write_search(IDCS, SOCIAL, "Group", "fr", PARTIES)
    criteria = request["message"]["search_request"][0]["search_criteria"]

    assert {"type": "UIN", "value": IDCS} == criteria.pop("query")
    assert IDCS not in json.dumps(request)


def test_every_moment_has_its_zone() -> None:
    text = json.dumps(write_search(IDCS, SOCIAL, "Group", "fr", PARTIES))
    moments = re.findall(r'"(\d{4}-\d\d-\d\dT[^"]+)"', text)

    assert 3 == len(moments)
    assert all(datetime.fromisoformat(moment).tzinfo for moment in moments)


@pytest.mark.parametrize(
    ("language", "locale"), [("ar", "ara"), ("ary", "ary"), ("fr", "fra"), ("zgh", "zgh")]
)
def test_a_language_is_named_in_three_letters(language: str, locale: str) -> None:
    request = write_search(IDCS, SOCIAL, "Member", language, PARTIES)

    assert locale == request["message"]["search_request"][0]["locale"]


@pytest.mark.parametrize("record", ["Member", "Group", "Beneficiary"])
def test_no_two_requests_can_be_taken_for_one_another(record: RecordType) -> None:
    first, second = (write_search(IDCS, SOCIAL, record, "fr", PARTIES) for _ in range(2))

    assert first["header"]["message_id"] != second["header"]["message_id"]
    assert first["message"]["transaction_id"] != second["message"]["transaction_id"]


def test_the_purpose_of_a_question_goes_with_it() -> None:
    request = write_search(IDCS, SOCIAL, "Group", "fr", PARTIES)
    criteria = request["message"]["search_request"][0]["search_criteria"]

    assert "status-check" == criteria["consent"]["purpose"]["code"]
