"""The reason codes of the standards, each as the error it is to us.

SPDCI and G2P Connect give a code where they refuse a message (its header), one request of it, or a
call (its acknowledgement). A code that none of them lists might quote a person, so it is not kept.
"""

from __future__ import annotations

from typing import Final

from core.errors import RegistryError, RegistryRefused, RegistryTimeout, RegistryUnavailable

UNKNOWN: Final = "rjct.unknown"
# The registry cannot just now; the same call may be answered later.
_BUSY: Final = frozenset(
    ("err.service.unavailable", "err.request.too_many_requests", "rjct.errors.too_many")
)
_TOO_SLOW: Final = frozenset(("err.request.timeout",))
# It understood and said no. The first group is about who we are, which an operator mends.
_REFUSED: Final = frozenset(
    (
        *("err.request.unauthorized", "err.request.forbidden", "err.sender_id.invalid"),
        *("err.sender_uri.invalid", "err.receiver_id.invalid", "err.signature.missing"),
        *("err.signature.invalid", "err.encryption.invalid", "err.version.not_supported"),
        *("err.request.bad", "err.request.not_found"),
        *("rjct.version.invalid", "rjct.message_id.duplicate", "rjct.message_ts.invalid"),
        *("rjct.action.invalid", "rjct.action.not_supported", "rjct.total_count.invalid"),
        "rjct.total_count.limit_exceeded",
        *("rjct.reference_id.invalid", "rjct.reference_id.duplicate", "rjct.timestamp.invalid"),
        *("rjct.search_criteria.invalid", "rjct.filter.invalid", "rjct.sort.invalid"),
        *("rjct.pagination.invalid", "rjct.search.too_many_records_found"),
        *("rjct.notify_types.invalid", "rjct.notify_details.invalid", "rjct.person_id.invalid"),
        *("rjct.event.already_subscribed", "rjct.subscription_code.invalid"),
        *("rjct.requester.invalid", "rjct.event.already_unsubscribed"),
        *("rjct.request_type.invalid", "rjct.attribute_type.invalid"),
        *("rjct.srch_transaction_id.invalid", "rjct.srch_transaction_id.not_found"),
        *("rjct_srch_reference_id.invalid", "rjct_srch_reference_id.not_found"),
        *("rjct.srch.too_many_records_found", "rjct.srch_payer_fa.invalid"),
        *("rjct.srch_payee_fa.invalid", "rjct.share_attributes.invalid"),
        *("rjct.payer_fa.invalid", "rjct.payee_fa.invalid", "rjct.amount.invalid"),
        *("rjct.schedule_ts.invalid", "rjct.currency_code.invalid"),
    )
)
KNOWN: Final = _BUSY | _TOO_SLOW | _REFUSED


def reason_of(code: str | None) -> str:
    """A code of the standards as it is, any other as `rjct.unknown`."""
    return code if code in KNOWN else UNKNOWN


def fault_of(code: str | None) -> RegistryError:
    """The error that a reason code is to us."""
    reason = reason_of(code)
    if reason in _BUSY:
        return RegistryUnavailable(reason)
    if reason in _TOO_SLOW:
        return RegistryTimeout(reason)
    return RegistryRefused(reason)
