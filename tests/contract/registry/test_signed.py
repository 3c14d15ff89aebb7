"""Signed both ways: the sandbox behind a gate that checks our signatures and signs its answers."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from actions.registry.signatures import Ed25519Signer, SignatureWrong, Verifier
from actions.registry.spdci import SpdciRegistry
from core.errors import RegistryAnswerUnreadable, RegistryRefused
from sandbox.registry.app import create_app
from sandbox.registry.settings import SandboxRegistrySettings
from tests.contract.registry import people
from tests.contract.registry.operations import OPERATIONS
from tests.contract.registry.worlds import a_client, a_client_of_oddities, served

OURS, THEIRS = bytes(range(32)), bytes(range(1, 33))
IN_ENVELOPES = ("person", "household", "enrolments", "is_enrolled", "members", "payments", "covers")
SUBSCRIPTIONS = ("subscribe", "unsubscribe")


def public(key: bytes) -> bytes:
    """The public half of a key."""
    whole = Ed25519PrivateKey.from_private_bytes(key).public_key()
    return whole.public_bytes(Encoding.Raw, PublicFormat.Raw)


class Gate:
    """Refuses envelopes that are not signed by us, and signs those that go out.

    `spoil` changes an answer after it was signed.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self._verifier = Verifier("twiza", {"key-1": public(OURS)}, 60)
        self._signer = Ed25519Signer(THEIRS, "key-9", 300)
        self.signs = True
        self.spoil: Callable[[dict[str, Any]], None] = lambda _: None
        self.believed = 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = BytesIO(body)
        if environ["PATH_INFO"].startswith(("/registry/", "/disburse/")):
            try:
                self._verifier.check(body)
            except SignatureWrong as wrong:
                start("401 Unauthorized", [("Content-Type", "application/json")])
                return [json.dumps({"errors": [{"code": wrong.code}]}).encode()]
            self.believed += 1
        status: list[Any] = []
        told = b"".join(self._app(environ, lambda *given: status.extend(given)))
        answer = self._signed(told) if self.signs else told
        headers = [(k, v) for k, v in status[1] if k.lower() != "content-length"]
        start(status[0], [*headers, ("Content-Length", str(len(answer)))])
        return [answer]

    def _signed(self, body: bytes) -> bytes:
        try:
            message = json.loads(body)
        except ValueError:
            return body
        # An acknowledgement has no header in the standard, and so nothing that says who signed.
        if not isinstance(message, dict) or "header" not in message:
            return body
        signed = self._signer.sign(message)
        self.spoil(signed)
        return json.dumps(signed, indent=1).encode()


@pytest.fixture
def gate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gate, str]]:
    """A signing registry and its address."""
    folder = tmp_path_factory.mktemp("signed")
    app = create_app(
        SandboxRegistrySettings.model_validate(
            {
                "registry_database_url": f"sqlite:///{folder}/registry.db",
                "registry_client_id": "twiza",
                "registry_client_secret": "secret-of-tests",
            }
        )
    )
    gate = Gate(app)
    with served(gate) as url:
        yield gate, url
    app.extensions["registry_database"].close()


def a_signing_client(url: str, make: Any = a_client, **changes: Any) -> SpdciRegistry:
    """A client that signs, and believes what is signed alone."""
    given = {
        "registry_signing": "ed25519",
        "registry_signing_key": base64.b64encode(OURS).decode(),
        "registry_answers": "ed25519",
        "registry_public_keys": f"key-9:{base64.b64encode(public(THEIRS)).decode()}",
    }
    client: SpdciRegistry = make(url, **(given | changes))
    return client


def test_every_envelope_is_signed_and_every_answer_believed(gate: tuple[Gate, str]) -> None:
    signing, url = gate
    registry = a_signing_client(url)
    for name in IN_ENVELOPES:
        OPERATIONS[name](registry)

    assert len(IN_ENVELOPES) == signing.believed
    assert registry.person(people.FATIMA, "fr") is not None
    for name in SUBSCRIPTIONS:
        OPERATIONS[name](registry)


def test_an_index_is_exact_to_its_last_digit_under_a_signature(gate: tuple[Gate, str]) -> None:
    household = a_signing_client(gate[1]).household(people.KHADIJA, "fr")

    assert household is not None
    assert "9.743001" == str(household.index)


def test_an_unsigned_message_is_refused_there(gate: tuple[Gate, str]) -> None:
    registry = a_signing_client(gate[1], registry_signing="off")
    with pytest.raises(RegistryRefused) as refused:
        registry.person(people.FATIMA, "fr")

    assert "http.401" == refused.value.reason


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda told: told.pop("signature"), "err.signature.missing"),
        (lambda told: told["header"].update(sender_id="other"), "err.signature.invalid"),
        (
            lambda told: told["message"]["search_response"][0]["data"]["reg_records"].clear(),
            "err.signature.invalid",
        ),
    ],
)
def test_an_answer_that_was_changed_is_not_read(
    gate: tuple[Gate, str], spoil: Callable[[dict[str, Any]], None], says: str
) -> None:
    gate[0].spoil = spoil
    with pytest.raises(RegistryAnswerUnreadable) as raised:
        a_signing_client(gate[1], a_client_of_oddities).person(people.FATIMA, "fr")

    assert says == str(raised.value)


def test_an_unsigned_answer_is_not_read_where_signatures_are_demanded(
    gate: tuple[Gate, str],
) -> None:
    gate[0].signs = False
    with pytest.raises(RegistryAnswerUnreadable):
        a_signing_client(gate[1]).person(people.FATIMA, "fr")

    demands_nothing = a_signing_client(gate[1], registry_answers="unsigned")
    assert demands_nothing.person(people.FATIMA, "fr") is not None
