"""Twilio's webhook in our words, and our answer as TwiML or through its REST API.

Fields and signature follow Twilio's messaging webhooks: the signature covers the public address
and every field received, known or not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from channels.port import Capabilities, WebhookAnswer, WebhookCall
from channels.providers.twilio.http import RootedHttpClient
from channels.providers.twilio.sending import Sending
from channels.providers.twilio.settings import TwilioSettings
from channels.rendering.pieces import pieces
from core.errors import BadSignature, MalformedPayload, UnknownChannel
from core.identifiers import read_number
from core.messages import ChannelKind, Content, InboundMessage
from core.outgoing import Outgoing

_REQUIRED = ("MessageSid", "From", "To")
_WHATSAPP = "whatsapp:"
_OPTED = {"STOP": "STOP", "START": "START"}


class TwilioProvider:
    """One WhatsApp or SMS sender at Twilio."""

    def __init__(self, settings: TwilioSettings) -> None:
        self.kind = ChannelKind(settings.kind)
        self.address = settings.address
        # Twilio gives up after 15 s; what takes longer than this is sent by REST.
        self.capabilities = Capabilities(deadline_seconds=10.0, can_send=True)
        self._prefix = _WHATSAPP if self.kind is ChannelKind.WHATSAPP else ""
        token = settings.auth_token.get_secret_value()
        self._validator = RequestValidator(token)
        client = Client(settings.account_sid, token, http_client=RootedHttpClient(settings.api_url))
        self._sending = Sending(client, self._prefix, self.address)

    def verify(self, call: WebhookCall) -> None:
        """Check X-Twilio-Signature over all fields. Raises BadSignature."""
        signature = call.headers.get("X-Twilio-Signature", "")
        if not self._validator.validate(call.url, call.form, signature):
            raise BadSignature("the signature is missing or wrong")

    def read(self, call: WebhookCall) -> InboundMessage:
        """The message. Raises MalformedPayload or UnknownChannel."""
        form = call.form
        missing = [name for name in _REQUIRED if not form.get(name)]
        if missing:
            raise MalformedPayload(f"missing: {', '.join(missing)}")
        if form["To"] != self._prefix + self.address:
            raise UnknownChannel("this sender is not served here")
        number = read_number(form["From"].removeprefix(_WHATSAPP))
        if number is None:
            raise MalformedPayload("cannot be read: From")
        return InboundMessage(
            channel="twilio",
            kind=self.kind,
            number=number,
            message_id=form["MessageSid"],
            received_at=datetime.now(UTC),
            text=_text(form),
            content=_content(form.get("NumMedia", "0"), form.get("Latitude", "")),
        )

    def answer(self, call: WebhookCall, texts: Sequence[str], is_open: bool) -> WebhookAnswer:
        """The texts as TwiML, in pieces that Twilio takes."""
        response = MessagingResponse()
        for text in texts:
            for piece in pieces(text, self.capabilities.longest_text):
                response.message(piece)
        return WebhookAnswer(response.to_xml(), "text/xml; charset=utf-8")

    def send(self, message: Outgoing) -> str:
        """Send by REST and return the MessageSid. Raises DeliveryError."""
        return self._sending.send(message)


def _text(form: Mapping[str, str]) -> str:
    """What was written, or where a shared place is, as latitude and longitude."""
    if form.get("Latitude"):
        return f"{form['Latitude']},{form.get('Longitude', '')}"
    # A keyword of the operator's own that Twilio took for STOP or START is read as that.
    return _OPTED.get(form.get("OptOutType", ""), form.get("Body", ""))


def _content(media: str, latitude: str) -> Content:
    if latitude:
        return Content.LOCATION
    return Content.MEDIA if media.isdecimal() and int(media) else Content.TEXT
