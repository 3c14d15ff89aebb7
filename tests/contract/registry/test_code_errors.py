"""Every error code of MOSIP, by either way: the right one of our reasons, verdicts and faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from actions.registry.port import (
    CODE_NOT_SENT,
    LOCKED_FOR_CODES,
    NO_PHONE_ON_FILE,
    TOO_MANY_CODES,
    UNKNOWN_IDENTIFIER,
    CodeVerdict,
)
from actions.registry.spdci import SpdciRegistry
from core.errors import RegistryAnswerUnreadable, RegistryRefused, RegistryUnavailable
from tests.contract.registry.esignet import Esignet
from tests.contract.registry.people import FATIMA, NOBODY
from tests.contract.registry.scripted import scripted_app
from tests.contract.registry.worlds import a_client, a_client_of_oddities, served

SENDING = {
    "IDA-OTA-001": TOO_MANY_CODES,
    "IDA-OTA-002": CODE_NOT_SENT,
    "IDA-OTA-006": LOCKED_FOR_CODES,
    "IDA-OTA-007": LOCKED_FOR_CODES,
    "IDA-MLC-019": LOCKED_FOR_CODES,
    "IDA-MLC-002": UNKNOWN_IDENTIFIER,
    "IDA-MLC-003": UNKNOWN_IDENTIFIER,
    "IDA-MLC-014": NO_PHONE_ON_FILE,
    "IDA-MLC-018": UNKNOWN_IDENTIFIER,
    "IDA-MLC-026": UNKNOWN_IDENTIFIER,
    "IDA-MLC-027": UNKNOWN_IDENTIFIER,
}
CHECKING = {
    "IDA-OTA-003": CodeVerdict.EXPIRED,
    "IDA-OTA-004": CodeVerdict.WRONG,
    "IDA-OTA-005": CodeVerdict.EXPIRED,
    "IDA-OTA-006": CodeVerdict.LOCKED,
    "IDA-OTA-007": CodeVerdict.LOCKED,
    "IDA-OTA-010": CodeVerdict.EXPIRED,
    "IDA-MLC-019": CodeVerdict.LOCKED,
}
# Faults of the partner, of a field or of the channel: an operator mends them.
OURS = [
    *("IDA-OTA-008", "IDA-OTA-009", "IDA-OTA-011", "IDA-MLC-001", "IDA-MLC-006", "IDA-MLC-009"),
    *("IDA-MLC-012", "IDA-MPA-001", "IDA-MPA-012"),
]
SENDING_BY_ESIGNET = {"invalid_identifier": UNKNOWN_IDENTIFIER, "send_otp_failed": CODE_NOT_SENT}
CHECKING_BY_ESIGNET = {
    "auth_failed": CodeVerdict.WRONG,
    "invalid_challenge": CodeVerdict.WRONG,
    "invalid_challenge_length": CodeVerdict.WRONG,
    "invalid_challenge_format": CodeVerdict.WRONG,
    "invalid_transaction": CodeVerdict.EXPIRED,
    "invalid_transaction_id": CodeVerdict.EXPIRED,
}
OURS_BY_ESIGNET = ["invalid_captcha", "invalid_otp_channel", "invalid_auth_factor_type"]


def ida(code: str) -> Any:
    """ID authentication as a client meets it."""
    body = {
        "id": "mosip.identity.otp",
        "version": "1.0",
        "transactionID": "$transactionID",
        "responseTime": "2026-11-02T08:00:00.000Z",
        "response": None,
        "errors": [{"errorCode": code, "errorMessage": "-"}],
    }
    return served(scripted_app(200, body))


def refusal_of_sending(code: str) -> str:
    """The reason we give where ID authentication refuses to send a code."""
    with ida(code) as url, pytest.raises(RegistryRefused) as refused:
        a_client(url).send_code(FATIMA, "0123456789")
    return refused.value.reason


@pytest.mark.parametrize(("code", "reason"), SENDING.items())
def test_a_refusal_to_send_has_one_of_five_reasons(code: str, reason: str) -> None:
    assert reason == refusal_of_sending(code)


@pytest.mark.parametrize("code", OURS)
def test_what_an_operator_must_mend_keeps_its_code(code: str) -> None:
    assert code == refusal_of_sending(code)
    with ida(code) as url, pytest.raises(RegistryRefused) as refused:
        a_client(url).confirm_code(FATIMA, "0123456789", "123456")
    assert code == refused.value.reason


@pytest.mark.parametrize(("code", "verdict"), CHECKING.items())
def test_a_refusal_of_a_code_is_a_verdict(code: str, verdict: CodeVerdict) -> None:
    with ida(code) as url:
        assert verdict == a_client(url).confirm_code(FATIMA, "0123456789", "123456").verdict


def test_what_could_not_be_processed_may_be_asked_again() -> None:
    with ida("IDA-MLC-007") as url:
        for ask in (
            lambda: a_client(url).send_code(FATIMA, "0123456789"),
            lambda: a_client(url).confirm_code(FATIMA, "0123456789", "123456"),
        ):
            with pytest.raises(RegistryUnavailable):
                ask()


@pytest.fixture
def esignet() -> Esignet:
    """An eSignet that knows Fatima."""
    return Esignet()


@pytest.fixture
def registry(esignet: Esignet) -> Iterator[SpdciRegistry]:
    """A client that has its codes from there."""
    with served(esignet.app()) as url:
        yield a_client(url, registry_codes="esignet")


def test_a_code_of_esignet_is_right_once(registry: SpdciRegistry, esignet: Esignet) -> None:
    sent = registry.send_code(FATIMA, "0123456789")
    [code] = esignet.sent

    assert "XXXXXXX01" == sent.masked_phone
    assert CodeVerdict.RIGHT == registry.confirm_code(FATIMA, sent.transaction, code).verdict
    assert CodeVerdict.EXPIRED == registry.confirm_code(FATIMA, sent.transaction, code).verdict


def test_another_process_can_check_the_code(esignet: Esignet) -> None:
    with served(esignet.app()) as url:
        sent = a_client(url, registry_codes="esignet").send_code(FATIMA, "0123456789")
        other = a_client(url, registry_codes="esignet")

        checked = other.confirm_code(FATIMA, sent.transaction, esignet.sent[-1])

    assert CodeVerdict.RIGHT == checked.verdict


def test_a_wrong_code_of_esignet_leaves_the_right_one(
    registry: SpdciRegistry, esignet: Esignet
) -> None:
    sent = registry.send_code(FATIMA, "0123456789")
    wrong = f"{(int(esignet.sent[-1]) + 1) % 10**6:06d}"

    assert CodeVerdict.WRONG == registry.confirm_code(FATIMA, sent.transaction, wrong).verdict
    right = registry.confirm_code(FATIMA, sent.transaction, esignet.sent[-1])
    assert CodeVerdict.RIGHT == right.verdict


@pytest.mark.parametrize("transaction", ["", "0123456789", "a|b", "a|b|c|d", "a|b|c"])
def test_a_transaction_of_nobody_has_no_code(registry: SpdciRegistry, transaction: str) -> None:
    verdict = registry.confirm_code(FATIMA, transaction, "123456").verdict

    assert CodeVerdict.EXPIRED == verdict


def test_esignet_knows_nobody_else(registry: SpdciRegistry) -> None:
    with pytest.raises(RegistryRefused) as refused:
        registry.send_code(NOBODY, "0123456789")

    assert UNKNOWN_IDENTIFIER == refused.value.reason


@pytest.mark.parametrize(("code", "reason"), [*SENDING.items(), *SENDING_BY_ESIGNET.items()])
def test_esignet_and_what_it_passes_on_have_the_same_reasons(
    registry: SpdciRegistry, esignet: Esignet, code: str, reason: str
) -> None:
    esignet.sending = code

    with pytest.raises(RegistryRefused) as refused:
        registry.send_code(FATIMA, "0123456789")

    assert reason == refused.value.reason


@pytest.mark.parametrize(("code", "verdict"), [*CHECKING.items(), *CHECKING_BY_ESIGNET.items()])
def test_esignet_and_what_it_passes_on_have_the_same_verdicts(
    registry: SpdciRegistry, esignet: Esignet, code: str, verdict: CodeVerdict
) -> None:
    sent = registry.send_code(FATIMA, "0123456789")
    esignet.checking = code

    assert verdict == registry.confirm_code(FATIMA, sent.transaction, "123456").verdict


@pytest.mark.parametrize("code", OURS_BY_ESIGNET)
def test_what_an_operator_must_mend_at_esignet_keeps_its_code(
    registry: SpdciRegistry, esignet: Esignet, code: str
) -> None:
    esignet.sending = code

    with pytest.raises(RegistryRefused) as refused:
        registry.send_code(FATIMA, "0123456789")

    assert code == refused.value.reason


def test_an_unknown_error_of_esignet_may_be_asked_again(
    registry: SpdciRegistry, esignet: Esignet
) -> None:
    esignet.sending = "unknown_error"

    with pytest.raises(RegistryUnavailable):
        registry.send_code(FATIMA, "0123456789")


def test_neither_a_phone_nor_an_error_is_no_answer() -> None:
    body = {"response": {"transactionId": "t"}, "errors": []}
    with served(scripted_app(200, body)) as url, pytest.raises(RegistryAnswerUnreadable):
        a_client_of_oddities(url, registry_codes="esignet").send_code(FATIMA, "0123456789")
