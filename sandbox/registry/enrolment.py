"""Whether a person is enrolled in a programme, yes or no (`/registry/sync/enrolled` of SPDCI)."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy.orm import Session

from sandbox.registry.envelope import (
    BAD,
    Asked,
    MessageRefused,
    new_name,
    now_with_zone,
    write_header,
)
from sandbox.registry.programmes import programme
from sandbox.registry.tables import Person

REQUEST: Final = "enrolled_criteria"
_PROGRAMME: Final = "programme_identifier.program.programme_identifier"


def answer(session: Session, asked: Asked) -> dict[str, Any]:
    """The answer to a question whose envelope is right. Raises MessageRefused."""
    [criteria] = asked.requests
    query = criteria.get("query") if isinstance(criteria, dict) else None
    if not isinstance(query, dict) or criteria.get("query_type") != "expression":
        raise MessageRefused(BAD)
    idcs, code = _equal(query.get("person_identifier")), _equal(query.get(_PROGRAMME))
    person = session.get(Person, idcs) if idcs.isascii() else None
    enrolments = person.household.enrolments if person and person.household else []
    is_in = any(
        one.status == "active" and programme(one.programme).code == code for one in enrolments
    )
    return {
        "header": write_header(asked, "on-search", 1),
        "message": {
            "transaction_id": asked.transaction,
            "correlation_id": new_name(),
            "enrolled_response": [
                {
                    "reference_id": new_name(),
                    "timestamp": now_with_zone(),
                    "status": "succ",
                    "enrolled_status": "yes" if is_in else "no",
                }
            ],
        },
    }


def _equal(asked: Any) -> str:
    value = asked.get("eq") if isinstance(asked, dict) else None
    if not isinstance(value, str):
        raise MessageRefused(BAD)
    return value
