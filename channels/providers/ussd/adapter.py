"""A USSD gateway's hop in our words, and ours in its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from channels.port import Capabilities, WebhookAnswer, WebhookCall
from channels.providers.ussd.answers import Answer, fill_query
from channels.providers.ussd.authentication import Guard
from channels.providers.ussd.dialect import Dialect
from channels.providers.ussd.hops import find_event, read_hop
from channels.providers.ussd.places import Scalar, Values
from channels.providers.ussd.templates import Fill
from channels.rendering.pages import Budget
from core.errors import DeliveryRefused
from core.messages import ChannelKind, InboundMessage, SessionEvent
from core.outgoing import Outgoing


class UssdProvider:
    """One service code at a gateway that speaks `dialect`."""

    kind = ChannelKind.USSD

    def __init__(self, address: str, dialect: Dialect, guard: Guard) -> None:
        self.address = address
        limits = dialect.limits
        self.capabilities = Capabilities(
            deadline_seconds=limits.deadline_seconds,
            budget=Budget(limits.gsm7, limits.ucs2),
            session_seconds=dialect.session.seconds,
            names_callers_once=dialect.session.number_once,
            names_calls=dialect.fields.session is not None,
        )
        self._dialect = dialect
        self._guard = guard

    def verify(self, call: WebhookCall) -> None:
        """Check that the call is the gateway's. Raises BadSignature or MalformedPayload."""
        self._guard.check(call)

    def read(self, call: WebhookCall) -> InboundMessage:
        """The hop. Raises MalformedPayload or UnknownChannel."""
        hop = read_hop(call, self._dialect, self.address)
        return InboundMessage(
            channel=self._dialect.name,
            kind=self.kind,
            number=hop.number,
            message_id=hop.identity,
            received_at=datetime.now(UTC),
            text=hop.text,
            cumulative=self._dialect.input.cumulative,
            session_id=hop.session,
            session_event=hop.event,
            repeat_window_seconds=self._dialect.session.duplicate_window,
            opening=hop.opening,
            step=hop.step,
        )

    def answer(self, call: WebhookCall, texts: Sequence[str], is_open: bool) -> WebhookAnswer:
        """The screen as the gateway reads it, echoing what it wants back."""
        values = Values(call)
        shown = "\n".join(texts)

        def fill(name: str) -> Scalar | None:
            match name:
                case "text":
                    return shown
                case "address":
                    return self.address
                case "again":
                    return self._again(call, fill)
            return values.find(name)

        return self._dialect.answer.write(self._kind(values, is_open), fill)

    def send(self, message: Outgoing) -> str:
        """Refuse: nothing can be sent on USSD outside of a hop."""
        raise DeliveryRefused("ussd")

    def _kind(self, values: Values, is_open: bool) -> Answer:
        answers = self._dialect.answer
        event = find_event(self._dialect, values)
        if event is SessionEvent.ABORT:
            return answers.abort
        stays_open = answers.first_stays_open and event is SessionEvent.NEW
        return answers.open if is_open or stays_open else answers.end

    def _again(self, call: WebhookCall, fill: Fill) -> str:
        """Our own address, with what proves the gateway and what the dialect adds."""
        asked = self._dialect.authentication
        places = [place.split(".", 1) for place in (asked.secret, asked.user, asked.password)]
        names = [name for source, name in places if source == "query" and name in call.query]
        query = {name: call.query[name] for name in names}
        added = fill_query(self._dialect.answer.again, fill)
        return f"{call.url.partition('?')[0]}?{urlencode(query | added)}"
