"""What Twilio's library raises, in our words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException

from core.errors import DeliveryError, DeliveryRefused, DeliveryUnknown, ProviderUnavailable

_THROTTLED: Final = 429
_REFUSING: Final = range(400, 500)


@contextmanager
def told_as_fault() -> Iterator[None]:
    """What the library raises, as a DeliveryError that repeats nothing of the message."""
    try:
        yield
    except TwilioRestException as refused:
        raise _refusal(refused.status, refused.code) from None
    except TwilioException as unread:
        # A list that was refused: the library keeps the answer, and does not read it.
        answer: Any = unread.args[1] if len(unread.args) > 1 else None
        raise _refusal(getattr(answer, "status_code", 0), _code(answer)) from None
    except requests.ConnectTimeout:
        raise ProviderUnavailable("ConnectTimeout") from None
    except (requests.RequestException, AttributeError, TypeError, ValueError) as fault:
        # The library reads an answer that is none of Twilio's, a proxy's for one, as it comes.
        raise DeliveryUnknown(type(fault).__name__) from None


def _refusal(status: int, code: int | None) -> DeliveryError:
    told = str(code or status)
    if status == _THROTTLED:
        return ProviderUnavailable(told)
    return DeliveryRefused(told) if status in _REFUSING else DeliveryUnknown(told)


def _code(answer: Any) -> int | None:
    try:
        return int(json.loads(answer.text)["code"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None
