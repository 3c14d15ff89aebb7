"""How a person is reached: a new number is the one on file at once."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, StringConstraints, model_validator
from sqlalchemy.orm import Session

from core.identifiers import read_number
from sandbox.registry.counter_tables import ContactChange
from sandbox.registry.receipts import CounterRefused, new_reference
from sandbox.registry.tables import Person


class NewContact(BaseModel):
    """The body of a change; what is empty stays as it is."""

    person: Annotated[str, StringConstraints(max_length=40)]
    phone: Annotated[str, StringConstraints(max_length=16)] = ""
    address: Annotated[str, StringConstraints(max_length=300)] = ""

    @model_validator(mode="after")
    def _says_something(self) -> NewContact:
        if not self.phone and not self.address:
            raise ValueError("nothing to change")
        if self.phone and read_number(self.phone) != self.phone:
            raise ValueError("not a number in E.164")
        return self


def take(session: Session, new: NewContact) -> str:
    """Change how a person is reached and return the change's reference. Raises CounterRefused."""
    person = session.get(Person, new.person) if new.person.isascii() else None
    if person is None:
        raise CounterRefused
    if new.phone:
        person.phone = new.phone
    reference = new_reference()
    session.add(
        ContactChange(reference=reference, idcs=person.idcs, phone=new.phone, address=new.address)
    )
    return reference
