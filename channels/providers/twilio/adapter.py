"""Twilio's webhook in our words, and our answer as TwiML or through its REST API.

Fields and signature follow Twilio's messaging webhooks: the signature covers the public address
and every field received, known or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from channels.port import Capabilities, WebhookAnswer, WebhookCall
from channels.providers.twilio.contents import Contents
from channels.providers.twilio.errors import explain
from channels.providers.twilio.http import RootedHttpClient
from channels.providers.twilio.inbound import WHATSAPP, check_fields, read_form
from channels.providers.twilio.listing import Listing
from channels.providers.twilio.media import TwilioMedia
from channels.providers.twilio.reports import read_report
from channels.providers.twilio.sending import Sending
from channels.providers.twilio.settings import TwilioSettings
from channels.providers.twilio.signature import Signature
from channels.rendering.pieces import pieces
from core.errors import BadSignature, UnknownChannel
from core.messages import ChannelKind, InboundMessage, Media
from core.outgoing import ErrorCode, Fate, Outgoing, Prepared

_TOKEN: Final = "i-twilio-idempotency-token"
_LONGEST: Final = 200


def open_client(settings: TwilioSettings) -> Client:
    """Twilio's own client for the account and the roots of the settings."""
    http = RootedHttpClient(settings.api_url, settings.content_url)
    token = settings.auth_token.get_secret_value()
    return Client(settings.account_sid, token, http_client=http)


class TwilioProvider:
    """One WhatsApp or SMS sender at Twilio."""

    def __init__(self, settings: TwilioSettings) -> None:
        self.kind = ChannelKind(settings.kind)
        self.address = settings.address
        # Twilio gives up after 15 s; what takes longer than this is sent by REST.
        taps = settings.buttons and self.kind is ChannelKind.WHATSAPP
        self.capabilities = Capabilities(deadline_seconds=10.0, can_send=True, taps=taps)
        self._prefix = WHATSAPP if self.kind is ChannelKind.WHATSAPP else ""
        token = settings.auth_token.get_secret_value()
        before = settings.previous_auth_token.get_secret_value()
        self._signature = Signature([token, before] if before else [token])
        client = open_client(settings)
        self._contents = Contents(client) if self.kind is ChannelKind.WHATSAPP else None
        to_tap = self._contents if taps else None
        self._sending = Sending(client, self._prefix, self.address, to_tap)
        self._listing = Listing(client, self._prefix, self.address)
        self._waking = settings.waking
        self._media = TwilioMedia(settings)

    def verify(self, call: WebhookCall) -> None:
        """Check X-Twilio-Signature over all fields. Raises BadSignature."""
        if not self._signature.holds(call):
            raise BadSignature("the signature is missing or wrong")

    def read(self, call: WebhookCall) -> InboundMessage:
        """The message. Raises MalformedPayload or UnknownChannel."""
        headers = {name.lower(): value for name, value in call.headers.items()}
        return replace(self._read(call.form), delivery_token=headers.get(_TOKEN, "")[:_LONGEST])

    def _read(self, form: Mapping[str, str]) -> InboundMessage:
        check_fields(form)
        if form["To"] != self._prefix + self.address:
            raise UnknownChannel("this sender is not served here")
        return read_form(self.kind, form)

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

    def fetch(self, media: Media, most: int) -> bytes:
        """A file that came with a message. Raises ProviderUnavailable or MediaRefused."""
        return self._media.fetch(media, most)

    def discard(self, media: Media) -> None:
        """Have Twilio forget a file. Raises ProviderUnavailable or MediaRefused."""
        self._media.discard(media)

    def carry(self, messages: Sequence[Outgoing]) -> WebhookAnswer:
        """The messages as TwiML, each with the address at which its fate is told."""
        response = MessagingResponse()
        for message in messages:
            response.message(message.text, action=message.report)
        return WebhookAnswer(response.to_xml(), "text/xml; charset=utf-8")

    def read_report(self, call: WebhookCall) -> Fate:
        """The status callback of a message. Raises MalformedPayload."""
        return read_report(call)

    def explain(self, code: str) -> ErrorCode:
        """What one of Twilio's codes means; an unknown one is tried again."""
        return explain(code)

    def fate(self, provider_id: str) -> Fate | None:
        """What became of a message, or None where Twilio has none. Raises DeliveryError."""
        return self._listing.fate(provider_id)

    def sent_to(self, number: str, since: datetime) -> list[Fate]:
        """The messages sent to a number since then, the newest first. Raises DeliveryError."""
        return self._listing.sent_to(number, since)

    def received(self, since: datetime) -> Iterator[InboundMessage]:
        """The messages received since then, the oldest first. Raises DeliveryError."""
        for form, at in self._listing.received(since):
            yield replace(self._read(form), received_at=at)

    def waking(self, language: str) -> Prepared | None:
        """The approved template that says a message waits: of the settings, else of ours."""
        if self._contents is None:
            return None
        name = self._waking.get(language) or self._contents.find_waking(language)
        return Prepared(name) if name else None
