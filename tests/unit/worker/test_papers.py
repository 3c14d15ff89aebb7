"""A file that a citizen sent reaches the registry once, after its application, whatever fails."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from actions.registry.port import NOT_TAKEN
from actions.registry.shapes import NewDocument, Receipt
from core.errors import (
    RegistryError,
    RegistryRefused,
    RegistryTimeout,
    RegistryUnavailable,
)
from core.locked import lock
from core.references import in_groups
from records.media import MediaStore, Promised, media_context
from records.tables import MediaRow
from sandbox.phone.parcels import pack
from tests.unit.worker.citizens import hands_in
from tests.unit.worker.submitting import drain
from tests.unit.worker.workshop import Workshop
from worker.quiet_hours import QuietHours

PERSON = "p" * 32
PHOTO = pack("image").content


class Desk:
    """A worker with files that were fetched, on their way to the registry."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.papers = import_module("worker.papers")
        self.store = MediaStore(shop.database)

    def keep(self, reference: str, name: str = "1", content: bytes = PHOTO) -> str:
        """A file that came with what was handed in under a reference; its id."""
        identity, draft = f"file{name}", f"draft-{reference}"
        number_key = self.shop.pseudonyms.number("+212612345678")
        file = Promised(identity, PERSON, number_key, draft, "whatsapp", b"where")
        self.store.promise([file], 10)
        key, locked = lock(content, media_context(identity))
        told = orjson.dumps({"key": base64.b64encode(key).decode()})
        sealed = self.shop.seal.close(told, media_context(identity))
        self.store.keep(identity, "image/png", len(content), sealed, locked)
        return identity

    def handed_in(self, content: bytes = PHOTO) -> str:
        """An application that the registry has, with a file; the reference."""
        reference = hands_in(self.shop)
        drain(self.shop)
        self.keep(reference, content=content)
        return reference

    def round(self) -> None:
        """A round of the schedule, once what waited is due."""
        with self.shop.database.session() as session:
            due = {"not_before": MediaRow.created, "leased_until": None}
            session.execute(sa.update(MediaRow).values(**due))
        self.papers.pass_on()

    def row(self, name: str = "1") -> MediaRow:
        """A file as it lies in the records."""
        wanted = sa.select(MediaRow).where(MediaRow.id == f"file{name}")
        with self.shop.database.reading() as session:
            return session.scalars(wanted.options(sa.orm.undefer(MediaRow.content))).one()

    @property
    def arrived(self) -> list[tuple[str, bytes]]:
        """Application and content of what the registry took, in order."""
        return [(one.application, one.content) for one in self.shop.registry.documented]


@pytest.fixture
def desk(shop: Workshop) -> Desk:
    """A worker whose registry knows two people."""
    return Desk(shop)


def fails_once(desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: RegistryError) -> list[str]:
    """The registry fails on the first document, which it did not see; the keys it was asked for."""
    submit, seen = desk.shop.registry.submit_document, list[str]()

    def answer(document: NewDocument) -> Receipt:
        seen.append(document.idempotency_key)
        if len(seen) == 1:
            raise fault
        return submit(document)

    monkeypatch.setattr(desk.shop.registry, "submit_document", answer)
    return seen


def test_a_file_follows_its_application_and_is_destroyed_here(desk: Desk) -> None:
    reference = hands_in(desk.shop)
    desk.keep(reference)
    desk.round()
    before = desk.arrived
    drain(desk.shop)
    desk.round()

    assert [] == before
    assert [(reference, PHOTO)] == desk.arrived
    assert ("passed_on", b"", b"") == (
        desk.row().state,
        desk.row().sealed,
        desk.row().content,
    )


def test_a_file_that_was_fetched_late_goes_at_once(desk: Desk) -> None:
    reference = desk.handed_in()
    desk.papers.pass_on()

    assert [(reference, PHOTO)] == desk.arrived


@pytest.mark.parametrize("fault", [RegistryUnavailable("away"), RegistryTimeout("slow")])
def test_a_file_waits_for_a_registry_that_is_away(desk: Desk, fault: RegistryError) -> None:
    reference = desk.handed_in()
    desk.shop.registry.failure = fault
    for _ in range(12):
        desk.round()
    waiting = desk.row().state
    desk.shop.registry.failure = None
    desk.round()

    assert "kept" == waiting
    assert [(reference, PHOTO)] == desk.arrived
    assert [] == desk.shop.twilio.texts


def test_after_two_failures_the_round_ends(desk: Desk) -> None:
    reference = desk.handed_in()
    desk.keep(reference, "2")
    desk.keep(reference, "3")
    desk.shop.registry.failure = RegistryUnavailable("away")
    desk.round()

    assert [0, 1, 1] == sorted(desk.row(name).attempts for name in "123")


def test_a_file_whose_answer_got_lost_is_asked_about_and_not_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = desk.handed_in()
    desk.shop.registry.lost = RegistryTimeout("no answer")
    desk.round()
    unsure = desk.row().state
    desk.shop.registry.lost = None
    again: list[Any] = []
    monkeypatch.setattr(desk.shop.registry, "submit_document", again.append)
    desk.round()

    assert "kept" == unsure
    assert [] == again
    assert [(reference, PHOTO)] == desk.arrived
    assert "passed_on" == desk.row().state


def test_a_file_that_did_not_arrive_is_sent_again_under_its_key(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = desk.handed_in()
    keys = fails_once(desk, monkeypatch, RegistryTimeout("never read"))
    desk.round()
    desk.round()

    assert ["file1", "file1"] == keys
    assert [(reference, PHOTO)] == desk.arrived


def test_a_worker_that_dies_before_it_notes_the_receipt_does_no_harm(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = desk.handed_in()
    with monkeypatch.context() as patch:
        patch.setattr(MediaStore, "passed_on", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            desk.round()
    desk.round()

    assert [(reference, PHOTO)] == desk.arrived
    assert "passed_on" == desk.row().state


def test_what_the_registry_will_never_take_is_told_and_destroyed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = desk.handed_in()
    monkeypatch.setattr(QuietHours, "next_open", lambda _, now: now)
    fails_once(desk, monkeypatch, RegistryRefused(NOT_TAKEN))
    desk.round()
    desk.round()
    [text] = desk.shop.twilio.texts

    assert text.startswith("Le registre n'a pas pu prendre une photo")
    assert in_groups(reference) in text
    assert (NOT_TAKEN, b"") == (desk.row().outcome, desk.row().content)
    assert [] == desk.arrived


@pytest.mark.parametrize("reason", ["http.400", "http.403", "http.404"])
def test_a_refusal_that_nobody_foresaw_loses_no_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, reason: str
) -> None:
    reference = desk.handed_in()
    fails_once(desk, monkeypatch, RegistryRefused(reason))
    desk.round()
    waiting = desk.row()
    desk.round()

    assert ("kept", reason) == (waiting.state, waiting.outcome)
    assert [(reference, PHOTO)] == desk.arrived


def test_one_that_nobody_takes_for_a_month_is_told_and_destroyed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = desk.handed_in()
    monkeypatch.setattr(QuietHours, "next_open", lambda _, now: now)
    old = datetime.now(UTC) - timedelta(days=31)
    with desk.shop.database.session() as session:
        session.execute(sa.update(MediaRow).values(created=old))
    desk.shop.registry.failure = RegistryUnavailable("away")
    desk.round()

    assert ("passed_on", "RegistryUnavailable") == (desk.row().state, desk.row().outcome)
    assert [True] == [in_groups(reference) in text for text in desk.shop.twilio.texts]


def test_a_file_that_cannot_be_read_keeps_no_other_from_going(desk: Desk) -> None:
    reference = desk.handed_in()
    with desk.shop.database.session() as session:
        session.execute(sa.update(MediaRow).values(sealed=b"damaged"))
    desk.keep(reference, "2")
    desk.round()

    assert "unreadable" == desk.row().outcome
    assert [(reference, PHOTO)] == desk.arrived


def test_an_operator_sees_what_is_on_its_way(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    reference = desk.handed_in()
    desk.shop.registry.failure = RegistryUnavailable("away")
    desk.round()
    capsys.readouterr()
    code = import_module("worker.outbox.command").main(["papers"])
    said = capsys.readouterr().out

    assert 0 == code
    assert reference in said
    assert "RegistryUnavailable" in said
