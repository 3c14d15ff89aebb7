"""A file is fetched, checked, kept encrypted and deleted at its provider, or its sender is told."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

import orjson
import pytest
import sqlalchemy as sa

from core.errors import ProviderUnavailable
from core.locked import unlock
from core.messages import ChannelKind
from core.reach import Heard
from core.tasks import close_task
from records.media import MediaStore, Promised, media_context
from records.rights import Rights
from records.tables import MediaRow
from sandbox.phone.parcels import pack
from tests.builders import NUMBER
from tests.unit.worker.workshop import ACCOUNT, Workshop

PATH = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{'0' * 32}/Media/ME"
PERSON = "p" * 32


class Desk:
    """Somebody who sends files over SMS, and what becomes of them."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.media = import_module("worker.media")
        self.house = workshop.house.house()
        self.store = MediaStore(workshop.database)
        self.number_key = workshop.pseudonyms.number(NUMBER)
        self.house.numbers.choose_language(self.number_key, "fr")
        self.house.consents.give(self.number_key, "1", "fr", "sms")
        self.house.reach.heard(self.number_key, Heard(NUMBER, ChannelKind.SMS, datetime.now(UTC)))

    def send(self, content: bytes, name: str = "1", url: str = "") -> str:
        """Promise a file a place, with what Twilio holds under its address; its id."""
        identity = f"file{name}"
        self.workshop.twilio.files[f"{PATH}{name}"] = content
        told = {"url": url or f"https://api.twilio.com{PATH}{name}", "content_type": "image/png"}
        sealed = self.workshop.seal.close(orjson.dumps(told), media_context(identity))
        file = Promised(identity, PERSON, self.number_key, "draft", "sms", sealed)
        self.store.promise([file], 10)
        return identity

    def row(self, identity: str) -> MediaRow:
        """A file as it lies in the records."""
        with self.workshop.database.reading() as session:
            return session.scalars(sa.select(MediaRow).where(MediaRow.id == identity)).one()


@pytest.fixture
def desk(workshop: Workshop) -> Desk:
    """Somebody who sends files."""
    return Desk(workshop)


def test_a_photograph_is_kept_encrypted_and_deleted_at_twilio(desk: Desk) -> None:
    content = pack("image").content
    identity = desk.send(content)
    desk.media.fetch()
    row = desk.row(identity)
    told = orjson.loads(desk.workshop.seal.open(row.sealed, media_context(identity)))
    locked = desk.store.content(identity)

    assert ("kept", "image/png", len(content)) == (row.state, row.content_type, row.size)
    assert {"key"} == told.keys()
    assert content == unlock(base64.b64decode(told["key"]), locked, media_context(identity))
    assert content not in locked
    assert {} == desk.workshop.twilio.files
    assert [] == desk.workshop.twilio.texts


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a", "Le fichier envoyé ne peut pas servir"),
        (b"\x89PNG\r\n\x1a\n" + bytes(9 * 1024 * 1024), "Le fichier envoyé est trop grand"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_and_deleted(
    desk: Desk, content: bytes, words: str
) -> None:
    identity = desk.send(content)
    desk.media.fetch()

    assert "refused" == desk.row(identity).state
    assert [True] == [text.startswith(words) for text in desk.workshop.twilio.texts]
    assert {} == desk.workshop.twilio.files


def test_an_address_elsewhere_is_refused_and_told(desk: Desk) -> None:
    identity = desk.send(b"secret", url="http://169.254.169.254/latest")
    desk.media.fetch()

    assert ("refused", "elsewhere") == (desk.row(identity).state, desk.row(identity).outcome)
    assert 1 == len(desk.workshop.twilio.texts)


def test_nobody_is_written_to_who_wants_no_messages(desk: Desk) -> None:
    desk.house.numbers.opt_out(desk.number_key)
    desk.send(b"GIF89a")
    desk.media.fetch()

    assert [] == desk.workshop.twilio.texts


def test_a_twilio_that_is_away_is_asked_again_later(desk: Desk) -> None:
    identity = desk.send(pack("pdf").content)
    desk.workshop.twilio.file_script += [503]
    desk.media.fetch()
    waiting = desk.row(identity)
    with desk.workshop.database.session() as session:
        session.execute(sa.update(MediaRow).values(not_before=MediaRow.created))
    desk.media.fetch()

    assert ("wanted", "503") == (waiting.state, waiting.outcome)
    assert ("kept", "application/pdf") == (
        desk.row(identity).state,
        desk.row(identity).content_type,
    )


def test_a_file_whose_sender_was_erased_is_not_kept_and_deleted_at_twilio(desk: Desk) -> None:
    desk.send(pack("image").content)
    leased = desk.store.lease_wanted(1, 60)
    Rights(desk.workshop.database, desk.house.audit).erase(PERSON, desk.number_key, "sms")
    desk.media._fetch(desk.house, leased[0])

    assert {} == desk.workshop.twilio.files
    with desk.workshop.database.reading() as session:
        assert [] == list(session.scalars(sa.select(MediaRow)))


def test_a_file_nobody_wants_is_deleted_at_twilio(desk: Desk) -> None:
    desk.workshop.twilio.files[f"{PATH}9"] = b"voice"
    discard(desk, f"https://api.twilio.com{PATH}9")

    assert {} == desk.workshop.twilio.files


def discard(desk: Desk, url: str, channel: str = "sms") -> Any:
    """Have a file discarded, as the door asks for it."""
    return desk.media.discard(close_task(desk.workshop.seal, {"channel": channel, "url": url}))


def test_a_deletion_that_fails_is_tried_again(desk: Desk) -> None:
    desk.workshop.twilio.files[f"{PATH}9"] = b"voice"
    desk.workshop.twilio.file_script += [503]

    with pytest.raises(ProviderUnavailable):
        discard(desk, f"https://api.twilio.com{PATH}9")


@pytest.mark.parametrize("url", ["https://evil.example/x", ""])
def test_a_deletion_elsewhere_is_given_up(desk: Desk, url: str) -> None:
    discard(desk, url)
    discard(desk, url, channel="pigeon")

    assert 0 == desk.workshop.twilio.files_asked


def test_what_belongs_to_nothing_is_forgotten_each_night(desk: Desk) -> None:
    identity = desk.send(pack("image").content)
    desk.media.fetch()
    with desk.workshop.database.session() as session:
        old = datetime(2026, 1, 1, tzinfo=UTC)
        session.execute(sa.update(MediaRow).values(created=old))
    desk.workshop.retention.forget()

    assert b"" == desk.store.content(identity)
