"""How this SMSC tells a session to whoever is bound, and reads what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

_BEGINS: Final = 0x01
_GOES_ON: Final = 0x12
_ENDS: Final = 0x17


@dataclass(frozen=True, slots=True)
class Style:
    """The parameter that names the session, whether it has an end bit, and what a hop tells.

    `destination` is written into every deliver_sm, `hung_up` is the operation of who left.
    """

    tag: str
    has_end_bit: bool
    destination: str
    hung_up: int

    def reference(self, number: int) -> int:
        """The name of the session of that number, as it is written."""
        return (number << 1) & 0xFFFF if self.has_end_bit else number & 0xFFFF

    def hop(self, reference: int, is_first: bool) -> dict[str, Any]:
        """The parameters of a hop."""
        return self._parameters(_BEGINS if is_first else _GOES_ON, reference)

    def farewell(self, reference: int) -> dict[str, Any]:
        """The parameters that tell that the citizen hung up."""
        return self._parameters(self.hung_up, reference | self.has_end_bit)

    def read(self, submitted: Any) -> tuple[int, bool]:
        """The reference of a submit_sm's session, and whether the session stays open."""
        written = int(getattr(submitted, self.tag) or 0)
        ends = submitted.ussd_service_op == _ENDS or (self.has_end_bit and bool(written & 1))
        return (written & 0xFFFE if self.has_end_bit else written), not ends

    def _parameters(self, operation: int, reference: int) -> dict[str, Any]:
        return {
            "destination_addr": self.destination,
            "ussd_service_op": operation,
            self.tag: reference,
        }


STYLES: Final = {
    "default": Style("its_session_info", True, "555", 0x11),
    "mica": Style("user_message_reference", False, "", 0x81),
    "6d": Style("its_session_info", True, "*555#", 0x81),
}
