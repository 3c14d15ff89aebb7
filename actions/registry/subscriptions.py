"""Asking to be told of a person's changes: `/registry/subscribe` and `/registry/unsubscribe`.

The registry acknowledges at once, and the correlation of its acknowledgement is the code of the
subscription. A registry that gives codes of its own tells them later, by `on-subscribe`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, Field

from actions.registry.envelope import (
    SOCIAL,
    VERSION,
    AnswerMessage,
    Status,
    new_name,
    now_with_zone,
)
from actions.registry.port import INVALID
from actions.registry.reading import read_as
from actions.registry.reasons import KNOWN, fault_of
from actions.registry.shapes import EventKind
from core.errors import RegistryAnswerUnreadable, RegistryRefused

_LONGEST_CODE: Final = 99
# Between the codes where a registry gives one for each kind of change.
BETWEEN: Final = ","


def write_subscribe(idcs: str, kinds: tuple[EventKind, ...]) -> dict[str, Any]:
    """A subscription to kinds of changes of one person, one request for each kind."""
    now = now_with_zone()
    requests = [
        {
            "reference_id": new_name(),
            "timestamp": now,
            "subscribe_criteria": {
                "version": VERSION,
                "reg_type": SOCIAL,
                "reg_event_type": kind.value,
                "filter_type": "idtype-value",
                "filter": {"type": "UIN", "value": idcs},
                "notify_record_type": "Member",
            },
        }
        for kind in kinds
    ]
    return {"transaction_id": new_name(), "subscribe_request": requests}


def write_unsubscribe(subscription: str) -> dict[str, Any]:
    """The end of a subscription."""
    return {
        "transaction_id": new_name(),
        "timestamp": now_with_zone(),
        "subscription_codes": subscription.split(BETWEEN),
    }


@dataclass(frozen=True, slots=True)
class GivenCodes:
    """The codes under which a registry keeps what we know by `correlation`, in one text."""

    correlation: str
    subscription: str


class _Given(BaseModel):
    code: str = Field(min_length=1, max_length=_LONGEST_CODE, pattern=r"^[^,]+$")
    status: Literal["subscribe", "unsubscribe"]


class _Response(BaseModel):
    status: Status
    subscriptions: list[_Given] = []


class _Subscribed(AnswerMessage):
    subscribe_response: list[_Response]


class _Header(BaseModel):
    action: Literal["on-subscribe"]


class _OnSubscribe(BaseModel):
    header: _Header
    message: _Subscribed


def read_given_codes(message: Any) -> GivenCodes | None:
    """The codes that an `on-subscribe` gives, None where it gives none.

    Raises RegistryAnswerUnreadable.
    """
    read = read_as(_OnSubscribe, message).message
    given = [
        one.code
        for response in read.subscribe_response
        if response.status == "succ"
        for one in response.subscriptions
        if one.status == "subscribe"
    ]
    codes = BETWEEN.join(dict.fromkeys(given))
    return GivenCodes(read.correlation_id, codes) if codes else None


class _UnsubscribeHeader(BaseModel):
    action: Literal["on-unsubscribe"]


class _EndedCode(BaseModel):
    code: str
    status: Literal["subscribe", "unsubscribe"]


class _Ended(AnswerMessage):
    timestamp: AwareDatetime
    status: Status
    subscription_status: list[_EndedCode] = Field(default_factory=list)


class _OnUnsubscribe(BaseModel):
    header: _UnsubscribeHeader
    message: _Ended


def read_ended_codes(message: Any) -> int:
    """How many codes an `on-unsubscribe` says are ended. Raises RegistryAnswerUnreadable."""
    told = read_as(_OnUnsubscribe, message).message.subscription_status
    return sum(one.status == "unsubscribe" for one in told)


class _Error(BaseModel):
    code: str = ""


class _Acknowledgement(BaseModel):
    ack_status: Literal["ACK", "NACK", "ERR"]
    correlation_id: str = Field("", max_length=_LONGEST_CODE)
    error: _Error | None = None


class _Answer(BaseModel):
    message: _Acknowledgement


def read_acknowledgement(answer: Any) -> str:
    """The correlation acknowledged, whether more will follow (ACK) or not (NACK).

    Raises what a refusal is to us, or RegistryAnswerUnreadable.
    """
    read = read_as(_Answer, answer).message
    if read.ack_status == "ERR" or read.error is not None:
        code = read.error.code if read.error else ""
        raise fault_of(code) if code in KNOWN else RegistryRefused(INVALID)
    if not read.correlation_id:
        raise RegistryAnswerUnreadable("an acknowledgement without a correlation")
    return read.correlation_id
