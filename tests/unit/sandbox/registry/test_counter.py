"""The counter of the sandbox: faulty calls, keys that outlive a crash, and the operator's hands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from sandbox.registry.app import create_app
from sandbox.registry.settings import SandboxRegistrySettings

NADIA, FATIMA, NOBODY = "3222222227", "2111111116", "9999999999"


def an_application(**changes: Any) -> dict[str, Any]:
    """An application as it stands in a body."""
    fields: dict[str, Any] = {
        "reference": "712345678943",
        "programme": "minhaty",
        "person": FATIMA,
        "for": [],
        "answers": {},
        "locale": "fra",
        "channel": "ussd",
        "consent_version": "1",
        "assisted": False,
        "given_on": "2026-11-02T09:30:00+01:00",
    }
    return fields | changes


def keyed(bearer: dict[str, str], key: str = "key-1") -> dict[str, str]:
    """The headers of what is handed in."""
    return bearer | {"Idempotency-Key": key}


@pytest.mark.parametrize(
    "path",
    [
        *("applications", "applications/search", "complaints", "complaints/search", "contacts"),
        *("offices/search", "appointments/search"),
    ],
)
def test_whoever_has_no_token_is_refused(client: FlaskClient, path: str) -> None:
    assert 401 == client.post(f"/counter/v1/{path}", json={}).status_code


@pytest.mark.parametrize("path", ["/disburse/sync/search", "/registry/subscribe"])
def test_messages_need_a_token_too(client: FlaskClient, path: str) -> None:
    assert 401 == client.post(path, json={}).status_code


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("applications", []),
        ("applications", an_application(person=NOBODY)),
        ("applications", an_application(programme="Not a key")),
        ("applications", an_application(given_on="2026-11-02T09:30:00")),
        ("applications/search", {"locale": "fra"}),
        ("applications/search", {"locale": "fra", "person": FATIMA, "reference": "1"}),
        ("applications/search", {"locale": "fr", "person": FATIMA}),
        ("offices/search", {"locale": "fra", "near": {"latitude": 91, "longitude": 0}}),
        ("offices/search", {"locale": "fra", "place": "Salé", "home": FATIMA}),
        ("appointments/search", {}),
        ("contacts", {"person": FATIMA}),
    ],
)
def test_a_faulty_call_is_refused_and_its_problem_quotes_nothing(
    client: FlaskClient, bearer: dict[str, str], path: str, body: Any
) -> None:
    answer = client.post(f"/counter/v1/{path}", json=body, headers=keyed(bearer))

    assert 422 == answer.status_code
    assert "application/problem+json" == answer.mimetype
    assert "request.invalid" == answer.get_json()["code"]
    assert FATIMA not in answer.get_data(as_text=True)


def test_a_key_outlives_the_process(
    app: Flask, client: FlaskClient, bearer: dict[str, str], tmp_path: Path
) -> None:
    path, headers = "/counter/v1/applications", keyed(bearer)
    first = client.post(path, json=an_application(), headers=headers).get_json()
    app.extensions["registry_database"].close()

    again = create_app(
        SandboxRegistrySettings(
            log_level="INFO",
            registry_database_url=f"sqlite:///{tmp_path}/registry.db",
            registry_client_id="twiza",
            registry_client_secret=SecretStr("secret-of-tests"),
        )
    )
    second = again.test_client().post(path, json=an_application(), headers=headers).get_json()
    again.extensions["registry_database"].close()

    assert {"reference": "712345678943"} == first
    assert first == second


def test_what_is_handed_in_is_counted(client: FlaskClient, bearer: dict[str, str]) -> None:
    before = client.get("/sandbox/applications").get_json()["count"]
    for key, programme in (("1", "minhaty"), ("2", "school_grant"), ("2", "school_grant")):
        client.post(
            "/counter/v1/applications",
            json=an_application(programme=programme, reference=""),
            headers=keyed(bearer, key),
        )

    assert 0 == before
    assert 2 == client.get("/sandbox/applications").get_json()["count"]


def test_an_operator_decides_and_a_refusal_opens_the_right_of_appeal(
    client: FlaskClient, bearer: dict[str, str]
) -> None:
    asked = {"person": NADIA, "locale": "fra"}
    found = client.post("/counter/v1/applications/search", json=asked, headers=bearer).get_json()
    reference = found["applications"][0]["reference"]

    moved = client.post(
        f"/sandbox/applications/{reference}", json={"state": "refused", "reason": "pension"}
    ).get_json()["application"]

    assert ("refused", "pension") == (moved["state"], moved["reason"])
    assert "appeal_by" in moved
    assert "next_by" not in moved


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("applications/712345678943", {"state": "accepted"}, 404),
        ("applications/712345678943", {"state": "lost"}, 422),
        ("payments", {"idcs": NOBODY, "programme": "asd", "month": "2026-11-01"}, 422),
        ("index", {"idcs": FATIMA, "index": "-1"}, 422),
        ("index", {"idcs": NOBODY, "index": "9"}, 422),
    ],
)
def test_a_faulty_order_of_an_operator_is_refused(
    client: FlaskClient, path: str, body: dict[str, str], status: int
) -> None:
    assert status == client.post(f"/sandbox/{path}", json=body).status_code


def test_a_database_of_an_older_shape_is_made_anew(app: Flask, tmp_path: Path) -> None:
    database = app.extensions["registry_database"]
    with database.writing.begin() as connection:
        connection.exec_driver_sql("DROP TABLE receipts")
        connection.exec_driver_sql("PRAGMA user_version = 1")
    settings = SandboxRegistrySettings(
        log_level="INFO",
        registry_database_url=f"sqlite:///{tmp_path}/registry.db",
        registry_client_id="twiza",
        registry_client_secret=SecretStr("secret-of-tests"),
    )

    again = create_app(settings)

    assert 20 == len(again.test_client().get("/sandbox/citizens").get_json())
    with again.extensions["registry_database"].writing.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM receipts").scalar() == 0
    again.extensions["registry_database"].close()
