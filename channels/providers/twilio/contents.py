"""What Twilio holds of our templates: found by their names, made, and removed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList

from channels.providers.twilio.faults import told_as_fault
from channels.providers.twilio.templates import PREFIX, Template
from core.errors import DeliveryError
from core.logs import log

_LOG = log(__name__)
# How long a list of templates is trusted, and how soon one is asked for again that lacked one.
_FRESH_SECONDS: Final = 600.0
_AGAIN_SECONDS: Final = 60.0


class _Request(ContentList.ContentCreateRequest):
    """A template to make, as it is: the library's own names every type that it is not."""

    def __init__(self, template: Template) -> None:
        self._template = template

    def to_dict(self) -> dict[str, Any]:
        """The body of the call."""
        return {
            "friendly_name": self._template.name,
            "language": self._template.language,
            "variables": dict(self._template.gaps),
            "types": dict(self._template.types),
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """What would bring Twilio's templates in step with ours; others' are left alone.

    `to_remove` are the ContentSids of ours that are needed no more, by their names.
    """

    to_make: tuple[Template, ...]
    to_keep: tuple[Template, ...]
    to_remove: Mapping[str, str]


class Contents:
    """Our templates at one account. Methods may raise DeliveryError, but for `find`."""

    def __init__(self, client: Client, clock: Callable[[], float] = time.monotonic) -> None:
        self._contents = client.content.v1.contents
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, str] = {}
        self._asked = float("-inf")

    def find(self, name: str) -> str | None:
        """The ContentSid of a template, or None where Twilio has none or does not answer."""
        with self._lock:
            age = self._clock() - self._asked
            if age > (_FRESH_SECONDS if name in self._known else _AGAIN_SECONDS):
                self._asked = self._clock()
                try:
                    self._known = self._held()
                except DeliveryError as fault:
                    _LOG.warning("templates_not_listed", fault=type(fault).__name__)
            return self._known.get(name)

    def forget(self) -> None:
        """Ask again at the next message: a template that was there is not."""
        with self._lock:
            self._known.clear()

    def plan(self, wanted: tuple[Template, ...]) -> Plan:
        """What there is to do."""
        held = self._held()
        names = {template.name for template in wanted}
        return Plan(
            tuple(template for template in wanted if template.name not in held),
            tuple(template for template in wanted if template.name in held),
            {name: sid for name, sid in held.items() if name not in names},
        )

    def carry_out(self, plan: Plan) -> None:
        """Make what is missing first, then remove what nobody needs."""
        with told_as_fault():
            for template in plan.to_make:
                self._contents.create(_Request(template))
            for sid in plan.to_remove.values():
                self._contents(sid).delete()

    def _held(self) -> dict[str, str]:
        with told_as_fault():
            return {
                str(content.friendly_name): str(content.sid)
                for content in self._contents.list()
                if str(content.friendly_name).startswith(PREFIX)
            }
