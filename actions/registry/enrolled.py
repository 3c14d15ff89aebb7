"""Whether a person is enrolled in a programme, yes or no (`/registry/sync/enrolled`)."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel

from actions.registry.envelope import AnswerHeader, AnswerMessage, Status, new_name
from actions.registry.reading import read_as
from actions.registry.reasons import UNKNOWN, fault_of
from core.errors import RegistryAnswerUnreadable

_PROGRAMME = "programme_identifier.program.programme_identifier"


def write_enrolled(idcs: str, programme: str) -> dict[str, Any]:
    """The question, for a programme by its identifier on the wire."""
    return {
        "transaction_id": new_name(),
        "enrolled_criteria": {
            "query_type": "expression",
            "response_entity": "Member",
            "query": {"person_identifier": {"eq": idcs}, _PROGRAMME: {"eq": programme}},
        },
    }


class _Told(BaseModel):
    status: Status
    enrolled_status: Literal["yes", "no"]


class _Message(AnswerMessage):
    enrolled_response: list[_Told]


class _Answer(BaseModel):
    header: AnswerHeader
    message: _Message


def read_enrolled(asked: dict[str, Any], answer: Any) -> bool:
    """Yes or no. Raises what a refusal is to us, or RegistryAnswerUnreadable."""
    read = read_as(_Answer, answer)
    read.message.check(asked["transaction_id"])
    read.header.check("on-search")
    if len(read.message.enrolled_response) != 1:
        raise RegistryAnswerUnreadable("one question, and not one answer")
    [told] = read.message.enrolled_response
    if told.status == "rjct":
        raise fault_of(UNKNOWN)
    if told.status != "succ" or read.header.status != "succ":
        raise RegistryAnswerUnreadable("the answer is not final")
    return told.enrolled_status == "yes"
