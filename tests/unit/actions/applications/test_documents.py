"""A photograph or a PDF goes with the request that asks for papers, and with nothing else."""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa
from celery import Celery

from core.privacy import Seal
from core.tasks import open_task
from records.media import media_context
from records.tables import MediaRow
from tests.builders import KEY
from tests.unit.actions.applications.filling import Filler, at_the_summary, handed_in
from tests.unit.actions.world import KHADIJA, ZINEB, World

URL = "https://api.twilio.com/file"


def send(filler: Filler, message: str = "m1", count: int = 1) -> list[dict[str, Any]]:
    """Send files, as the door tells of them, and hear what becomes of them."""
    files = [{"url": f"{URL}{n}", "content_type": "image/png"} for n in range(count)]
    value = {"channel": "whatsapp", "message": message, "files": files}
    token = filler.seal(orjson.dumps(value).decode(), "document")
    filler.hear("send_document", document=token)
    return filler.responses("action_take_document")


def keys(told: list[dict[str, Any]]) -> list[str]:
    """The response keys of what was told."""
    return [one["response"] for one in told]


def rows(world: World) -> list[MediaRow]:
    """The files in the records."""
    with world.database.reading() as session:
        return list(session.scalars(sa.select(MediaRow).order_by(MediaRow.created, MediaRow.id)))


def queued(world: World, name: str) -> list[dict[str, Any]]:
    """The tasks of a name in the broker, opened."""
    found = []
    with Celery("reader", broker=world.settings.broker_url).connection_for_read() as connection:
        queue = connection.SimpleQueue("celery")
        while True:
            try:
                message = queue.get(block=False)
            except queue.Empty:
                break
            message.ack()
            if message.headers["task"] == name:
                given = message.payload[0]
                found.append(open_task(Seal(KEY), given[0]) if given else {})
        queue.close()
    return found


def test_a_file_is_given_a_place_with_the_request_and_fetched_by_the_worker(world: World) -> None:
    chat = Filler(world, "whatsapp").verified().begin()
    told = send(chat)
    [row] = rows(world)
    opened = orjson.loads(Seal(KEY).open(row.sealed, media_context(row.id)))

    assert ["utter_document_taken", "utter_document_originals"] == keys(told)
    assert "1" == told[0]["count"]
    assert (chat.slots["draft"], world.pseudonyms.person(KHADIJA)) == (row.draft_id, row.person_key)
    assert ("whatsapp", "wanted") == (row.channel, row.state)
    assert {"url": f"{URL}0", "content_type": "image/png"} == opened
    assert [{}] == queued(world, "worker.media.fetch")


def test_the_question_stays_open_and_the_next_answer_goes_on(world: World) -> None:
    chat = Filler(world, "whatsapp").verified().begin()
    send(chat)

    assert "Avec quoi vous chauffez-vous ?" == chat.type("2").question()


def test_a_file_told_twice_has_one_place(world: World) -> None:
    chat = Filler(world, "whatsapp").verified().begin()
    send(chat)
    told = send(chat)

    assert "1" == told[0]["count"]
    assert 1 == len(rows(world))


def test_there_are_so_many_places_and_the_rest_is_discarded(world: World) -> None:
    chat = Filler(world, "whatsapp").verified().begin()
    send(chat, count=9)
    partly = send(chat, "m2", count=3)
    none = send(chat, "m3")

    assert "10" == partly[0]["count"]
    assert ["utter_document_too_many"] == keys(none)
    assert [f"{URL}1", f"{URL}2", f"{URL}0"] == [
        value["url"] for value in queued(world, "worker.media.discard")
    ]


def test_a_file_nothing_asked_for_is_not_kept_and_discarded(world: World) -> None:
    chat = Filler(world, "whatsapp").verified()
    told = send(chat)

    assert ["utter_document_not_asked", "utter_what_next"] == keys(told)
    assert [] == rows(world)
    assert [{"channel": "whatsapp", "url": f"{URL}0"}] == queued(world, "worker.media.discard")


def test_a_complaint_asks_for_no_papers(world: World) -> None:
    chat = Filler(world, "whatsapp").verified()
    chat.hear("report_problem")
    chat.run("action_begin_procedure")
    chat.enter()

    assert ["utter_document_not_asked"] == keys(send(chat))
    assert [] == rows(world)


def test_somebody_else_who_is_verified_now_adds_nothing_to_the_request(world: World) -> None:
    chat = Filler(world, "whatsapp").verified().begin()
    chat.verified(ZINEB)

    assert ["utter_document_not_asked"] == keys(send(chat))
    assert [] == rows(world)


def test_nobody_who_is_no_longer_verified_adds_to_the_request(world: World) -> None:
    chat = Filler(world, "whatsapp").verified().begin()
    world.services.verification.forget(chat.who)

    assert ["utter_document_not_asked"] == keys(send(chat))


def test_a_token_that_is_gone_is_said(world: World) -> None:
    chat = Filler(world, "whatsapp").verified().begin()
    chat.hear("send_document", document="[[document:gone:]]")

    assert ["utter_document_again"] == keys(chat.responses("action_take_document"))


def test_the_papers_are_named_at_the_summary_on_whatsapp_alone(
    world: World, filler: Filler
) -> None:
    at_the_summary(filler)
    on_ussd = filler.heard()
    chat = Filler(world, "whatsapp").verified().begin().choose("go_on")
    named = next(one for one in chat.told if one["response"] == "utter_application_papers")
    send(chat)
    counted = next(one for one in chat.ask().told if one["response"] == "utter_application_files")

    assert "utter_application_papers" not in on_ussd
    assert "- Le certificat de résidence" == named["papers"]
    assert "1" == counted["count"]


def test_what_is_handed_in_keeps_its_files_by_its_key(world: World) -> None:
    chat = at_the_summary(Filler(world, "whatsapp").verified())
    send(chat)
    chat.choose("send").choose("no").choose("yes")
    [row] = rows(world)

    assert [row.draft_id] == [value["idempotency_key"] for value in handed_in(world)]
