"""What staff write reaches the citizen by the way that is open, and is recorded as theirs."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
import redis
import sqlalchemy as sa

from core.messages import ChannelKind
from core.reach import Heard, Reach
from core.tasks import close_task
from records.handovers import Asked, Handovers, handover_context
from records.takeovers import Takeovers
from tests.builders import NUMBER
from tests.unit.worker.workshop import Workshop
from transcripts.tables import ConversationRow, LetterRow


def write(workshop: Workshop, kind: str, text: str = "Bonjour", **changes: Any) -> None:
    """Have a reply sent as the console does; the request was made on `kind`."""
    number_key = workshop.pseudonyms.number(NUMBER)
    asked_in = f"{kind}-{number_key}"
    channel = "sms" if kind == "ussd" else kind
    sealed = workshop.seal.close(NUMBER.encode(), handover_context(asked_in))
    value: dict[str, Any] = {
        "key": "reply-1",
        "conversation": f"{channel}-{number_key}",
        "asked_in": asked_in,
        "number_key": number_key,
        "channel": channel,
        "language": "fr",
        "sealed": base64.b64encode(sealed).decode(),
        "author": "2",
        "text": text,
        **changes,
    }
    import_module("worker.replies").reply(close_task(workshop.seal, value))


def letters(workshop: Workshop) -> list[LetterRow]:
    """The messages of staff in the transcripts."""
    with workshop.database.reading() as session:
        rows = list(session.scalars(sa.select(LetterRow)))
        session.expunge_all()
        return rows


def sent(workshop: Workshop) -> list[tuple[str, str]]:
    """What Twilio was asked to send: to whom, and the text."""
    return workshop.twilio.taken


@pytest.mark.parametrize("kind", ["ussd", "sms"])
def test_a_caller_and_who_writes_sms_get_it_by_sms(workshop: Workshop, kind: str) -> None:
    write(workshop, kind)

    assert [(NUMBER, "Bonjour")] == sent(workshop)
    (letter,) = letters(workshop)
    assert ("2", "Bonjour") == (letter.author, letter.text)
    with workshop.database.reading() as session:
        assert "sms" == session.get_one(ConversationRow, letter.conversation_id).kind


@pytest.mark.parametrize(("hours", "prefix"), [(1, "whatsapp:"), (25, "")])
def test_whatsapp_while_its_day_is_open_and_sms_after(
    workshop: Workshop, store: redis.Redis, hours: int, prefix: str
) -> None:
    heard = Heard(NUMBER, ChannelKind.WHATSAPP, datetime.now(UTC) - timedelta(hours=hours))
    Reach(store, workshop.seal).heard(workshop.pseudonyms.number(NUMBER), heard)

    write(workshop, "whatsapp")

    assert [(f"{prefix}{NUMBER}", "Bonjour")] == sent(workshop)


def test_who_cannot_be_reached_is_told_to_staff(workshop: Workshop) -> None:
    write(workshop, "sms", sealed="")

    assert [] == sent(workshop)
    assert [("dead", "unreachable")] == [(one.state, one.code) for one in letters(workshop)]


def test_without_words_it_is_the_question_how_it_was(workshop: Workshop) -> None:
    write(workshop, "sms", text="")

    ((_, text),) = sent(workshop)
    assert ["1 Oui", "2 En partie", "3 Non"] == text.splitlines()[1:]


def test_the_answer_to_it_is_kept(workshop: Workshop) -> None:
    handover = Handovers(workshop.database).ask(Asked("n", "sms-n", "sms", "fr", "", "", b""))
    takeovers = Takeovers(workshop.database)
    takeovers.claim(handover.id, "2")
    takeovers.hand_back(handover.id, "2", "note")
    given = {"handover": handover.id, "rating": "1"}

    import_module("worker.replies").rate(close_task(workshop.seal, given))

    takeover = takeovers.find(handover.id)
    assert takeover is not None
    assert "1" == takeover.rating


@pytest.mark.parametrize(
    ("reports", "state", "code"),
    [
        ([], "sent", ""),
        ([("delivered", "")], "delivered", ""),
        ([("undelivered", "30005")], "undelivered", "30005"),
    ],
)
def test_the_transcript_says_what_became_of_a_reply(
    workshop: Workshop, reports: list[tuple[str, str]], state: str, code: str
) -> None:
    following = import_module("worker.following")
    write(workshop, "sms", key="reply-2")
    before = letters(workshop)[0].state
    for status, why in reports:
        workshop.report(status, why)
    following.follow()
    following.follow()
    (letter,) = letters(workshop)

    assert ("queued", state) == (before, letter.state)
    assert code == letter.code
    with workshop.database.reading() as session:
        row = session.get_one(ConversationRow, letter.conversation_id)
        assert int(state == "undelivered") == row.undelivered


@pytest.mark.parametrize("has_template", [True, False])
def test_beyond_the_window_the_citizen_is_asked_to_write_once(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch, has_template: bool
) -> None:
    template = "HX" + "a" * 32
    if has_template:
        monkeypatch.setenv(
            "TWIZA_CHANNEL_WHATSAPP_WAKING_TEMPLATES", f"ar:{template},fr:{template}"
        )
        workshop.house.house.cache_clear()
    number_key = workshop.pseudonyms.number(NUMBER)
    asked_in = f"whatsapp-{number_key}"
    sealed = workshop.seal.close(NUMBER.encode(), handover_context(asked_in))
    value = {
        "asked_in": asked_in,
        "number_key": number_key,
        "sealed": base64.b64encode(sealed).decode(),
    }
    for _ in range(2):
        import_module("worker.replies").wake(close_task(workshop.seal, value))

    assert [template] * has_template == [one.content for one in workshop.twilio.kept]
