"""A USSD gateway's hop in our words, and ours in its own."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime

from channels.port import Capabilities, WebhookAnswer, WebhookCall
from channels.providers.ussd.dialect import Dialect
from channels.providers.ussd.settings import UssdSettings
from channels.rendering.pages import Budget
from core.errors import BadSignature, DeliveryRefused, MalformedPayload, UnknownChannel
from core.identifiers import read_number
from core.messages import ChannelKind, InboundMessage, SessionEvent
from core.outgoing import Outgoing

_LONGEST_SESSION = 200


class UssdProvider:
    """One service code at a gateway that speaks `dialect`."""

    kind = ChannelKind.USSD

    def __init__(self, settings: UssdSettings, dialect: Dialect) -> None:
        self.address = settings.address
        self.capabilities = Capabilities(
            deadline_seconds=dialect.deadline_seconds,
            budget=Budget(dialect.gsm7, dialect.ucs2),
        )
        self._secret = settings.secret.get_secret_value()
        self._dialect = dialect

    def verify(self, call: WebhookCall) -> None:
        """Check the shared secret of the gateway's address. Raises BadSignature."""
        if not hmac.compare_digest(call.query.get("secret", "").encode(), self._secret.encode()):
            raise BadSignature("the secret is missing or wrong")

    def read(self, call: WebhookCall) -> InboundMessage:
        """The hop. Raises MalformedPayload or UnknownChannel."""
        dialect = self._dialect
        names = (dialect.session, dialect.number, dialect.service_code, dialect.text)
        missing = [name for name in names if name not in call.form]
        if missing:
            raise MalformedPayload(f"missing: {', '.join(missing)}")
        session, number, code, text = (call.form[name] for name in names)
        if code.strip() != self.address:
            raise UnknownChannel("this service code is not served here")
        if not 0 < len(session) <= _LONGEST_SESSION:
            raise MalformedPayload(f"cannot be read: {dialect.session}")
        e164 = read_number(number)
        if e164 is None:
            raise MalformedPayload(f"cannot be read: {dialect.number}")
        return InboundMessage(
            channel=dialect.name,
            kind=self.kind,
            number=e164,
            message_id=f"{session}:{text}",
            received_at=datetime.now(UTC),
            text=text,
            cumulative=dialect.is_cumulative,
            session_id=session,
            session_event=SessionEvent.CONTINUE if text else SessionEvent.NEW,
        )

    def answer(self, call: WebhookCall, texts: Sequence[str], is_open: bool) -> WebhookAnswer:
        """The screen, with the gateway's word for going on or ending."""
        template = self._dialect.goes_on if is_open else self._dialect.ends
        body = template.replace("{text}", "\n".join(texts))
        return WebhookAnswer(body, self._dialect.content_type)

    def send(self, message: Outgoing) -> str:
        """Refuse: nothing can be sent on USSD outside of a hop."""
        raise DeliveryRefused("ussd")
