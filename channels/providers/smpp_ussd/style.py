"""How a session is told in optional parameters, read from a file: adding a style is adding one."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from core.errors import MalformedPayload, SettingsFaulty
from core.messages import SessionEvent

_FOLDER: Final = Path(__file__).parent / "styles"
_TAGS: Final = ("its_session_info", "user_message_reference")


@dataclass(frozen=True, slots=True)
class Style:
    """What names a session, and the values of ussd_service_op in both directions.

    `tag` is the parameter of 16 bits that names the session; with `has_end_bit` its last bit tells
    that the session is over and does not belong to the name.
    """

    tag: str
    has_end_bit: bool
    new: frozenset[int]
    goes_on: frozenset[int]
    over: frozenset[int]
    submit_goes_on: int
    submit_ends: int

    def read(self, operation: int, reference: int) -> tuple[SessionEvent, int]:
        """Where a delivered hop stands, and the bare reference of its session.

        Raises MalformedPayload for an operation that this style does not know.
        """
        is_over = self.has_end_bit and bool(reference & 1)
        bare = reference & 0xFFFE if self.has_end_bit else reference
        if is_over or operation in self.over:
            return SessionEvent.ABORT, bare
        if operation in self.new:
            return SessionEvent.NEW, bare
        if operation in self.goes_on:
            return SessionEvent.CONTINUE, bare
        raise MalformedPayload(f"ussd_service_op {operation:#04x} is not known")

    def write(self, reference: int, is_open: bool) -> dict[str, int]:
        """The optional parameters of an answer in the session of that bare reference."""
        ends = self.has_end_bit and not is_open
        return {
            "ussd_service_op": self.submit_goes_on if is_open else self.submit_ends,
            self.tag: reference | ends,
        }


def load_style(name: str) -> Style:
    """The style of that name. Raises SettingsFaulty where there is none or it is incomplete."""
    path = _FOLDER / f"{name}.toml"
    if not re.fullmatch(r"[a-z0-9_]+", name) or not path.is_file():
        raise SettingsFaulty([f"TWIZA_SMPP_STYLE: there is no style {name!r}"])
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        session, delivered, submitted = raw["session"], raw["delivered"], raw["submitted"]
        style = Style(
            tag=session["tag"],
            has_end_bit=session["has_end_bit"],
            new=frozenset(delivered["new"]),
            goes_on=frozenset(delivered["goes_on"]),
            over=frozenset(delivered["over"]),
            submit_goes_on=submitted["goes_on"],
            submit_ends=submitted["ends"],
        )
    except (KeyError, TypeError) as missing:
        raise SettingsFaulty([f"style {name}: {missing}"]) from None
    if style.tag not in _TAGS:
        raise SettingsFaulty([f"style {name}: tag is one of {', '.join(_TAGS)}"])
    return style
