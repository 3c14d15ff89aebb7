"""What the error codes of MOSIP mean here: those of ID authentication and those of eSignet.

An unknown identifier, a deactivated one and one that is no identifier are one reason, because they
are one sentence to a citizen. What is not about the person or the code (the partner, the time, a
missing field) is a fault that an operator mends.
"""

from __future__ import annotations

import re
from typing import Final

from actions.registry.port import (
    CODE_NOT_SENT,
    LOCKED_FOR_CODES,
    NO_PHONE_ON_FILE,
    TOO_MANY_CODES,
    UNKNOWN_IDENTIFIER,
    CodeVerdict,
)
from core.errors import RegistryError, RegistryRefused, RegistryUnavailable

# Anything else might quote a person.
_WRITTEN: Final = re.compile(r"IDA-[A-Z]{3}-\d{3}|[a-z_]{3,40}")
_UNKNOWN: Final = "IDA-MLC-007"
_FAILED: Final = frozenset((_UNKNOWN, "unknown_error"))
_PERSON: Final = {
    "IDA-MLC-002": UNKNOWN_IDENTIFIER,
    "IDA-MLC-003": UNKNOWN_IDENTIFIER,
    "IDA-MLC-014": NO_PHONE_ON_FILE,
    "IDA-MLC-018": UNKNOWN_IDENTIFIER,
    "IDA-MLC-026": UNKNOWN_IDENTIFIER,
    "IDA-MLC-027": UNKNOWN_IDENTIFIER,
    "invalid_identifier": UNKNOWN_IDENTIFIER,
}
_SENDING: Final = _PERSON | {
    "IDA-OTA-001": TOO_MANY_CODES,
    "IDA-OTA-002": CODE_NOT_SENT,
    "IDA-OTA-006": LOCKED_FOR_CODES,
    "IDA-OTA-007": LOCKED_FOR_CODES,
    "IDA-MLC-019": LOCKED_FOR_CODES,
    "send_otp_failed": CODE_NOT_SENT,
}
_VERDICTS: Final = {
    "IDA-OTA-003": CodeVerdict.EXPIRED,
    "IDA-OTA-004": CodeVerdict.WRONG,
    "IDA-OTA-005": CodeVerdict.EXPIRED,
    "IDA-OTA-006": CodeVerdict.LOCKED,
    "IDA-OTA-007": CodeVerdict.LOCKED,
    "IDA-OTA-010": CodeVerdict.EXPIRED,
    "IDA-MLC-019": CodeVerdict.LOCKED,
    "auth_failed": CodeVerdict.WRONG,
    "invalid_challenge": CodeVerdict.WRONG,
    "invalid_challenge_length": CodeVerdict.WRONG,
    "invalid_challenge_format": CodeVerdict.WRONG,
    "invalid_transaction": CodeVerdict.EXPIRED,
    "invalid_transaction_id": CodeVerdict.EXPIRED,
}


def sending_fault(code: str) -> RegistryError:
    """The error that a refusal to send a code is to us."""
    return _fault(_SENDING.get(code, code))


def verdict_of(code: str) -> CodeVerdict | None:
    """What a refusal to accept a code says of the code, or None where it says nothing of it."""
    return _VERDICTS.get(code)


def checking_fault(code: str) -> RegistryError:
    """The error that a refusal to check a code is to us, where it is no verdict."""
    return _fault(_PERSON.get(code, code))


def _fault(code: str) -> RegistryError:
    reason = code if _WRITTEN.fullmatch(code) else _UNKNOWN
    if reason in _FAILED:
        return RegistryUnavailable(reason)
    return RegistryRefused(reason)
