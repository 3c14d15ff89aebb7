"""What staff write to a citizen who asked for a person, and what the citizen says of it.

It goes where the citizen is: WhatsApp while its day is open, else SMS. Each reply is recorded.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

from channels.rendering.screens import phone_text
from core.errors import StoreUnavailable, TokenRefused
from core.identifiers import is_phone
from core.logs import log
from core.messages import ChannelKind
from core.recorded import LETTER, STREAM, close_record
from core.staffed import RATE, RATINGS, REPLY, WAKE
from core.tasks import close_task, open_task
from records.handovers import handover_context
from records.takeovers import Takeovers
from transcripts.letters import Letter
from worker.app import app
from worker.archive import archive
from worker.awakening import ask, find_channel, find_waking
from worker.deliveries import deliver, drain
from worker.house import House, house
from worker.recording import record

_LOG = log(__name__)


@app.task(
    name=REPLY,
    autoretry_for=(StoreUnavailable,),
    retry_backoff=2,
    retry_backoff_max=60,
    max_retries=None,
)
def reply(argument: str) -> None:
    """Send what a person wrote, or the question how it was, and record it."""
    own = house()
    given = open_task(own.seal, argument)
    text = given["text"] or own.catalogs.say(given["language"], "notice_person_rate")
    number = _number(own, given)
    place = _place(own, given, number)
    letter: dict[str, Any] = {
        "key": given["key"],
        "name": given["conversation"],
        "number_key": given["number_key"],
        "kind": given["channel"],
        "channel": given["channel"],
        "provider": given["channel"],
        "at": datetime.now(UTC),
        "author": given["author"],
        "text": text,
    }
    if place is None:
        _LOG.warning("reply_unreachable")
        _record(Letter(**letter, state="dead", code="unreachable"))
        return
    channel, kind = place
    sent = phone_text(text, kind, given["language"])
    value = {"channel": channel, "number": number, "text": sent, "cause": given["key"]}
    deliver.delay(close_task(own.seal, value))
    _record(Letter(**letter))


@app.task(name=WAKE, autoretry_for=(StoreUnavailable,), retry_backoff=2, max_retries=5)
def wake(argument: str) -> None:
    """Ask a citizen to write on WhatsApp, so that staff can answer there again."""
    own = house()
    given = open_task(own.seal, argument)
    number = _number(own, given)
    channel = find_channel(own, ChannelKind.WHATSAPP)
    prepared = find_waking(own, channel, given["number_key"]) if channel and number else None
    if prepared is None:
        _LOG.warning("nobody_woken")
        return
    ask(own, channel, given["number_key"], number, prepared)
    drain.delay()


@app.task(
    name=RATE,
    autoretry_for=(StoreUnavailable,),
    retry_backoff=2,
    retry_backoff_max=60,
    max_retries=None,
)
def rate(argument: str) -> None:
    """Keep what the citizen said of the person's help."""
    given = open_task(house().seal, argument)
    if given["rating"] in RATINGS:
        Takeovers(house().database).rate(int(given["handover"]), given["rating"])


def _number(house: House, given: dict[str, Any]) -> str:
    """The number as it was left with the request, else as it was last heard, else empty."""
    context = handover_context(given["asked_in"])
    try:
        return house.seal.open(base64.b64decode(given["sealed"]), context).decode()
    except TokenRefused:
        heard = house.reach.find(given["number_key"])
        return heard.number if heard else ""


def _place(house: House, given: dict[str, Any], number: str) -> tuple[str, ChannelKind] | None:
    """The channel that a reply goes by, and its kind."""
    wanted = [ChannelKind.SMS] if is_phone(number) else []
    heard = house.reach.find(given["number_key"])
    window = timedelta(hours=house.settings.whatsapp_window_hours)
    is_chat = given["channel"] == ChannelKind.WHATSAPP.value
    if is_chat and heard is not None and datetime.now(UTC) - heard.at < window:
        wanted.insert(0, ChannelKind.WHATSAPP)
    for kind in wanted if number else ():
        for name, provider in house.channels.items():
            if provider.kind is kind and provider.capabilities.can_send:
                return name, kind
    return None


def _record(letter: Letter) -> None:
    own = archive()
    own.store.xadd(STREAM, {LETTER: close_record(house().seal, letter.to_json())})
    record.delay()
