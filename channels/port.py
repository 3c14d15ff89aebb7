"""What the door asks of a provider: the same verbs, in the same order, for every one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from werkzeug.datastructures import MultiDict

from channels.rendering.pages import Budget
from core.messages import ChannelKind, InboundMessage, Media
from core.outgoing import ErrorCode, Fate, Outgoing, Prepared


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """One HTTP call of a provider, apart from any web framework.

    `url` is the public address that was called, query included; `tail` what stands in its path
    behind the channel's own address; `peer` the address of whoever called, a proxy's for one.
    """

    url: str
    query: Mapping[str, str]
    form: MultiDict[str, str]
    headers: Mapping[str, str]
    body: bytes
    method: str = "POST"
    tail: str = ""
    peer: str = ""


@dataclass(frozen=True, slots=True)
class WebhookAnswer:
    """What the provider reads back."""

    body: str
    content_type: str = "text/plain; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can carry: how soon it must be answered, and how long a text may be.

    `budget` is the page of a USSD screen, or None where a message is one piece of at most
    `longest_text` characters. `can_send` tells whether a message may go out of itself, `taps`
    whether one that does may have choices to tap.
    `session_seconds` is how long the provider keeps a session open, 0 where it has none;
    `names_callers_once` tells that only the first hop of one is sure to name the caller, and
    `names_calls` is false where a hop does not say to which session it belongs.
    """

    deadline_seconds: float
    budget: Budget | None = None
    longest_text: int = 1600
    can_send: bool = False
    taps: bool = False
    session_seconds: float = 0.0
    names_callers_once: bool = False
    names_calls: bool = True


class Channel(Protocol):
    """One channel as far as a turn needs to know it."""

    kind: ChannelKind
    address: str
    capabilities: Capabilities


class Provider(Channel, Protocol):
    """One channel as its provider carries it over HTTP."""

    def verify(self, call: WebhookCall) -> None:
        """Check that the call comes from the provider. Raises BadSignature."""

    def read(self, call: WebhookCall) -> InboundMessage:
        """The message in our words. Raises MalformedPayload or UnknownChannel."""

    def answer(self, call: WebhookCall, texts: Sequence[str], is_open: bool) -> WebhookAnswer:
        """The HTTP answer to a call, with the texts; `is_open` keeps a USSD session open."""

    def send(self, message: Outgoing) -> str:
        """Send a message of itself and return the provider's id. Raises DeliveryError."""


@runtime_checkable
class Messenger(Protocol):
    """What a provider does beside, that keeps messages and tells what becomes of them."""

    def carry(self, messages: Sequence[Outgoing]) -> WebhookAnswer:
        """The HTTP answer that carries texts whose fate is told at their `report` address."""

    def read_report(self, call: WebhookCall) -> Fate:
        """What a verified call reports. Raises MalformedPayload."""

    def explain(self, code: str) -> ErrorCode:
        """What an error means; one that is not known is tried again."""

    def fate(self, provider_id: str) -> Fate | None:
        """What became of a message, or None where it is not known there. Raises DeliveryError."""

    def sent_to(self, number: str, since: datetime) -> list[Fate]:
        """The messages sent to a number since then, the newest first. Raises DeliveryError."""

    def received(self, since: datetime) -> Iterator[InboundMessage]:
        """The messages received since then, the oldest first. Raises DeliveryError."""

    def waking(self, language: str) -> Prepared | None:
        """The approved message that asks a citizen to write first, or None where there is none."""


@runtime_checkable
class FileKeeper(Protocol):
    """What a provider does beside, whose messages may bring files."""

    def fetch(self, media: Media, most: int) -> bytes:
        """A file of at most so many bytes. Raises ProviderUnavailable or MediaRefused."""

    def discard(self, media: Media) -> None:
        """Have the provider forget a file. Raises ProviderUnavailable or MediaRefused."""
