"""Whether a call is Twilio's: its signature over the public address and every field received.

The address is the one the settings give, never one that the call itself names. A body that is no
form is not signed by itself: its digest stands in the address, which is.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import RequestValidator, add_port, remove_port

from channels.port import WebhookCall

_SIGNATURE: Final = "X-Twilio-Signature"
_DIGEST: Final = "bodySHA256"


class Signature:
    """Checks calls against one auth token, and against the one before it while it still signs."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._validators = [RequestValidator(token) for token in tokens]

    def holds(self, call: WebhookCall) -> bool:
        """True where the call was signed with one of the tokens."""
        given = call.headers.get(_SIGNATURE, "")
        if not given.isascii() or not _body_is_covered(call):
            return False
        # Each is compared whole and in constant time, whichever of them is right.
        matches = [hmac.compare_digest(given, right) for right in self._signatures(call)]
        return any(matches)

    def _signatures(self, call: WebhookCall) -> Iterator[str]:
        parts = urlsplit(call.url)
        # Twilio signs the standard port in some calls and not in others.
        for validator in self._validators:
            for url in (remove_port(parts), add_port(parts)):
                yield str(validator.compute_signature(url, call.form))


def _body_is_covered(call: WebhookCall) -> bool:
    """True where all that the call brings is signed: as a form, or by its digest in the address."""
    if call.form or not call.body:
        return True
    digests = parse_qs(urlsplit(call.url).query).get(_DIGEST, [""])
    found = hashlib.sha256(call.body).hexdigest()
    return hmac.compare_digest(digests[0].lower().encode(), found.encode())
