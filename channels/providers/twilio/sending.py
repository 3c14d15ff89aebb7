"""Sending through Twilio's REST interface, one message at a time."""

from __future__ import annotations

import json
from typing import Any, Final

from twilio.rest import Client

from channels.providers.twilio.contents import Contents
from channels.providers.twilio.faults import told_as_fault
from channels.providers.twilio.templates import filling, name_of
from core.errors import DeliveryRefused, DeliveryUnknown
from core.logs import log
from core.outgoing import Outgoing, Tappable

_LOG = log(__name__)
# Twilio refuses a template or what fills it: the same can be said in numbered lines.
_NO_TEMPLATE: Final = frozenset(
    {"20404", "21654", "21655", "21656", "63005", "63013", "63027", "63028", "63029"}
    | {"63040", "63041"}
)


class Sending:
    """One sender's way out; `prefix` is what its channel writes before a number.

    With `contents`, choices are shown to be tapped where there is a template for them.
    """

    def __init__(
        self, client: Client, prefix: str, address: str, contents: Contents | None = None
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._address = prefix + address
        self._contents = contents

    def send(self, message: Outgoing) -> str:
        """Have one message created and return its MessageSid. Raises DeliveryError."""
        asked: dict[str, Any] = {"to": self._prefix + message.number, "from_": self._address}
        if message.report:
            asked["status_callback"] = message.report
        if message.prepared:
            return self._create(
                asked, content_sid=message.prepared.name, values=dict(message.prepared.values)
            )
        to_tap = self._to_tap(message.tappable)
        if to_tap:
            try:
                return self._create(asked, content_sid=to_tap[0], values=to_tap[1])
            except DeliveryRefused as refused:
                if refused.code not in _NO_TEMPLATE:
                    raise
                _LOG.warning("template_refused", code=refused.code)
                self._forget_templates()
        return self._create(asked, body=message.text)

    def _to_tap(self, tappable: Tappable | None) -> tuple[str, dict[str, str]] | None:
        """The ContentSid and what fills it, where there is something to tap and a template."""
        if tappable is None or self._contents is None:
            return None
        sid = self._contents.find(name_of(tappable))
        return (sid, filling(tappable)) if sid else None

    def _forget_templates(self) -> None:
        if self._contents is not None:
            self._contents.forget()

    def _create(
        self, asked: dict[str, Any], values: dict[str, str] | None = None, **carried: str
    ) -> str:
        variables = {} if values is None else {"content_variables": json.dumps(values)}
        with told_as_fault():
            sid = self._client.messages.create(**asked, **carried, **variables).sid
        if not sid:
            raise DeliveryUnknown("the message has no name")
        return str(sid)
