"""Texts as octets of a short message: GSM 03.38 one octet a septet, Latin-1, or UCS-2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from core.errors import MalformedPayload

Default = Literal["gsm7", "latin1"]

_ESCAPE: Final = 0x1B
# 3GPP TS 23.038, by code; the escape stands for itself.
TABLE: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION: Final = dict(
    zip((0x0A, 0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65), "\f^{}\\[~]|€", strict=True)
)
_OCTETS: Final = {
    **{char: bytes((code,)) for code, char in enumerate(TABLE) if code != _ESCAPE},
    **{char: bytes((_ESCAPE, code)) for code, char in EXTENSION.items()},
}
# What is not the SMSC's default. 0x0F and 0x48 are GSM-7 and UCS-2 as a cell broadcast writes them.
_CODINGS: Final = {0x01: "ascii", 0x03: "latin-1", 0x08: "utf-16-be", 0x48: "utf-16-be"}
_CODED_GSM7: Final = 0x0F


@dataclass(frozen=True, slots=True)
class Alphabet:
    """How one SMSC writes texts: its default alphabet, and the data_coding of what we send."""

    default: Default = "gsm7"
    default_coding: int = 0x00
    ucs2_coding: int = 0x08

    def encode(self, text: str) -> tuple[int, bytes]:
        """The data_coding and the octets: the default alphabet where it has every character."""
        try:
            octets = _to_gsm7(text) if self.default == "gsm7" else text.encode("latin-1")
        except (KeyError, UnicodeEncodeError):
            return self.ucs2_coding, text.encode("utf-16-be", "replace")
        return self.default_coding, octets

    def decode(self, coding: int, octets: bytes) -> str:
        """The text. Raises MalformedPayload for octets that are none in that coding."""
        codec = "utf-16-be" if coding == self.ucs2_coding else _CODINGS.get(coding, "")
        is_default = coding in (0x00, self.default_coding)
        if coding == _CODED_GSM7 or (is_default and self.default == "gsm7"):
            return _from_gsm7(octets)
        codec = "latin-1" if is_default else codec
        if not codec:
            raise MalformedPayload(f"data_coding {coding:#04x} is not read")
        try:
            return octets.decode(codec)
        except UnicodeDecodeError:
            raise MalformedPayload(f"no text in data_coding {coding:#04x}") from None


def _to_gsm7(text: str) -> bytes:
    return b"".join([_OCTETS[character] for character in text])


def _from_gsm7(octets: bytes) -> str:
    if octets and max(octets) > 0x7F:
        raise MalformedPayload("no text in GSM 03.38")
    characters, is_escaped = [], False
    for code in octets:
        if is_escaped:
            # Of an unknown extension a phone shows the letter of the basic table.
            characters.append(EXTENSION.get(code, TABLE[code]))
        elif code != _ESCAPE:
            characters.append(TABLE[code])
        is_escaped = code == _ESCAPE and not is_escaped
    return "".join(characters)
