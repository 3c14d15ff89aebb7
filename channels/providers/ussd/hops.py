"""What one call of a gateway says: which event of which session, by whom, and with which text."""

from __future__ import annotations

from dataclasses import dataclass

from channels.port import WebhookCall
from channels.providers.ussd.codes import is_code, read_behind, serves
from channels.providers.ussd.dialect import Dialect
from channels.providers.ussd.places import Values
from channels.providers.ussd.rules import any_holds
from core.errors import MalformedPayload, UnknownChannel
from core.identifiers import read_number
from core.messages import SessionEvent

_LONGEST_SESSION = 200


@dataclass(frozen=True, slots=True)
class Hop:
    """A hop; `number` is empty where the gateway names the caller in the first hop alone.

    `opening` is the text, should an unmarked hop be the first of its session.
    """

    event: SessionEvent
    session: str
    number: str
    text: str
    opening: str | None
    identity: str
    step: int = 0


def find_event(dialect: Dialect, values: Values) -> SessionEvent:
    """Where the call stands in its session. Raises MalformedPayload."""
    rules = dialect.session
    if any_holds(rules.aborts, values):
        return SessionEvent.ABORT
    if any_holds(rules.begins, values):
        return SessionEvent.NEW
    if rules.continues and not any_holds(rules.continues, values):
        raise MalformedPayload(f"cannot be read: {rules.continues[0].field}")
    return SessionEvent.CONTINUE


def read_hop(call: WebhookCall, dialect: Dialect, address: str) -> Hop:
    """The hop. Raises MalformedPayload or UnknownChannel."""
    if call.method != dialect.method:
        raise MalformedPayload(f"this gateway calls by {dialect.method}")
    values = Values(call)
    event = find_event(dialect, values)
    _check_presence(dialect, values, event)
    fields = dialect.fields
    code = values.text(*fields.service_code) if fields.service_code else None
    if code is not None and event is not SessionEvent.ABORT and not serves(code, address):
        raise UnknownChannel("this service code is not served here")
    session = _session(dialect, values)
    number = _number(dialect, values)
    if event is SessionEvent.ABORT:
        return Hop(event, session, number, "", None, f"{session}:{event}")
    text = _text(dialect, values, event, address)
    opening = None
    if not dialect.session.begins and not dialect.input.cumulative:
        opening = _first(dialect, text, address)
    hop = values.text(*fields.hop) if fields.hop else None
    identity = text if dialect.input.cumulative else f"{hop or event}:{text}"
    step = _step(dialect, values)
    return Hop(event, session, number, text, opening, f"{session}:{identity}", step)


def _check_presence(dialect: Dialect, values: Values, event: SessionEvent) -> None:
    fields, rules = dialect.fields, dialect.session
    needed = {"session": fields.session}
    if event is SessionEvent.CONTINUE and "text" not in fields.optional:
        needed["text"] = fields.text
    if event is not SessionEvent.ABORT and "service_code" not in fields.optional:
        needed["service_code"] = fields.service_code
    if event is SessionEvent.NEW or not rules.number_once:
        needed["number"] = fields.number
    order = ("session", "number", "service_code", "text")
    places = [place for name in order if (place := needed.get(name))]
    missing = [place[0] for place in places if values.text(*place) is None]
    if missing:
        raise MalformedPayload(f"missing: {', '.join(_name(place) for place in missing)}")


def _session(dialect: Dialect, values: Values) -> str:
    if not dialect.fields.session:
        return ""
    session = values.text(*dialect.fields.session) or ""
    if not 0 < len(session) <= _LONGEST_SESSION:
        raise MalformedPayload(f"cannot be read: {_name(dialect.fields.session[0])}")
    return session


def _number(dialect: Dialect, values: Values) -> str:
    written = values.text(*dialect.fields.number)
    if written is None:
        return ""
    number = read_number(written)
    if number is None:
        raise MalformedPayload(f"cannot be read: {_name(dialect.fields.number[0])}")
    return number


def _step(dialect: Dialect, values: Values) -> int:
    """The gateway's count of the hops; 0 where it counts none or writes none."""
    written = values.text(*dialect.fields.step) if dialect.fields.step else None
    is_count = written is not None and written.isascii() and written.isdecimal()
    return int(written[:9]) if is_count and written else 0


def _text(dialect: Dialect, values: Values, event: SessionEvent, address: str) -> str:
    is_first = event is SessionEvent.NEW
    places = dialect.fields.first_text if is_first else None
    text = values.text(*(places or dialect.fields.text)) or ""
    if dialect.input.cumulative and dialect.input.first == "dialled":
        return read_behind(text, address) or ""
    if not is_first:
        return text
    if dialect.input.first == "dialled" and is_code(text) and read_behind(text, address) is None:
        raise UnknownChannel("this code is not served here")
    return _first(dialect, text, address)


def _first(dialect: Dialect, text: str, address: str) -> str:
    """What was dialled behind the code, as a first text tells; nothing where it tells of none."""
    match dialect.input.first:
        case "behind":
            return text
        case "dialled":
            return read_behind(text, address) or ""
    return ""


def _name(place: str) -> str:
    """The gateway's own name of a place, without its source."""
    return place.partition(".")[2]
