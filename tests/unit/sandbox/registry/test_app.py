"""The sandbox registry's wire: who is let in, what is refused and with which code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from actions.registry.envelope import Parties, write_header
from actions.registry.one_time_codes import write_auth_request, write_otp_request
from actions.registry.search_messages import Search, write_search
from sandbox.registry.database import RegistryDatabase

SEARCH = "/registry/sync/search"
OTP = "/idauthentication/v1/otp/misp/twiza/key"
AUTH = "/idauthentication/v1/auth/misp/twiza/key"
FATIMA = "2111111116"


def a_search() -> dict[str, Any]:
    """A search that is right in every way."""
    header = write_header("search", Parties("twiza", "registry"))
    return {"header": header, "message": write_search(Search(FATIMA, "Group", "fr"))}


def test_health_is_told_to_anybody(client: FlaskClient) -> None:
    assert 200 == client.get("/health").status_code


@pytest.mark.parametrize("path", [SEARCH, OTP, AUTH])
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer made-up", "Basic dHdpemE6"])
def test_whoever_has_no_token_is_refused(client: FlaskClient, path: str, header: str) -> None:
    answer = client.post(path, json=a_search(), headers={"Authorization": header})

    assert 401 == answer.status_code
    assert "err.request.unauthorized" == answer.get_json()["errors"][0]["code"]


@pytest.mark.parametrize(
    ("change", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "other"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"scope": "everything"}, 400, "invalid_scope"),
    ],
)
def test_a_token_is_given_to_the_known_client_alone(
    client: FlaskClient, change: dict[str, str], status: int, error: str
) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": "twiza",
        "client_secret": "secret-of-tests",
    }

    answer = client.post("/oauth2/client/token", data=form | change)

    assert (status, error) == (answer.status_code, answer.get_json()["error"])


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        ("version", "2.0.0", "rjct.version.invalid"),
        ("action", "subscribe", "rjct.action.invalid"),
        ("message_ts", "2026-01-05T09:30:00", "rjct.message_ts.invalid"),
        ("message_ts", 5, "rjct.message_ts.invalid"),
        ("total_count", 2, "rjct.total_count.invalid"),
        ("total_count", "1", "rjct.total_count.invalid"),
    ],
)
def test_a_faulty_header_is_refused_with_its_reason(
    client: FlaskClient, bearer: dict[str, str], place: str, value: Any, reason: str
) -> None:
    message = a_search()
    message["header"][place] = value

    header = client.post(SEARCH, json=message, headers=bearer).get_json()["header"]

    assert ("rjct", reason) == (header["status"], header["status_reason_code"])


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", '{"header": {}, "message": {}}', "{"])
def test_what_is_no_message_is_a_bad_request(
    client: FlaskClient, bearer: dict[str, str], body: str
) -> None:
    answer = client.post(SEARCH, data=body, headers=bearer, content_type="application/json")

    assert 400 == answer.status_code
    assert "err.request.bad" == answer.get_json()["errors"][0]["code"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"reference_id": ""}, "rjct.reference_id.invalid"),
        ({"timestamp": "yesterday"}, "rjct.timestamp.invalid"),
        ({"search_criteria": None}, "rjct.search_criteria.invalid"),
        ({"locale": "fr"}, "rjct.search_criteria.invalid"),
    ],
)
def test_a_faulty_search_is_refused_with_its_reason(
    client: FlaskClient, bearer: dict[str, str], change: dict[str, Any], reason: str
) -> None:
    message = a_search()
    message["message"]["search_request"][0] |= change

    answer = client.post(SEARCH, json=message, headers=bearer).get_json()

    assert "rjct" == answer["header"]["status"]
    assert reason == answer["message"]["search_response"][0]["status_reason_code"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"query_type": "predicate"}, "rjct.search_criteria.invalid"),
        ({"query": {"type": "CNIE", "value": "A1"}}, "rjct.search_criteria.invalid"),
        ({"query": {"type": "UIN", "value": 2111111116}}, "rjct.search_criteria.invalid"),
        ({"reg_type": "ns:org:RegistryType:Civil"}, "rjct.search_criteria.invalid"),
        ({"pagination": {"page_size": 0}}, "rjct.pagination.invalid"),
        ({"pagination": {"page_size": 1, "page_number": 0}}, "rjct.pagination.invalid"),
    ],
)
def test_faulty_criteria_are_refused_with_their_reason(
    client: FlaskClient, bearer: dict[str, str], change: dict[str, Any], reason: str
) -> None:
    message = a_search()
    message["message"]["search_request"][0]["search_criteria"] |= change

    answer = client.post(SEARCH, json=message, headers=bearer).get_json()

    assert reason == answer["message"]["search_response"][0]["status_reason_code"]


def test_one_faulty_search_leaves_the_others_answered(
    client: FlaskClient, bearer: dict[str, str]
) -> None:
    message = a_search()
    searches = message["message"]["search_request"]
    searches.append(searches[0] | {"timestamp": ""})
    message["header"]["total_count"] = 2

    answer = client.post(SEARCH, json=message, headers=bearer).get_json()

    assert "succ" == answer["header"]["status"]
    assert ["succ", "rjct"] == [each["status"] for each in answer["message"]["search_response"]]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"id": "mosip.identity.kyc"}, "IDA-MLC-009"),
        ({"individualIdType": "VID"}, "IDA-MLC-009"),
        ({"transactionID": ""}, "IDA-MLC-009"),
        ({"individualId": None}, "IDA-MLC-006"),
        ({"requestTime": "2026-01-05T09:30:00"}, "IDA-MLC-001"),
        ({"otpChannel": ["email"]}, "IDA-OTA-008"),
        ({}, "IDA-OTA-002"),
    ],
)
def test_a_request_for_a_code_is_refused_with_mosips_error(
    client: FlaskClient, bearer: dict[str, str], change: dict[str, Any], code: str
) -> None:
    message = write_otp_request(FATIMA, "verification") | change

    answer = client.post(OTP, json=message, headers=bearer).get_json()

    assert code == answer["errors"][0]["errorCode"]


def test_a_code_is_checked_with_consent_alone(client: FlaskClient, bearer: dict[str, str]) -> None:
    message = write_auth_request(FATIMA, "verification", "123456") | {"consentObtained": False}

    answer = client.post(AUTH, json=message, headers=bearer).get_json()

    assert "IDA-MLC-012" == answer["errors"][0]["errorCode"]


def test_the_clock_can_be_set_ahead_and_read(client: FlaskClient) -> None:
    client.post("/sandbox/clock", json={"advance_seconds": 90})
    answer = client.post("/sandbox/clock", json={"advance_seconds": 10})

    assert 100.0 == answer.get_json()["ahead_seconds"]
    assert 100.0 == client.get("/sandbox/clock").get_json()["ahead_seconds"]


@pytest.mark.parametrize("body", ["", "[]", '{"advance_seconds": "9"}', '{"advance_seconds": NaN}'])
def test_the_clock_takes_seconds_alone(client: FlaskClient, body: str) -> None:
    answer = client.post("/sandbox/clock", data=body, content_type="application/json")

    assert 400 == answer.status_code


def test_the_people_to_try_are_listed_as_the_run_file_wants_them(client: FlaskClient) -> None:
    citizens = client.get("/sandbox/citizens").get_json()

    assert {"idcs", "birth_date", "phone", "language", "summary"} == set(citizens[0])
    assert (FATIMA, "1985-03-12") == (citizens[0]["idcs"], citizens[0]["birth_date"])


def test_a_second_start_finds_the_database_as_it_was(client: FlaskClient, tmp_path: Path) -> None:
    client.post("/sandbox/clock", json={"advance_seconds": 5})
    RegistryDatabase(f"sqlite:///{tmp_path}/registry.db").close()

    assert 5.0 == client.get("/sandbox/clock").get_json()["ahead_seconds"]
