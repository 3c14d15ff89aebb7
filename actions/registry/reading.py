"""Reading a record of the wire into a model: all of it as the contract says, or unreadable."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ValidationError

from core.errors import RegistryAnswerUnreadable


def _day(value: Any) -> Any:
    """The day as written: moving it to another zone could change a birth date."""
    return value[:10] if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_day)]
M = TypeVar("M", bound=BaseModel)


class Attribute(BaseModel):
    """A key and value of ours beside the fields of the standard."""

    key: str = ""
    value: Any = None


class WithAttributes(BaseModel):
    """A record that may carry fields of ours under `additional_attributes`."""

    additional_attributes: list[Attribute] = []

    def attribute(self, key: str) -> Any:
        """The value of a field of ours, or None."""
        return next((a.value for a in self.additional_attributes if a.key == key), None)

    def attributes(self) -> dict[str, Any]:
        """All fields of ours."""
        return {attribute.key: attribute.value for attribute in self.additional_attributes}


def read_as(model: type[M], record: Any) -> M:
    """A record as its model. Raises RegistryAnswerUnreadable, which names faulty fields only."""
    try:
        return model.model_validate(record)
    except ValidationError as faulty:
        # The faults' places, without what stood there: that may be somebody's data.
        places = {str(fault["loc"][0]) for fault in faulty.errors() if fault["loc"]}
        raise RegistryAnswerUnreadable(f"faulty: {', '.join(sorted(places))}") from None
