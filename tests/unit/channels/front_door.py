"""A whole door over HTTP, called as Twilio and a USSD gateway call it, and the outbox behind it."""

from __future__ import annotations

import itertools
from typing import Any, Final
from xml.etree import ElementTree

import redis
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from channels.app import create_app
from channels.settings import DoorSettings
from core.environment import read_settings
from core.privacy import Pseudonyms, Seal
from records.database import open_database
from records.message_tables import OutboxMessage
from records.outbox import Outbox
from tests.builders import KEY, NUMBER
from tests.unit.channels.stored import stored

PUBLIC: Final = "https://door.example"
TOKEN: Final = "an-auth-token-for-tests"
SECRET: Final = "a-secret-of-the-gateway"
SETTINGS: Final = {
    "DOOR_PUBLIC_URL": PUBLIC,
    "CHANNELS": "ussd:ussd,sms:twilio",
    "CHANNEL_USSD_DIALECT": "africastalking",
    "CHANNEL_USSD_ADDRESS": "*555#",
    "CHANNEL_USSD_SECRET": SECRET,
    "CHANNEL_SMS_KIND": "sms",
    "CHANNEL_SMS_ADDRESS": "+212520000002",
    "CHANNEL_SMS_ACCOUNT_SID": "AC" + "1" * 32,
    "CHANNEL_SMS_AUTH_TOKEN": TOKEN,
}


class FrontDoor:
    """The door; `outbox` is where its answers stand, `seal` and `pseudonyms` open and name them."""

    def __init__(self, records_url: str, store: redis.Redis) -> None:
        self.app: Flask = create_app(read_settings(DoorSettings))
        self.store = store
        self.seal, self.pseudonyms = Seal(KEY), Pseudonyms(KEY)
        self.database = open_database(records_url)
        self.outbox = Outbox(self.database)
        self._client: FlaskClient = self.app.test_client()
        self._ids = itertools.count(1)

    def close(self) -> None:
        """Close the store of this test."""
        self.database.close()

    @property
    def recipient(self) -> str:
        """The key of the usual number."""
        return self.pseudonyms.number(NUMBER)

    def sms(
        self, text: str = "salam", message_id: str = "", number: str = NUMBER, token: str = ""
    ) -> TestResponse:
        """Deliver a message, with the token that each try of its delivery has."""
        form = {
            "MessageSid": message_id or f"SM{next(self._ids)}",
            "From": number,
            "To": SETTINGS["CHANNEL_SMS_ADDRESS"],
            "Body": text,
        }
        return self._post("/channels/sms/messages", form, token)

    def dial(self, number: str = NUMBER) -> TestResponse:
        """Dial the service code."""
        form = {
            "sessionId": f"s{next(self._ids)}",
            "serviceCode": "*555#",
            "phoneNumber": number,
            "networkCode": "60401",
            "text": "",
        }
        return self._client.post(f"/channels/ussd/messages?secret={SECRET}", data=form)

    def report(self, path: str, status: str, name: str = "SMT1", **more: str) -> TestResponse:
        """Report what became of a message, at the path it asked for."""
        form = {"MessageSid": name, "MessageStatus": status, **more}
        return self._post(path.removeprefix(PUBLIC), form)

    def states(self) -> list[tuple[str, str]]:
        """State and status of every message in the outbox."""
        with self.database.reading() as session:
            rows = session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))
            return [(row.state, row.status) for row in rows]

    def stored(self) -> bytes:
        """All that Redis holds."""
        return stored(self.store)

    def _post(self, path: str, form: dict[str, str], token: str = "") -> TestResponse:
        signed = str(RequestValidator(TOKEN).compute_signature(PUBLIC + path, form))
        headers = {"X-Twilio-Signature": signed}
        headers |= {"I-Twilio-Idempotency-Token": token} if token else {}
        return self._client.post(path, data=form, headers=headers)


def carried(answer: TestResponse) -> list[tuple[str, str]]:
    """The texts that an answer carries, and where the fate of each is to be told."""
    found: list[Any] = list(ElementTree.fromstring(answer.text))
    return [(one.text or "", one.get("action") or "") for one in found]
