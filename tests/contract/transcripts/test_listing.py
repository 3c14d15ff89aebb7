"""The list of conversations: filters, pages that stay, and the choices of filters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from records.database import Database
from tests.builders import NOW
from tests.contract.transcripts.conftest import FATIMA, HASSAN, a_letter, a_turn
from transcripts.listing import During, Filters, Line, Listing, Place
from transcripts.remarks import Remarks
from transcripts.store import Transcripts
from transcripts.turns import Understood


@pytest.fixture
def listing(database: Database) -> Listing:
    """The list over the database."""
    return Listing(database)


def a_key(number: int) -> str:
    """The key of a made-up number."""
    return f"{number:032d}"


def said(lines: tuple[Line, ...]) -> list[str]:
    """What was last said in each line."""
    return [line.last_said for line in lines]


def test_pages_hold_every_conversation_once_the_latest_first(
    transcripts: Transcripts, listing: Listing
) -> None:
    # Three at each moment: the place must tell those of one moment apart.
    transcripts.record(
        a_turn(f"t{n}", NOW + timedelta(minutes=n // 3), a_key(n), said=str(n)) for n in range(11)
    )

    pages, after = [listing.page(Filters(), None, 4)], True
    while after:
        page = listing.page(Filters(), pages[-1].after, 4)
        pages.append(page)
        after = page.after is not None

    assert [4, 4, 3] == [len(page.lines) for page in pages]
    moments = [line.row.last_at for page in pages for line in page.lines]
    assert moments == sorted(moments, reverse=True)
    assert {str(n) for n in range(11)} == {one for page in pages for one in said(page.lines)}


def test_a_page_stays_while_others_go_on_talking(
    transcripts: Transcripts, listing: Listing
) -> None:
    transcripts.record(
        a_turn(f"t{n}", NOW + timedelta(minutes=n), a_key(n), said=str(n)) for n in range(6)
    )
    first = listing.page(Filters(), None, 3)

    transcripts.record([a_turn("new", NOW + timedelta(hours=1), a_key(5), said="encore")])

    assert ["2", "1", "0"] == said(listing.page(Filters(), first.after, 3).lines)


def test_each_filter_finds_what_it_names(transcripts: Transcripts, listing: Listing) -> None:
    transcripts.record(
        [
            a_turn("one", said="one", language="fr"),
            a_turn("two", number_key=HASSAN, said="two", language="ar", outcome="EngineSilent"),
        ]
    )
    transcripts.understand(
        [
            Understood("one", intent="apply", confidence=0.99, programme="asd"),
            Understood("two", intent="nlu_fallback", confidence=0.3),
        ]
    )
    transcripts.keep_letters([a_letter("l", number_key=HASSAN)])
    transcripts.keep_letters([a_letter("l", number_key=HASSAN, state="failed", code="30006")])

    fatima = (
        Filters(language="fr"),
        Filters(intent="apply"),
        Filters(programme="asd", provider="twilio", channel="whatsapp"),
        Filters(during=(During(f"whatsapp-{FATIMA}", NOW),)),
    )
    hassan = (
        Filters(is_unsure=True),
        Filters(has_fallback=True),
        Filters(has_error=True),
        Filters(is_undelivered=True, has_error=True),
    )
    nobody = (
        Filters(language="zgh"),
        Filters(language="fr", has_error=True),
        Filters(during=()),
        Filters(during=(During(f"whatsapp-{FATIMA}", NOW + timedelta(seconds=1)),)),
        Filters(until=NOW),
        Filters(since=NOW + timedelta(seconds=1)),
    )
    assert [["one"]] * 4 == [said(listing.page(each).lines) for each in fatima]
    assert [["two"]] * 4 == [said(listing.page(each).lines) for each in hassan]
    assert [[]] * 6 == [said(listing.page(each).lines) for each in nobody]
    assert 2 == len(listing.page(Filters(since=NOW, until=NOW + timedelta(seconds=1))).lines)


def test_a_letter_that_is_known_to_have_failed_when_it_comes_is_counted(
    transcripts: Transcripts, listing: Listing
) -> None:
    for _ in range(2):
        transcripts.keep_letters([a_letter("l", state="failed")])

    (line,) = listing.page(Filters(is_undelivered=True)).lines
    assert 1 == line.row.undelivered


def test_a_label_is_put_on_once_found_by_and_taken_away(
    transcripts: Transcripts, listing: Listing, database: Database
) -> None:
    transcripts.record([a_turn("one", said="one"), a_turn("two", number_key=HASSAN)])
    remarks, one = Remarks(database), listing.page(Filters()).lines
    number = next(line.row.id for line in one if line.last_said == "one")

    for _ in range(2):
        remarks.label(number, "à rappeler", "1")

    assert ["one"] == said(listing.page(Filters(label="à rappeler")).lines)
    assert ("à rappeler",) == listing.page(Filters(label="à rappeler")).lines[0].labels
    assert ["à rappeler"] == listing.choices()["label"]
    remarks.unlabel(number, "à rappeler")
    assert [] == said(listing.page(Filters(label="à rappeler")).lines)


def test_the_choices_are_those_that_were_recorded(
    transcripts: Transcripts, listing: Listing
) -> None:
    assert {"channel": [], "label": []}.items() <= listing.choices().items()

    transcripts.record([a_turn("one", language="zgh"), a_turn("two", number_key=HASSAN)])

    assert ["whatsapp"] == listing.choices()["channel"]
    assert ["zgh"] == listing.choices()["language"]


def test_the_mark_changes_with_every_word(transcripts: Transcripts, listing: Listing) -> None:
    marks = [listing.newest()]
    transcripts.record([a_turn("one")])
    marks.append(listing.newest())
    transcripts.record([a_turn("two")])
    marks.append(listing.newest())

    assert 3 == len(set(marks))
    assert marks[-1] == listing.newest()


@given(st.text(max_size=60) | st.from_regex(r"\A[0-9]{0,50}-[0-9]{0,50}\Z"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_for_a_place_is_one_or_is_refused(text: str) -> None:
    try:
        place = Place.read(text)
    except ValueError:
        return
    assert place == Place.read(str(place))


def test_views_are_their_owners_alone(database: Database) -> None:
    remarks = Remarks(database)
    remarks.keep_view("1", "à moi", {"channel": "sms"})
    remarks.keep_view("1", "à moi", {"channel": "ussd"})

    (mine,) = remarks.views("1")
    assert ("à moi", {"channel": "ussd"}) == (mine.name, mine.filters)
    remarks.drop_view("2", mine.id)
    assert [mine] == remarks.views("1")
    remarks.drop_view("1", mine.id)
    assert [] == remarks.views("1") + remarks.views("2")
