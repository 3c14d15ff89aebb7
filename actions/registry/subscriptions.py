"""Asking to be told of a person's changes: `/registry/subscribe` and `/registry/unsubscribe`.

The registry acknowledges at once, and the correlation of its acknowledgement is the code of the
subscription. Where a registry gives codes of its own later (`on-subscribe`), that is to be read
where its calls come in.
"""

from __future__ import annotations

import re
import uuid
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from actions.registry.envelope import SOCIAL, VERSION, Parties, now_with_zone, write_header
from actions.registry.port import INVALID
from actions.registry.reading import read_as
from actions.registry.shapes import EventKind
from core.errors import RegistryAnswerUnreadable, RegistryRefused

_LONGEST_CODE: Final = 99
# A code as the standard writes them; anything else might quote a person.
_CODE: Final = re.compile(r"(?:err|rjct)\.[a-z_.]{1,60}")


def write_subscribe(idcs: str, kinds: tuple[EventKind, ...], parties: Parties) -> dict[str, Any]:
    """A subscription to kinds of changes of one person, one request for each kind."""
    now = now_with_zone()
    requests = [
        {
            "reference_id": str(uuid.uuid4()),
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
    return {
        "header": write_header("subscribe", parties, len(requests)),
        "message": {"transaction_id": str(uuid.uuid4()), "subscribe_request": requests},
    }


def write_unsubscribe(subscription: str, parties: Parties) -> dict[str, Any]:
    """The end of a subscription."""
    return {
        "header": write_header("unsubscribe", parties),
        "message": {
            "transaction_id": str(uuid.uuid4()),
            "timestamp": now_with_zone(),
            "subscription_codes": [subscription],
        },
    }


class _Error(BaseModel):
    code: str = ""


class _Acknowledgement(BaseModel):
    ack_status: Literal["ACK", "NACK", "ERR"]
    correlation_id: str = Field("", max_length=_LONGEST_CODE)
    error: _Error | None = None


class _Answer(BaseModel):
    message: _Acknowledgement


def read_acknowledgement(answer: Any) -> str:
    """The correlation acknowledged. Raises RegistryRefused, RegistryAnswerUnreadable."""
    read = read_as(_Answer, answer).message
    if read.ack_status != "ACK":
        code = read.error.code if read.error else ""
        raise RegistryRefused(code if _CODE.fullmatch(code) else INVALID)
    if not read.correlation_id:
        raise RegistryAnswerUnreadable("an acknowledgement without a correlation")
    return read.correlation_id
