"""What Twilio holds of our templates: found by their names, made, shown to Meta, and removed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from twilio.rest import Client
from twilio.rest.content.v1.content import ContentList
from twilio.rest.content.v1.content.approval_create import ApprovalCreateList

from channels.providers.twilio.faults import told_as_fault
from channels.providers.twilio.templates import PREFIX, Template
from channels.providers.twilio.waking import find_name, successor_of
from core.errors import DeliveryError
from core.logs import log

_LOG = log(__name__)
# How long a list of templates is trusted, and how soon one is asked for again that lacked one.
_FRESH_SECONDS: Final = 600.0
_AGAIN_SECONDS: Final = 60.0
_APPROVED: Final = "approved"
_UNASKED: Final = ("", "unsubmitted")


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
class Held:
    """A template at Twilio: its ContentSid, and what Meta says of it and why."""

    sid: str
    approval: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would bring Twilio's templates in step with ours; others' are left alone.

    `to_show` are those there that Meta was not asked about; `to_remove` the ContentSids of ours
    that are needed no more, and `held` what there is, by their names.
    """

    to_make: tuple[Template, ...]
    to_keep: tuple[Template, ...]
    to_show: tuple[Template, ...]
    to_remove: Mapping[str, str]
    held: Mapping[str, Held] = field(default_factory=dict)


class Contents:
    """Our templates at one account. Methods may raise DeliveryError, but those that find."""

    def __init__(self, client: Client, clock: Callable[[], float] = time.monotonic) -> None:
        self._contents = client.content.v1.contents
        self._approvals = client.content.v1.content_and_approvals
        self._clock = clock
        self._lock = threading.Lock()
        self._known: Mapping[str, Held] = {}
        self._asked = float("-inf")

    def find(self, name: str) -> str | None:
        """The ContentSid of a template, or None where Twilio has none or does not answer."""
        found = self._listed(lambda known: name in known).get(name)
        return found.sid if found else None

    def find_waking(self, language: str) -> str | None:
        """The ContentSid of the template that says a message waits, where one is approved."""

        def name_in(known: Mapping[str, Held]) -> str:
            approved = [name for name, held in known.items() if held.approval == _APPROVED]
            return find_name(language, approved)

        known = self._listed(lambda known: bool(name_in(known)))
        found = known.get(name_in(known))
        return found.sid if found else None

    def forget(self) -> None:
        """Ask again at the next message: a template that was there is not."""
        with self._lock:
            self._known, self._asked = {}, float("-inf")

    def plan(self, wanted: tuple[Template, ...]) -> Plan:
        """What there is to do."""
        held = self._held()
        there = tuple(template for template in wanted if template.name in held)
        names = {template.name for template in wanted}
        return Plan(
            tuple(template for template in wanted if template.name not in held),
            there,
            tuple(one for one in there if one.category and held[one.name].approval in _UNASKED),
            {
                name: one.sid
                for name, one in held.items()
                if name not in names and not _still_serves(name, held, wanted)
            },
            held,
        )

    def carry_out(self, plan: Plan) -> None:
        """Make what is missing first, then remove what nobody needs."""
        with told_as_fault():
            for template in plan.to_make:
                made = self._contents.create(_Request(template))
                self._show(str(made.sid), template)
            for template in plan.to_show:
                self._show(plan.held[template.name].sid, template)
            for sid in plan.to_remove.values():
                self._contents(sid).delete()

    def _show(self, sid: str, template: Template) -> None:
        if template.category:
            asked = {"name": template.name, "category": template.category}
            self._contents(sid).approval_create.create(
                ApprovalCreateList.ContentApprovalRequest(asked)
            )

    def _listed(self, holds: Callable[[Mapping[str, Held]], bool]) -> Mapping[str, Held]:
        """What Twilio holds; asked anew where it is long ago, sooner where something is missing."""
        with self._lock:
            age = self._clock() - self._asked
            if age > (_FRESH_SECONDS if holds(self._known) else _AGAIN_SECONDS):
                self._asked = self._clock()
                try:
                    self._known = self._held()
                except DeliveryError as fault:
                    _LOG.warning("templates_not_listed", fault=type(fault).__name__)
            return self._known

    def _held(self) -> dict[str, Held]:
        with told_as_fault():
            return {
                str(one.friendly_name): _read(str(one.sid), one.approval_requests)
                for one in self._approvals.list()
                if str(one.friendly_name).startswith(PREFIX)
            }


def _read(sid: str, told: Mapping[str, Any] | None) -> Held:
    told = told or {}
    return Held(sid, str(told.get("status") or ""), str(told.get("rejection_reason") or ""))


def _still_serves(name: str, held: Mapping[str, Held], wanted: tuple[Template, ...]) -> bool:
    """True for an approved one whose successor is not approved yet."""
    successor = successor_of(name, wanted)
    is_ready = successor in held and held[successor].approval == _APPROVED
    return held[name].approval == _APPROVED and bool(successor) and not is_ready
