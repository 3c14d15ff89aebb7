"""Whether a person is enrolled in a programme, yes or no (`/registry/sync/enrolled` of SPDCI)."""

from __future__ import annotations

import uuid
from typing import Any, Final

from sqlalchemy.orm import Session

from sandbox.registry.envelope import MessageRefused, now_with_zone, write_header
from sandbox.registry.programmes import programme
from sandbox.registry.tables import Person

_PROGRAMME: Final = "programme_identifier.program.programme_identifier"


def answer(session: Session, body: dict[str, Any]) -> dict[str, Any]:
    """The answer to a question whose envelope is right. Raises MessageRefused."""
    criteria = body["message"].get("enrolled_criteria")
    query = criteria.get("query") if isinstance(criteria, dict) else None
    if not isinstance(query, dict) or criteria.get("query_type") != "expression":
        raise MessageRefused("err.request.bad")
    idcs, code = _equal(query.get("person_identifier")), _equal(query.get(_PROGRAMME))
    person = session.get(Person, idcs) if idcs.isascii() else None
    enrolments = person.household.enrolments if person and person.household else []
    is_in = any(
        one.status == "active" and programme(one.programme).code == code for one in enrolments
    )
    return {
        "header": write_header(body, "on-search", 1),
        "message": {
            "transaction_id": body["message"]["transaction_id"],
            "correlation_id": str(uuid.uuid4()),
            "enrolled_response": [
                {
                    "reference_id": str(uuid.uuid4()),
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
        raise MessageRefused("err.request.bad")
    return value
