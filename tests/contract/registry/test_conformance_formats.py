"""Formats, lengths and pages, as SPDCI's public compliance suite checks them in every registry."""

from __future__ import annotations

import pytest

from tests.contract.registry.suite import (
    Suite,
    a_search,
    a_subscription,
    an_end,
    is_refused,
    is_taken,
)


@pytest.mark.parametrize(
    ("moment", "is_right"),
    [
        ("not-a-timestamp", False),
        ("2024-01-15T10:30:00", False),
        ("2024-01-15T10:30:00Z", True),
        ("2024-01-15T10:30:00.123+01:00", True),
    ],
)
def test_a_moment_needs_a_zone(suite: Suite, moment: str, is_right: bool) -> None:
    search, subscription = a_search(), a_subscription()
    search["message"]["search_request"][0]["timestamp"] = moment
    subscription["message"]["subscribe_request"][0]["timestamp"] = moment

    assert is_right == is_taken(suite.post("/registry/search", search))
    assert is_right == is_taken(suite.post("/registry/subscribe", subscription))


@pytest.mark.parametrize(
    ("locale", "is_right"), [("eng", True), ("ara", True), ("en", False), ("ENG", False)]
)
def test_a_locale_has_three_small_letters(suite: Suite, locale: str, is_right: bool) -> None:
    search = a_search()
    search["message"]["search_request"][0]["locale"] = locale
    answer = suite.post("/registry/search", search)

    assert (is_taken if is_right else is_refused)(answer)


@pytest.mark.parametrize(("length", "is_right"), [(99, True), (100, False)])
def test_names_have_99_characters_at_most(suite: Suite, length: int, is_right: bool) -> None:
    search = a_search()
    search["message"]["transaction_id"] = "x" * length
    expected = is_taken if is_right else is_refused

    assert expected(suite.post("/registry/search", search))
    assert expected(suite.post("/registry/unsubscribe", an_end("s" * length)))


def test_a_reference_of_fifty_characters_is_taken(suite: Suite) -> None:
    search = a_search()
    search["message"]["search_request"][0]["reference_id"] = "r" * 50

    assert is_taken(suite.post("/registry/search", search))


@pytest.mark.parametrize("within", [True, False], ids=["in the criteria", "beside them"])
@pytest.mark.parametrize(
    ("size", "number", "is_right"),
    [(10, 1, True), (5, 1, True), (10, 2, True), (0, 1, False), (10, 0, False), (-1, 1, False)],
)
def test_pages_begin_with_one_and_hold_something(
    suite: Suite, size: int, number: int, is_right: bool, within: bool
) -> None:
    search = a_search()
    [item] = search["message"]["search_request"]
    place = item["search_criteria"] if within else item
    place["pagination"] = {"page_size": size, "page_number": number}

    assert (is_taken if is_right else is_refused)(suite.post("/registry/search", search))


def test_a_synchronous_search_keeps_to_the_page_it_was_asked_for(suite: Suite) -> None:
    everybody = [
        {
            "seq_num": 1,
            "expression1": {
                "attribute_name": "group_size",
                "operator": "ge",
                "attribute_value": "1",
            },
        }
    ]
    pages = []
    for number in (1, 2):
        search = a_search("predicate", everybody)
        criteria = search["message"]["search_request"][0]["search_criteria"]
        criteria |= {"reg_record_type": "Group", "pagination": {"page_size": 5}}
        criteria["pagination"]["page_number"] = number
        criteria["sort"] = [{"attribute_name": "poverty_score", "sort_order": "desc"}]
        answer = suite.post("/registry/sync/search", search).json()
        pages.append(answer["message"]["search_response"][0])
    records = [record for page in pages for record in page["data"]["reg_records"]]
    scores = [record["poverty_score"] for record in records]

    assert [5, 5] == [len(page["data"]["reg_records"]) for page in pages]
    assert 228 < pages[0]["pagination"]["total_count"]
    assert sorted(scores, reverse=True) == scores
