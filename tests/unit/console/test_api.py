"""Programs read by tokens: what they may, as it is described, page by page, and not too often."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import redis
import sqlalchemy as sa
import yaml
from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from werkzeug.test import TestResponse

from console.app import create_app
from console.settings import ConsoleSettings
from records.clock import utc_now
from records.database import Database
from records.outbox import Outbox
from records.tables import AuditRow
from records.tokens import SCOPES, ApiTokens
from tests.builders import IDCS, NUMBER
from tests.unit.console.conftest import SignIn
from tests.unit.console.conversations_world import NUMBER_KEY, ask_for_a_person, fill
from transcripts.figures import Counted, Figures, Subject
from transcripts.store import Transcripts
from transcripts.turns import RecordedTurn

DESCRIPTION = Path(__file__).parents[3] / "docs/openapi/twiza-console.yaml"
TODAY = utc_now().date()


@pytest.fixture
def numbers(database: Database) -> dict[str, int]:
    """Conversations, a request for a person, a delivery, figures; the first by their channel."""
    numbers = fill(database)
    ask_for_a_person(database)
    Outbox(database).add(NUMBER_KEY, "sms", b"sealed")
    counted = {TODAY: {Subject("turns", "sms", "fr"): Counted(3, 4.5)}}
    Figures(database).replace_since("turns", TODAY, counted)
    return numbers


class Program:
    """A program with a token."""

    def __init__(self, app: Flask, token: str) -> None:
        self._client = app.test_client()
        self._headers = {"Authorization": f"Bearer {token}"}

    def get(self, path: str, **headers: str) -> TestResponse:
        """Ask for something."""
        return self._client.get(f"/api/v1/{path}", headers={**self._headers, **headers})


@pytest.fixture
def program(app: Flask, database: Database) -> Program:
    """One that may read everything."""
    return Program(app, ApiTokens(database).make("tableau", SCOPES, 30, "1"))


def described() -> dict[str, Any]:
    """The description."""
    read: dict[str, Any] = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    return read


def faults(path: str, answer: TestResponse) -> list[str]:
    """Where an answer is not as the description of its path says."""
    document = described()
    responses = document["paths"][path]["get"]["responses"]
    known = str(answer.status_code) if str(answer.status_code) in responses else "default"
    told = responses[known]
    where = f"/paths/{path.replace('~', '~0').replace('/', '~1')}/get/responses/{known}"
    if "$ref" in told:
        where = told["$ref"].removeprefix("#")
        told = document["components"]["responses"][told["$ref"].rpartition("/")[2]]
    (content,) = told["content"]
    if answer.mimetype != content:
        return [f"{answer.mimetype} is not {content}"]
    pointer = f"urn:console#{where}/content/{content.replace('/', '~1')}/schema"
    document["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    registry = Registry().with_resource("urn:console", Resource.from_contents(document))
    validator = Draft202012Validator(
        {"$ref": pointer}, registry=registry, format_checker=FormatChecker()
    )
    return [fault.message for fault in validator.iter_errors(answer.get_json())]


def test_the_description_is_valid() -> None:
    faulty = OpenAPIV31SpecValidator(described()).iter_errors()

    assert [] == [str(fault) for fault in faulty]


def test_every_route_is_described_and_every_description_is_a_route(app: Flask) -> None:
    routes = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule): view.scope
        for rule in app.url_map.iter_rules()
        if hasattr(view := app.view_functions[rule.endpoint], "scope")
    }
    paths = described()["paths"]

    assert {path for path in paths if path.startswith("/api/v1/")} == set(routes)
    assert all(f"Scope {scope}." in paths[path]["get"]["summary"] for path, scope in routes.items())
    assert set(routes.values()) == set(SCOPES)
    beside = [rule.endpoint for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    assert len(beside) == len(routes)


def test_answers_are_as_they_are_described(program: Program, numbers: dict[str, int]) -> None:
    answered = [
        ("/api/v1/conversations", "conversations"),
        ("/api/v1/conversations", "conversations?channel=sms&since=2026-01-01T00:00:00Z&limit=1"),
        ("/api/v1/conversations/{number}", "conversations/{sms}"),
        ("/api/v1/conversations/{number}/messages", "conversations/{sms}/messages"),
        ("/api/v1/conversations/{number}/messages", "conversations/{whatsapp}/messages?limit=1"),
        ("/api/v1/handovers", "handovers?state=waiting"),
        ("/api/v1/deliveries", "deliveries"),
        ("/api/v1/figures", f"figures?measure=turns&since={TODAY}&until={TODAY}"),
    ]
    for path, asked in answered:
        answer = program.get(asked.format(**numbers))
        assert 200 == answer.status_code, answer.text
        assert [] == faults(path, answer), asked
        assert answer.get_json().get("items", [1]), asked
        for secret in (NUMBER_KEY, NUMBER, IDCS, "[["):
            assert secret not in answer.text


def test_what_cannot_be_answered_is_a_problem_that_says_why(program: Program) -> None:
    refused = [
        ("conversations?since=yesterday", 400),
        ("conversations?since=2026-01-01T00:00:00", 400),
        ("conversations?limit=-1", 400),
        ("conversations?limit=x", 400),
        ("conversations?cursor=x", 400),
        ("conversations?chanel=sms", 400),
        (f"conversations?channel={'x' * 65}", 400),
        ("conversations/999999", 404),
        (f"conversations/{10**30}", 404),
        ("handovers?state=gone", 400),
        ("figures", 400),
        ("figures?measure=applications&since=2026-01-01&until=2026-01-02", 400),
        ("figures?measure=turns&since=2020-01-01&until=2026-01-02", 400),
        ("nothing", 404),
    ]
    for asked, status in refused:
        answer = program.get(asked)
        assert (status, "application/problem+json") == (answer.status_code, answer.mimetype), asked
        assert [] == faults("/api/v1/conversations", answer)


def test_pages_follow_one_another_to_the_end_whatever_is_said_meanwhile(
    program: Program, database: Database
) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    turns = [
        RecordedTurn(f"k{n}", f"sms-{n:032}", f"{n:032}", "sms", "sms", "twilio", now)
        for n in range(7)
    ]
    Transcripts(database).record(turns)
    seen, cursor = [], ""
    while True:
        answer = program.get(f"conversations?limit=3&cursor={cursor}").get_json()
        seen += [one["id"] for one in answer["items"]]
        later = RecordedTurn(
            f"m{len(seen)}", f"sms-{len(seen):031}x", "x" * 32, "sms", "sms", "twilio", utc_now()
        )
        Transcripts(database).record([later])
        cursor = answer["next"]
        if cursor is None:
            break

    assert 7 == len(seen) == len(set(seen))


def test_what_did_not_change_is_not_sent_again(program: Program, numbers: dict[str, int]) -> None:
    first = program.get("handovers")
    again = program.get("handovers", **{"If-None-Match": first.headers["ETag"]})

    assert (304, b"") == (again.status_code, again.data)
    assert "no-store" not in first.headers["Cache-Control"]


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_reads_what_its_scope_names_and_nothing_else(
    app: Flask, database: Database, scope: str
) -> None:
    program = Program(app, ApiTokens(database).make("one", [scope], 30, "1"))
    wrong = []
    for rule in app.url_map.iter_rules():
        needs = getattr(app.view_functions[rule.endpoint], "scope", "")
        if needs:
            path = rule.rule.removeprefix("/api/v1/").replace("<int:number>", "999999")
            is_refused = program.get(path).status_code == 403
            wrong += [path] if is_refused is (needs == scope) else []

    assert [] == wrong


def test_no_token_a_wrong_one_one_that_ended_and_one_that_was_revoked_read_nothing(
    app: Flask, database: Database, signed_in: SignIn
) -> None:
    now = utc_now()
    ended = ApiTokens(database, lambda: now - timedelta(days=31)).make("old", SCOPES, 30, "1")
    revoked = ApiTokens(database).make("lost", SCOPES, 30, "1")
    ApiTokens(database).revoke(2)

    for token in ("", "x", "twiza_" + "A" * 43, ended, revoked):
        answer = Program(app, token).get("handovers")
        assert (401, True) == (answer.status_code, "WWW-Authenticate" in answer.headers), token
    assert 401 == signed_in("supervisor").client.get("/api/v1/handovers").status_code


def test_who_asks_too_often_is_told_when_to_ask_again(
    settings: ConsoleSettings, database: Database, store: redis.Redis
) -> None:
    app = create_app(settings.model_copy(update={"api_calls_per_minute": 2}))
    program = Program(app, ApiTokens(database).make("eager", SCOPES, 30, "1"))
    statuses = [program.get("handovers") for _ in range(3)]

    assert [200, 200, 429] == [one.status_code for one in statuses]
    assert 1 <= int(statuses[2].headers["Retry-After"]) <= 61


def test_a_database_that_went_away_is_a_problem_too(program: Program, database: Database) -> None:
    with database.session() as session:
        session.connection().exec_driver_sql("ALTER TABLE handovers RENAME TO gone")

    answer = program.get("handovers")

    assert (503, "application/problem+json") == (answer.status_code, answer.mimetype)


def test_a_token_is_made_shown_once_kept_as_a_hash_and_revoked(
    app: Flask, signed_in: SignIn, database: Database
) -> None:
    admin = signed_in("admin")
    admin.open("/tokens")
    admin.send("/tokens", name="Tableau de bord", scope="handovers.read", days="30")
    secret = re.search(r"twiza_[\w-]{43}", admin.text)
    assert secret is not None
    program = Program(app, secret.group())

    assert 200 == program.get("handovers").status_code
    admin.open("/tokens")
    assert secret.group() not in admin.text
    with database.engine.connect() as connection:
        assert secret.group() not in repr(connection.execute(sa.text("SELECT * FROM api_tokens")))
    admin.send("/tokens/1/revoke")
    assert 401 == program.get("handovers").status_code
    with database.reading() as session:
        events = session.scalars(sa.select(AuditRow.event).where(AuditRow.event.like("token.%")))
        assert ["token.made", "token.revoked"] == list(events)


@pytest.mark.parametrize(
    "given",
    [
        {"name": " ", "scope": "handovers.read", "days": "30"},
        {"name": "x", "days": "30"},
        {"name": "x", "scope": "everything", "days": "30"},
        {"name": "x", "scope": "handovers.read", "days": "9999"},
    ],
)
def test_a_token_without_a_name_a_scope_or_a_time_is_not_made(
    signed_in: SignIn, database: Database, given: dict[str, str]
) -> None:
    admin = signed_in("admin")
    admin.open("/tokens")
    admin.send("/tokens", **given)

    assert [] == ApiTokens(database).all()
