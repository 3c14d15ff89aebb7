"""One-time codes by the clock (RFC 6238): six digits, half a minute each, one step either side."""

from __future__ import annotations

from typing import Final

import pyotp
import segno

_STEP: Final = 30
_ISSUER: Final = "Twiza"


def new_secret() -> str:
    """A secret that nobody else has."""
    return pyotp.random_base32()


def period_of(secret: str, code: str, now: float) -> int | None:
    """The period whose code this is, or None. A period's code is to be used once."""
    typed = "".join(code.split())
    codes = pyotp.TOTP(secret)
    for period in (int(now) // _STEP + shift for shift in (0, -1, 1)):
        if pyotp.utils.strings_equal(codes.at(period * _STEP), typed):
            return period
    return None


def picture(secret: str, email: str) -> str:
    """The QR code that teaches a phone the secret, as an SVG element."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)
    drawn: str = segno.make(address, error="m").svg_inline(scale=5, border=2)
    return drawn
