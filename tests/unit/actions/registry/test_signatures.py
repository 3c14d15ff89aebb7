"""Signatures: a message is proven whole, from its sender and not too old, or it is refused."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from actions.registry.encryption import NoEncryption, choose_encryption
from actions.registry.settings import RegistrySettings
from actions.registry.signatures import (
    Ed25519Signer,
    SignatureWrong,
    Unsigned,
    Verifier,
    choose_signer,
    choose_verifier,
    digest,
)
from core.errors import RegistryAnswerUnreadable, SettingsFaulty

NOW = 1_795_424_400
KEY = bytes(range(32))
PUBLIC = (
    Ed25519PrivateKey.from_private_bytes(KEY)
    .public_key()
    .public_bytes(Encoding.Raw, PublicFormat.Raw)
)
OTHER_KEY = bytes(32)
MESSAGE = {
    "header": {"sender_id": "registry", "message_id": "m-1", "total_count": 1},
    "message": {"name": "فاطمة", "poverty_score": 9.5, "list": [1, True, None]},
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


def signer(key: bytes = KEY, key_id: str = "key-1", life: int = 300) -> Ed25519Signer:
    """Somebody who signs at NOW."""
    return Ed25519Signer(key, key_id, life, lambda: NOW)


def verifier(at: float = NOW, skew: int = 60) -> Verifier:
    """Somebody who knows the one key, at a moment."""
    return Verifier("registry", {"key-1": PUBLIC}, skew, lambda: at)


def written(message: Any) -> bytes:
    """A message as it travels."""
    return json.dumps(message).encode()


def refusal(body: bytes, by: Verifier | None = None) -> str:
    """The code that a body is refused with."""
    with pytest.raises(SignatureWrong) as wrong:
        (by or verifier()).check(body)
    return wrong.value.code


def test_what_was_signed_is_believed() -> None:
    verifier().check(written(signer().sign(MESSAGE)))


def test_the_digest_is_of_sorted_compact_json_with_escapes() -> None:
    text = json.dumps(MESSAGE, sort_keys=True, separators=(",", ":"))
    expected = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

    assert "\\u0641" in text
    assert expected == digest(written(MESSAGE))


def test_the_signature_is_written_as_the_description_has_it() -> None:
    told = signer().sign(MESSAGE)["signature"]

    assert told.startswith('namespace="dci", kidId="registry|key-1|ed25519", algorithm="ed25519"')
    assert f'created="{NOW}", expires="{NOW + 300}"' in told
    assert 'headers="(created) (expires) digest"' in told


@given(st.dictionaries(st.text(), JSON), st.randoms())
def test_order_and_spaces_change_nothing_and_everything_else_does(
    content: dict[str, Any], lot: Any
) -> None:
    signed = signer().sign({"header": MESSAGE["header"], "message": content})
    shuffled = list(signed.items())
    lot.shuffle(shuffled)
    spaced = json.dumps(dict(shuffled), indent=lot.choice([None, 1, 4]), ensure_ascii=False)
    changed = {**signed, "message": {**content, "more": "than was signed"}}

    verifier().check(spaced.encode("utf-8", "surrogatepass"))
    if content != changed["message"]:
        assert "err.signature.invalid" == refusal(written(changed))


@pytest.mark.parametrize("number", ["9.7430010", "1e2", "-0.0", "12345678901234567890.5", "10"])
def test_a_number_counts_as_its_sender_wrote_it(number: str) -> None:
    header = {"sender_id": "registry"}
    text = json.dumps({"header": header, "message": {"score": "N"}}, sort_keys=True)
    canonical = text.replace(" ", "").replace('"N"', number)
    expected = base64.b64encode(hashlib.sha256(canonical.encode()).digest()).decode()

    assert expected == digest(text.replace('"N"', number))


@pytest.mark.parametrize("told", [None, "", "  ", 7, []])
def test_a_message_without_a_signature_is_refused(told: Any) -> None:
    assert "err.signature.missing" == refusal(written({**MESSAGE, "signature": told}))
    assert "err.signature.missing" == refusal(written(MESSAGE))


@pytest.mark.parametrize(
    "body",
    [
        written(signer(OTHER_KEY).sign(MESSAGE)),
        written(signer(key_id="key-2").sign(MESSAGE)),
        written(signer(life=200_000).sign(MESSAGE)),
        written(signer().sign({**MESSAGE, "header": {"sender_id": "somebody"}})),
        written({**MESSAGE, "signature": "unsigned-stub"}),
        written({**MESSAGE, "signature": 'created="x", expires="y"'}),
        written({**MESSAGE, "signature": 'kidId="a|b", created="1", expires="2"'}),
        written(signer().sign(MESSAGE)).replace(b"ed25519", b"none-at"),
        written(signer().sign(MESSAGE)).replace(b"(created) (expires) digest", b"digest"),
        written(signer().sign(MESSAGE)).replace(b'"m-1"', b'"m-2"'),
    ],
)
def test_a_signature_of_somebody_or_something_else_is_refused(body: bytes) -> None:
    assert "err.signature.invalid" == refusal(body)


@pytest.mark.parametrize(
    ("at", "is_believed"), [(-60, True), (-61, False), (360, True), (361, False)]
)
def test_a_signature_holds_for_its_time_and_the_difference_of_clocks(
    at: int, is_believed: bool
) -> None:
    body = written(signer().sign(MESSAGE))

    if is_believed:
        verifier(NOW + at).check(body)
    else:
        assert "err.signature.invalid" == refusal(body, verifier(NOW + at))


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b'"x"'])
def test_what_is_no_message_is_never_believed(body: bytes) -> None:
    with pytest.raises((SignatureWrong, ValueError)):
        verifier().check(body)


def settings(**changes: Any) -> RegistrySettings:
    """Settings of a client."""
    given = {
        "registry_url": "http://r",
        "registry_client_id": "x",
        "registry_client_secret": "x" * 8,
    }
    return RegistrySettings.model_validate(given | changes)


def test_nothing_is_signed_or_checked_unless_it_is_asked_for() -> None:
    assert isinstance(choose_signer(settings()), Unsigned)
    assert choose_verifier(settings(), settings().registry_answers) is None
    assert isinstance(choose_encryption(settings()), NoEncryption)


def test_the_settings_name_the_keys() -> None:
    asked = settings(
        registry_signing="ed25519",
        registry_signing_key=base64.b64encode(KEY).decode(),
        registry_public_keys=f"key-0:{base64.b64encode(OTHER_KEY).decode()}, "
        f"key-1:{base64.b64encode(PUBLIC).decode()}",
    )
    signed = choose_signer(asked).sign(MESSAGE)
    checks = choose_verifier(asked, "ed25519")

    assert checks is not None
    checks.check(written(signed))


@pytest.mark.parametrize("key", ["", "not base64!", base64.b64encode(bytes(31)).decode()])
def test_a_key_that_is_missing_or_none_stops_the_process(key: str) -> None:
    with pytest.raises(SettingsFaulty):
        choose_signer(settings(registry_signing="ed25519", registry_signing_key=key))
    with pytest.raises(SettingsFaulty):
        choose_verifier(settings(registry_public_keys=key and f"key-1:{key}"), "ed25519")


def test_an_encryption_nobody_wrote_stops_the_process() -> None:
    with pytest.raises(SettingsFaulty):
        choose_encryption(settings(registry_encryption="jwe"))


def test_without_encryption_a_message_that_is_encrypted_cannot_be_read() -> None:
    assert MESSAGE == NoEncryption().open(NoEncryption().close(dict(MESSAGE)))
    with pytest.raises(RegistryAnswerUnreadable):
        NoEncryption().open({"header": {"is_msg_encrypted": True}, "message": {}})
