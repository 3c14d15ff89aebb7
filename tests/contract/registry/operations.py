"""The five operations of the port by name, asked about one person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from actions.registry.port import Registry
from tests.contract.registry.people import FATIMA

CODE: Final = "918273"
TRANSACTION: Final = "verification-1"

Operation = Callable[[Registry], Any]

OPERATIONS: Final[dict[str, Operation]] = {
    "person": lambda registry: registry.person(FATIMA, "fr"),
    "household": lambda registry: registry.household(FATIMA, "fr"),
    "enrolments": lambda registry: registry.enrolments(FATIMA, "fr"),
    "send_code": lambda registry: registry.send_code(FATIMA, TRANSACTION),
    "confirm_code": lambda registry: registry.confirm_code(FATIMA, TRANSACTION, CODE),
}
