"""The list, the search and one conversation, as staff open them."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from console.conversations.live import Live
from records.database import Database
from records.takeovers import Takeovers
from tests.unit.console.conftest import Browser, SignIn
from tests.unit.console.conversations_world import HOSTILE, TOKEN, ask_for_a_person, fill
from transcripts.listing import Listing
from transcripts.turns import RecordedTurn


@pytest.fixture
def numbers(database: Database) -> dict[str, int]:
    """The conversations by their channel."""
    return fill(database)


def listed(browser: Browser) -> list[int]:
    """The numbers of the conversations on the page."""
    return [
        int(one) for one in re.findall(r'class="line" href="/conversations/(\d+)', browser.text)
    ]


def test_an_empty_list_says_so(signed_in: SignIn) -> None:
    browser = signed_in("agent")

    assert "Rien n&#39;a encore été dit" in browser.open("/conversations")
    assert "ne correspond à ces filtres" in browser.open("/conversations?channel=sms")


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ("", ["sms", "whatsapp", "ussd"]),
        ("channel=ussd", ["ussd"]),
        ("language=zgh", ["sms"]),
        ("intent=track_benefit&programme=asd", ["whatsapp"]),
        ("fallback=1", ["sms"]),
        ("error=1&undelivered=1", ["sms"]),
        ("since=2026-11-23&until=2026-11-23", ["sms", "whatsapp", "ussd"]),
        ("until=2026-11-22", []),
        ("handover=waiting", ["whatsapp"]),
        ("handover=claimed", []),
        ("assignee=1", []),
    ],
)
def test_the_list_shows_what_its_filters_name(
    signed_in: SignIn, database: Database, numbers: dict[str, int], asked: str, kinds: list[str]
) -> None:
    ask_for_a_person(database)
    browser = signed_in("reviewer")

    browser.open(f"/conversations?{asked}")

    assert [numbers[kind] for kind in kinds] == listed(browser)


@pytest.mark.parametrize(
    "asked",
    [
        "since=yesterday",
        "until=2026-13-01",
        "since=0001-01-01",
        "handover=maybe",
        "assignee=x",
        "assignee=%D9%A1",
        "error=yes",
        "after=1",
        "after=9999999999999999999999-1",
        f"channel={'x' * 100}",
        f"label={quote(chr(0))}",
    ],
)
def test_a_filter_that_cannot_be_read_gets_a_plain_page(signed_in: SignIn, asked: str) -> None:
    browser = signed_in("agent")

    browser.open(f"/conversations?{asked}")

    assert 400 == browser.status
    assert "<h1>" in browser.text


def test_pages_follow_one_another(signed_in: SignIn, numbers: dict[str, int]) -> None:
    browser = signed_in("agent")

    browser.open("/conversations?after=99999999999999999-1")

    assert sorted(numbers.values()) == sorted(listed(browser))


@pytest.mark.parametrize(("words", "kind"), [("INSCRIPTION", "ussd"), ("اعانتي", "whatsapp")])
def test_a_search_finds_messages_and_stands_in_no_address(
    signed_in: SignIn, numbers: dict[str, int], words: str, kind: str
) -> None:
    browser = signed_in("agent")
    browser.open("/conversations")

    browser.send("/conversations/search", words=words)

    assert [numbers[kind]] == listed(browser)
    assert "words" not in "".join(re.findall(r'href="([^"]*)"', browser.text))


@pytest.mark.parametrize("words", ["", "x" * 50_000, "\x00", '"*(', "%", "' OR 1=1 --"])
def test_a_search_for_anything_gets_a_plain_page(
    signed_in: SignIn, numbers: dict[str, int], words: str
) -> None:
    browser = signed_in("agent")
    browser.open("/conversations")

    browser.send("/conversations/search", words=words)

    assert (200, []) == (browser.status, listed(browser))


def test_a_transcript_shows_screens_chips_and_what_is_behind_them(
    signed_in: SignIn, numbers: dict[str, int]
) -> None:
    browser = signed_in("agent")

    ussd = browser.open(f"/conversations/{numbers['ussd']}")
    assert 'class="phone"' in ussd
    assert "Mon inscription" in ussd

    chat = browser.open(f"/conversations/{numbers['whatsapp']}")
    assert "93 %" in chat
    assert "IDCS" in chat
    assert "…19" in chat

    sms = browser.open(f"/conversations/{numbers['sms']}")
    assert HOSTILE not in sms
    assert "30005" in sms


def test_a_reviewer_sees_no_token_to_reveal(signed_in: SignIn, numbers: dict[str, int]) -> None:
    path = f"/conversations/{numbers['whatsapp']}"

    assert TOKEN not in signed_in("reviewer").open(path)
    assert TOKEN in signed_in("agent").open(path)


def test_a_conversation_that_vanished_gets_a_plain_page(signed_in: SignIn) -> None:
    browser = signed_in("agent")

    for path in ("/conversations/7", f"/conversations/{10**30}"):
        browser.open(path)
        assert 404 == browser.status


def test_labels_and_notes_are_added_found_and_taken_away(
    signed_in: SignIn, numbers: dict[str, int]
) -> None:
    browser = signed_in("agent")
    path = f"/conversations/{numbers['sms']}"
    browser.open(path)

    browser.send(f"{path}/labels", label="  à   rappeler ")
    browser.send(f"{path}/notes", text=f"Rappeler demain {HOSTILE}")

    assert "à rappeler" in browser.text
    assert "Rappeler demain" in browser.text
    assert HOSTILE not in browser.text
    browser.open("/conversations?label=à rappeler")
    assert [numbers["sms"]] == listed(browser)
    browser.open(path)
    browser.send(f"{path}/labels/drop", label="à rappeler")
    assert "à rappeler" not in browser.text


def test_a_view_keeps_filters_for_its_owner(signed_in: SignIn, numbers: dict[str, int]) -> None:
    browser = signed_in("agent")
    browser.open("/conversations?channel=sms")

    browser.send("/conversations/views", name="Mes SMS", channel="sms")

    assert [numbers["sms"]] == listed(browser)
    assert "Mes SMS" in browser.open("/conversations")
    assert "Mes SMS" not in signed_in("supervisor").open("/conversations")


def test_browsers_are_told_when_something_is_said_and_never_too_many(
    database: Database, numbers: dict[str, int]
) -> None:
    listing = Listing(database)
    live = Live(1, every_seconds=0.01)
    events = live.stream(listing.newest)
    assert events is not None

    assert f"data: {listing.newest()}\n\n" == next(events)
    assert ": \n\n" == next(events)
    assert live.stream(listing.newest) is None
    events.close()  # type: ignore[attr-defined]
    assert live.stream(listing.newest) is not None


def test_a_browser_that_finds_no_place_is_sent_to_ask_by_itself(
    signed_in: SignIn, numbers: dict[str, int]
) -> None:
    client = signed_in("agent").client

    first = client.get("/conversations/mark").get_json()
    answers = [client.get("/conversations/live") for _ in range(7)]

    assert [200] * 6 + [204] == [answer.status_code for answer in answers]
    assert "text/event-stream" == answers[0].mimetype
    assert first["mark"]
    for answer in answers:
        answer.close()
    assert 200 == client.get("/conversations/live").status_code


def test_the_marks_of_a_transcript_and_of_the_queue_change_with_what_happens(
    signed_in: SignIn, database: Database, numbers: dict[str, int]
) -> None:
    client = signed_in("agent").client

    def marks() -> tuple[str, str]:
        path = f"/conversations/{numbers['whatsapp']}/mark"
        return client.get(path).get_json()["mark"], client.get("/handovers/mark").get_json()["mark"]

    first = marks()
    assert first == marks()
    request = ask_for_a_person(database)
    asked = marks()
    Takeovers(database).claim(request.id, "1")
    claimed = marks()
    Takeovers(database).transfer(request.id, "1", "2")

    assert 4 == len({first, asked, claimed, marks()})
    assert all(one != other for one, other in zip(first, asked, strict=True))


def test_a_database_that_went_away_gets_a_plain_page(signed_in: SignIn, database: Database) -> None:
    browser = signed_in("agent")
    with database.session() as session:
        session.connection().exec_driver_sql("ALTER TABLE conversations RENAME TO gone")

    browser.open("/conversations")

    assert 503 == browser.status
    assert RecordedTurn.__name__ not in browser.text
