"""Who agreed to be told of changes, where they can be written to, and what waits to be told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from records.addresses import Address, Addresses
from records.applications import Applications, HandedIn
from records.database import Database
from records.followers import Detail, Follower, Followers
from records.notices import Notices
from tests.builders import NOW
from tests.contract.records.conftest import HandClock


@pytest.fixture
def followers(database: Database, clock: HandClock) -> Followers:
    return Followers(database, clock)


@pytest.fixture
def addresses(database: Database, clock: HandClock) -> Addresses:
    return Addresses(database, clock)


@pytest.fixture
def notices(database: Database, clock: HandClock) -> Notices:
    return Notices(database, clock)


def test_the_last_agreement_on_a_number_stands(followers: Followers, clock: HandClock) -> None:
    followers.agree("p", "n", Detail.SHORT, "a-code")
    later = clock.move(hours=1)
    followers.agree("p", "n", Detail.FULL, "a-code")

    assert Follower("p", "n", Detail.FULL, "a-code", later) == followers.find("p", "n")
    assert 1 == len(followers.of("p"))


def test_the_number_used_last_comes_first(followers: Followers, clock: HandClock) -> None:
    for number in ("a", "b"):
        followers.agree("p", number, Detail.FULL, "a-code")
        clock.move(hours=1)
    before = [one.number_key for one in followers.of("p")]
    was_known = followers.used("p", "a")

    assert ["b", "a"] == before
    assert was_known
    assert ["a", "b"] == [one.number_key for one in followers.of("p")]


def test_a_subscription_is_known_by_the_code_it_got_later(followers: Followers) -> None:
    for number in ("a", "b"):
        followers.agree("p", number, Detail.FULL, "ack-1")
    followers.agree("q", "a", Detail.FULL, "ack-2")

    assert followers.renamed("ack-1", "s-1," * 100 + "s-2")
    assert not followers.renamed("ack-1", "s-3")
    assert {"s-1," * 100 + "s-2"} == {one.subscription for one in followers.of("p")}
    assert ["ack-2"] == [one.subscription for one in followers.of("q")]


def test_a_person_who_never_agreed_follows_nothing(followers: Followers) -> None:
    followers.agree("p", "n", Detail.FULL, "a-code")

    assert not followers.used("q", "n")
    assert followers.find("q", "n") is None
    assert [] == followers.of("q")
    assert followers.end("q", "n") is None


def test_the_subscription_ends_with_the_last_number(followers: Followers) -> None:
    followers.agree("p", "a", Detail.FULL, "a-code")
    followers.agree("p", "b", Detail.FULL, "a-code")

    assert followers.end("p", "a") is None
    assert "a-code" == followers.end("p", "b")
    assert [] == followers.of("p")


def test_a_number_is_kept_as_it_was_last_heard(addresses: Addresses, clock: HandClock) -> None:
    addresses.keep("n", b"one", "ussd")
    later = clock.move(hours=1)
    addresses.keep("n", b"two", "whatsapp")

    assert Address("n", b"two", "whatsapp", later) == addresses.find("n")
    assert addresses.find("m") is None


def test_a_number_is_kept_while_it_follows_or_waits_and_no_longer(
    addresses: Addresses, followers: Followers, database: Database
) -> None:
    for number in ("follows", "waits", "idle"):
        addresses.keep(number, b"sealed", "sms")
    followers.agree("p", "follows", Detail.FULL, "a-code")
    Applications(database).hand_in(HandedIn("k", "1", "p", "waits", "application", "asd", b"x"))
    gone = addresses.drop_idle()

    assert 1 == gone
    assert addresses.find("idle") is None
    assert addresses.find("follows") and addresses.find("waits")


def test_an_event_is_one_notice_for_each_person(notices: Notices) -> None:
    for person in ("p", "p", "q"):
        notices.add("event", person, b"sealed", NOW)

    assert ["p", "q"] == [row.person_key for row in notices.lease(10, 30)]


def test_an_event_that_was_told_is_not_told_again(notices: Notices, database: Database) -> None:
    notices.add("event", "p", b"sealed", NOW)
    [row] = notices.lease(10, 30)
    with database.session() as session:
        first = notices.told(row.id, "sms", session)
    with database.session() as session:
        again = notices.told(row.id, "sms", session)
    notices.add("event", "p", b"sealed", NOW)

    assert (True, False) == (first, again)
    assert 0 == notices.waiting()
    assert [] == notices.lease(10, 30)


def test_a_notice_is_not_told_before_its_time(notices: Notices, clock: HandClock) -> None:
    notices.add("event", "p", b"sealed", NOW + timedelta(hours=8))
    early = notices.lease(10, 30)
    clock.move(hours=8)
    [row] = notices.lease(10, 30)
    notices.wait(row.id, NOW + timedelta(hours=9), row.attempts)
    still = notices.lease(10, 30)
    clock.move(hours=1)

    assert [] == early
    assert [] == still
    assert [2] == [one.attempts for one in notices.lease(10, 30)]


def test_what_one_person_is_told_goes_in_its_order(notices: Notices) -> None:
    for event, person in (("1", "p"), ("2", "p"), ("3", "q"), ("4", ""), ("5", "")):
        notices.add(event, person, b"sealed", NOW)
    first = notices.lease(10, 30)
    notices.dropped(first[0].id, "nobody")

    assert ["1", "3", "4", "5"] == [row.event_key for row in first]
    assert ["2"] == [row.event_key for row in notices.lease(10, 30)]


def test_a_notice_of_a_transaction_that_fails_does_not_exist(
    notices: Notices, database: Database
) -> None:
    with pytest.raises(LookupError), database.session() as session:
        notices.add("event", "p", b"sealed", NOW, session)
        raise LookupError

    assert 0 == notices.waiting()
