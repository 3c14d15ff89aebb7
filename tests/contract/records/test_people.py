"""What is remembered of a number, and for how long."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from records.database import Database
from records.followers import Detail, Followers
from records.people import NumberRecord, Numbers
from tests.builders import NOW
from tests.contract.records.conftest import HandClock


@pytest.fixture
def numbers(database: Database, clock: HandClock) -> Numbers:
    return Numbers(database, clock)


def test_a_number_never_seen_is_unknown(numbers: Numbers) -> None:
    assert numbers.find("a") is None


def test_a_number_seen_without_a_choice_has_no_language(numbers: Numbers) -> None:
    numbers.seen("a")

    assert NumberRecord("a", "", "", False, NOW) == numbers.find("a")


def test_a_chosen_language_and_script_are_kept(numbers: Numbers) -> None:
    numbers.choose_language("a", "zgh", script="latin")

    assert NumberRecord("a", "zgh", "latin", False, NOW) == numbers.find("a")


def test_a_new_language_leaves_the_script_alone(numbers: Numbers) -> None:
    numbers.choose_language("a", "zgh", script="latin")
    numbers.choose_language("a", "fr")

    assert NumberRecord("a", "fr", "latin", False, NOW) == numbers.find("a")


def test_a_number_is_touched_at_most_once_a_day(numbers: Numbers, clock: HandClock) -> None:
    numbers.seen("a")
    clock.move(hours=23)
    numbers.seen("a")
    within_the_day = numbers.find("a")
    later = clock.move(hours=1)
    numbers.seen("a")
    after_a_day = numbers.find("a")

    assert within_the_day is not None and NOW == within_the_day.last_seen
    assert after_a_day is not None and later == after_a_day.last_seen


def test_a_number_silent_for_six_months_starts_afresh(numbers: Numbers, clock: HandClock) -> None:
    numbers.choose_language("a", "fr", script="latin")
    clock.now = datetime(2027, 5, 23, 9, 0, tzinfo=UTC)
    to_the_hour = numbers.find("a")
    later = clock.move(seconds=1)
    found = numbers.find("a")
    numbers.seen("a")

    assert to_the_hour is not None and "fr" == to_the_hour.language
    assert found is None
    assert NumberRecord("a", "", "", False, later) == numbers.find("a")


def test_a_silent_number_that_calls_before_it_is_looked_up_starts_afresh_too(
    numbers: Numbers, clock: HandClock
) -> None:
    numbers.choose_language("a", "fr")
    later = clock.move(days=200)
    numbers.seen("a")

    assert NumberRecord("a", "", "", False, later) == numbers.find("a")


@pytest.mark.parametrize("looks_up_first", [True, False])
def test_whoever_was_told_on_a_silent_number_is_told_there_no_more(
    numbers: Numbers, database: Database, clock: HandClock, looks_up_first: bool
) -> None:
    followers = Followers(database, clock)
    numbers.choose_language("a", "fr")
    numbers.choose_language("b", "fr")
    followers.agree("hers", "a", Detail.FULL, "code")
    followers.agree("hers", "b", Detail.FULL, "code")
    clock.move(days=100)
    numbers.seen("b")
    clock.move(days=100)
    if looks_up_first:
        numbers.find("a")
    # Somebody else has the number by now.
    numbers.choose_language("a", "ar")

    assert ["b"] == [one.number_key for one in followers.of("hers")]


def test_how_long_silence_lasts_is_a_setting(database: Database, clock: HandClock) -> None:
    numbers = Numbers(database, clock, silent_months=1)
    numbers.seen("a")
    clock.move(days=32)

    assert numbers.find("a") is None


def test_a_refusal_of_messages_can_be_taken_back(numbers: Numbers) -> None:
    numbers.opt_out("a")
    refused = numbers.find("a")
    numbers.opt_in("a")
    accepted = numbers.find("a")

    assert refused is not None and refused.opted_out
    assert accepted is not None and not accepted.opted_out


def test_a_refusal_of_messages_outlives_silence_but_not_a_new_call(
    numbers: Numbers, clock: HandClock
) -> None:
    numbers.choose_language("a", "fr")
    numbers.opt_out("a")
    later = clock.move(days=200)
    silent = numbers.find("a")
    numbers.seen("a")

    assert NumberRecord("a", "", "", True, NOW) == silent
    assert NumberRecord("a", "", "", False, later) == numbers.find("a")


def test_a_number_first_seen_by_many_at_once_is_one_number(numbers: Numbers) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(numbers.seen, ["a"] * 8))

    assert NumberRecord("a", "", "", False, NOW) == numbers.find("a")
