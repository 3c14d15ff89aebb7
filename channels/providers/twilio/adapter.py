"""Twilio's webhook in our words, and our answer as TwiML or through its REST API.

Fields and signature follow Twilio's messaging webhooks: the signature covers the public address
and every field received, known or not.
"""

from __future__ import annotations

from collections.abc import Sequence

from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from channels.port import Capabilities, WebhookAnswer, WebhookCall
from channels.providers.twilio.contents import Contents
from channels.providers.twilio.http import RootedHttpClient
from channels.providers.twilio.inbound import WHATSAPP, check_fields, read_form
from channels.providers.twilio.sending import Sending
from channels.providers.twilio.settings import TwilioSettings
from channels.providers.twilio.signature import Signature
from channels.rendering.pieces import pieces
from core.errors import BadSignature, UnknownChannel
from core.messages import ChannelKind, InboundMessage
from core.outgoing import Outgoing


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
        contents = Contents(client) if taps else None
        self._sending = Sending(client, self._prefix, self.address, contents)

    def verify(self, call: WebhookCall) -> None:
        """Check X-Twilio-Signature over all fields. Raises BadSignature."""
        if not self._signature.holds(call):
            raise BadSignature("the signature is missing or wrong")

    def read(self, call: WebhookCall) -> InboundMessage:
        """The message. Raises MalformedPayload or UnknownChannel."""
        check_fields(call.form)
        if call.form["To"] != self._prefix + self.address:
            raise UnknownChannel("this sender is not served here")
        return read_form(self.kind, call.form)

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
