"""Who is asked about stands in bodies alone: in no address and in no log, on either side."""

from __future__ import annotations

import logging

import pytest
from flask import Flask, request

from core.errors import RegistryError
from tests.contract.registry import people
from tests.contract.registry.conftest import Sandbox
from tests.contract.registry.operations import ADDRESS, CODE, OPERATIONS, REFERENCE, WORDS
from tests.contract.registry.worlds import a_client, a_client_of_oddities, served

SECRETS = (people.FATIMA, people.FATIMA_PHONE, CODE, REFERENCE, ADDRESS, WORDS)


def test_no_address_and_no_header_holds_what_was_asked() -> None:
    seen: list[str] = []
    app = Flask("addresses")

    @app.before_request
    def see() -> tuple[dict[str, str], int]:
        seen.append(f"{request.full_path} {dict(request.headers)}")
        return {"access_token": "token"}, 200

    with served(app) as url:
        registry = a_client_of_oddities(url)
        for operation in OPERATIONS.values():
            with pytest.raises(RegistryError):
                operation(registry)

    assert len(OPERATIONS) + 1 == len(seen)
    assert [] == [secret for secret in SECRETS if secret in "".join(seen)]


def test_neither_side_logs_who_was_asked_about(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("", "urllib3"):
        # A process that set its logs up has quietened that one.
        caplog.set_level(logging.DEBUG, name)
    registry = a_client(sandbox.url)

    for operation in OPERATIONS.values():
        try:
            operation(registry)
        except RegistryError:
            continue

    assert caplog.records
    assert [] == [secret for secret in SECRETS if secret in caplog.text]
