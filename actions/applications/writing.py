"""What is handed in, as the registry's operations take it, and how it lies in the records.

`Written.value` is the JSON that is sealed; `read_application`, `read_complaint` and
`read_contact_change` make of it what the port takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from actions.applications.procedures import Procedure
from actions.applications.walk import Filled
from actions.registry.shapes import ContactChange, NewApplication, NewComplaint

_SKIPPED: Final = ""


@dataclass(frozen=True, slots=True)
class Written:
    """All that is known of what is handed in but its reference; `idcs` is the declarant's."""

    procedure: Procedure
    filled: Filled
    idcs: str
    language: str
    channel: str
    consent_version: str
    given_on: datetime

    def value(self, idempotency_key: str, reference: str) -> dict[str, Any]:
        """What is sealed, by the names of `actions/registry/shapes.py`."""
        common = {"idempotency_key": idempotency_key, "idcs": self.idcs}
        told = {
            **common,
            "reference": reference,
            "language": self.language,
            "channel": self.channel,
            "given_on": self.given_on.isoformat(),
        }
        answers = {key: text for key, text in self.filled.answers.items() if text != _SKIPPED}
        if self.procedure.kind == "complaint":
            texts = {name: answers.get(name, "") for name in ("category", "text", "about")}
            return {**told, **texts}
        if self.procedure.kind == "contact":
            return {**told, **{name: answers.get(name, "") for name in ("phone", "address")}}
        return {
            **told,
            "programme": self.procedure.key,
            "for_idcs": self._for_whom(answers),
            "answers": answers,
            "consent_version": self.consent_version,
            "assisted": self.filled.assisted,
        }

    def _for_whom(self, answers: Mapping[str, str]) -> list[str]:
        asked = (question for question in self.procedure.questions if question.type == "members")
        first = next(asked, None)
        members = answers.get(first.key, "") if first else ""
        return members.split(",") if members else []


def read_application(value: Mapping[str, Any]) -> NewApplication:
    """The application that was handed in."""
    return NewApplication(
        **{
            **value,
            "for_idcs": tuple(value["for_idcs"]),
            "given_on": datetime.fromisoformat(value["given_on"]),
        }
    )


def read_complaint(value: Mapping[str, Any]) -> NewComplaint:
    """The complaint that was handed in."""
    return NewComplaint(**{**value, "given_on": datetime.fromisoformat(value["given_on"])})


def read_contact_change(value: Mapping[str, Any]) -> tuple[str, ContactChange]:
    """Whose contact is to be changed, and how."""
    names = ("idempotency_key", "phone", "address")
    return value["idcs"], ContactChange(**{name: value[name] for name in names})
