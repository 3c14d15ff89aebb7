"""What the registry tells its subscribers (`/registry/notify` of SPDCI), read into our events.

The kind of an event, its programme and its details stand under `additional_attributes` of the
Member record; see tests/contract/registry/notices/. Whoever serves the call checks first who made
it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, Field

from actions.registry.reading import WithAttributes, read_as
from actions.registry.records import programme_key
from actions.registry.shapes import EventKind, RegistryEvent
from core.errors import RegistryAnswerUnreadable

_KIND: Final = "event_kind"
_PROGRAMME: Final = "programme"


class _Header(BaseModel):
    action: Literal["notify"]
    is_msg_encrypted: bool = False


class _Identifier(BaseModel):
    identifier_type: str
    identifier_value: str = Field(min_length=1)


class _Record(WithAttributes):
    member_identifier: tuple[_Identifier, ...] = ()


class _Data(BaseModel):
    reg_records: _Record


class _Event(BaseModel):
    reference_id: str = Field(min_length=1, max_length=99)
    timestamp: AwareDatetime
    data: _Data


class _Message(BaseModel):
    notify_event: list[_Event]


class _Notify(BaseModel):
    header: _Header
    message: _Message


def read_notify(message: Any) -> tuple[RegistryEvent, ...]:
    """The events of a notify message, in its order; kinds that are not ours are left out.

    Raises RegistryAnswerUnreadable where the message, or an event of ours in it, is faulty.
    """
    read = read_as(_Notify, message)
    if read.header.is_msg_encrypted:
        raise RegistryAnswerUnreadable("the notice is encrypted")
    events = (_event(event) for event in read.message.notify_event)
    return tuple(event for event in events if event is not None)


def _event(event: _Event) -> RegistryEvent | None:
    told = event.data.reg_records.attributes()
    kind = told.pop(_KIND, None)
    if kind not in tuple(EventKind):
        return None
    known_by = event.data.reg_records.member_identifier
    idcs = next((i.identifier_value for i in known_by if i.identifier_type == "UIN"), None)
    if idcs is None:
        raise RegistryAnswerUnreadable("a notice about nobody")
    happened_on: datetime = event.timestamp
    return RegistryEvent(
        event_id=event.reference_id,
        kind=EventKind(kind),
        idcs=idcs,
        programme=programme_key(str(told.pop(_PROGRAMME, None) or "")),
        happened_on=happened_on,
        detail={key: str(value) for key, value in told.items() if key and value is not None},
    )
