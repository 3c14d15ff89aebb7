"""Every provider and every USSD gateway keeps one contract; its recordings prove it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from xml.etree import ElementTree

import pytest
import redis
from werkzeug.datastructures import MultiDict

from channels import providers
from channels.deadline import Said
from channels.port import WebhookAnswer, WebhookCall
from channels.providers.ussd.dialect import Dialect, load_dialect
from core.messages import ChannelKind
from tests.contract.channels.recordings import (
    FOLDER,
    PASSWORD,
    PUBLIC,
    SECRET,
    TOKEN,
    Wire,
    find_recordings,
    open_recorded,
    read_recording,
)

ROOM = Path(providers.__file__).parent
DIALECTS = sorted(path.stem for path in (ROOM / "ussd" / "dialects").glob("*.toml"))
PROVIDERS = sorted(path.parent.name for path in ROOM.glob("*/__init__.py"))
# What comes over SMPP and not over HTTP is recorded as PDUs: test_recorded_pdus.py.
SERVED = sorted({*PROVIDERS, *DIALECTS} - {"ussd", "smpp_ussd"})
# A case is there where a recording's name begins with it.
CHAT_CASES = {
    "text",
    "button_press",
    "list_reply",
    "unknown_fields",
    "media",
    "image",
    "pdf",
    "voice",
    "contact",
    "sticker",
    "reaction",
    "unsupported",
    "user_without_a_number",
    "repeated_field",
    "signed_by_the_previous_token",
    "json_body",
    "location",
    "empty",
    "missing_field",
    "unknown_recipient",
    "bad_signature",
    "signature_missing",
    "query_in_the_address",
    "odd_number",
}
USSD_CASES = {
    "new",
    "continue",
    "next",
    "duplicated",
    "star_in_an_answer",
    "empty_answer",
    "malformed",
    "missing_field",
    "malformed_number",
    "bad_authentication",
    "no_authentication",
}
COMPARED = {"same_as", "differs_from"}
CHAT_REPORTS = {"sent", "delivered", "undelivered", "failed", "bad_signature"}
CHAT_ANSWERS = {"text", "escaped", "several", "nothing", "longest", "too_long"}
USSD_ANSWERS = {"goes_on", "ends", "arabic", "escaped"}
REFUSED = [
    one
    for one in [*find_recordings("inbound"), *find_recordings("reports")]
    if "error" in read_recording(one)["expect"]
]


def a_call() -> WebhookCall:
    return WebhookCall(PUBLIC, {}, MultiDict(), {}, b"")


def missing(name: str, what: str, needed: set[str]) -> set[str]:
    there = [path.stem for path in (FOLDER / name / what).glob("*.json")]
    return {case for case in needed if not any(stem.startswith(case) for stem in there)}


def plainly(value: object) -> object:
    """A field of a message as a recording writes it."""
    return [asdict(one) for one in value] if isinstance(value, tuple) else value


def cases_of(dialect: Dialect) -> tuple[set[str], set[str]]:
    """The calls and the answers that a dialect's own file makes necessary."""
    calls, answers = set(USSD_CASES), set(USSD_ANSWERS)
    if dialect.session.aborts:
        calls.add("abort")
        answers.add("abort")
    if dialect.input.cumulative:
        calls.add("cumulative")
    if dialect.input.first != "nothing":
        calls.add("dialled_behind")
    if dialect.fields.service_code or (dialect.session.begins and dialect.input.first == "dialled"):
        calls.add("unknown_service_code")
    if dialect.answer.first_stays_open:
        answers.add("ends_at_once")
    return calls, answers


@pytest.mark.parametrize("name", SERVED)
def test_a_provider_has_every_case_that_one_needs(name: str) -> None:
    calls, answers = (
        cases_of(load_dialect(name)) if name in DIALECTS else (CHAT_CASES, CHAT_ANSWERS)
    )
    lacking = {
        "inbound": missing(name, "inbound", calls),
        "reports": missing(name, "reports", set() if name in DIALECTS else CHAT_REPORTS),
        "outbound": missing(name, "outbound", answers),
    }

    assert {"inbound": set(), "reports": set(), "outbound": set()} == lacking


def test_no_recordings_are_left_of_a_provider_that_is_gone() -> None:
    folders = {path.name for path in FOLDER.iterdir() if (path / "inbound").is_dir()}

    assert set(SERVED) == folders


@pytest.mark.parametrize("recording", find_recordings("inbound"))
def test_what_a_provider_delivers_becomes_a_message_or_a_refusal(
    recording: str, monkeypatch: pytest.MonkeyPatch, store: redis.Redis
) -> None:
    recorded = read_recording(recording)
    wire = Wire(open_recorded(recording, monkeypatch), store)
    answer = wire.deliver_recorded(recording)
    expected = recorded["expect"]

    assert len(recorded["about"]) > 10
    if "error" in expected:
        assert expected["status"] == answer.status_code
        assert [expected["error"]] == [type(fault).__name__ for fault in wire.refused]
        assert expected.get("says", answer.text) == answer.text
        assert [] == wire.doorstep.heard
    elif "nothing" in expected:
        assert (200, []) == (answer.status_code, wire.doorstep.heard)
    else:
        assert 200 == answer.status_code, answer.text
        [message] = wire.doorstep.heard
        assert expected == {name: plainly(getattr(message, name)) for name in expected}
        assert {"kind", "number"} <= expected.keys()
        assert message.received_at.tzinfo is not None


@pytest.mark.parametrize(
    "recording",
    [one for one in find_recordings("inbound") if COMPARED & read_recording(one).keys()],
)
def test_a_hop_has_the_identity_of_its_repeat_and_no_other(
    recording: str, monkeypatch: pytest.MonkeyPatch, store: redis.Redis
) -> None:
    recorded = read_recording(recording)
    other = recorded.get("same_as", recorded.get("differs_from"))
    wire = Wire(open_recorded(recording, monkeypatch), store)
    heard = []
    for one in (f"{recording.rpartition('/')[0]}/{other}", recording):
        wire.deliver_recorded(one)
        heard += wire.doorstep.heard

    [first, second] = heard
    assert ("same_as" in recorded) == (first.message_id == second.message_id)
    assert first.session_id == second.session_id


@pytest.mark.parametrize("recording", find_recordings("reports"))
def test_what_a_provider_reports_is_taken_or_refused(
    recording: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded = read_recording(recording)
    wire = Wire(open_recorded(recording, monkeypatch))
    answer = wire.deliver(recorded["request"])

    expected = recorded["expect"]
    names = expected.get("fate", {})
    told = [{name: getattr(fate, name) for name in names} for fate in wire.reports.fates]

    assert expected["status"] == answer.status_code
    assert expected.get("says", answer.text) == answer.text
    assert ([expected["fate"]] if names else []) == told
    # The session that a gateway's report ends, as a hop that hangs up does.
    over = [(one.session_id, one.session_event.value) for one in wire.doorstep.heard]
    assert ([(expected["ends"], "abort")] if "ends" in expected else []) == over


@pytest.mark.parametrize("recording", find_recordings("outbound"))
def test_an_answer_is_written_as_the_provider_reads_it(
    recording: str, monkeypatch: pytest.MonkeyPatch, store: redis.Redis
) -> None:
    recorded = read_recording(recording)
    channels, expected = open_recorded(recording, monkeypatch), recorded["expect"]
    if "answers" in recorded:
        wire = Wire(channels, store)
        wire.doorstep.says = Said(tuple(recorded["texts"]), recorded["is_open"])
        told = wire.deliver_recorded(f"{recording.split('/')[0]}/inbound/{recorded['answers']}")
        answer = WebhookAnswer(
            told.text, str(told.content_type), told.status_code, dict(told.headers)
        )
    else:
        provider = channels[recorded["path"].split("/")[2]]
        answer = provider.answer(a_call(), recorded["texts"], recorded["is_open"])

    assert expected.get("status", 200) == answer.status
    assert expected["content_type"] == answer.content_type
    assert expected.get("headers", {}).items() <= dict(answer.headers).items()
    if "pieces" in expected:
        assert expected["pieces"] == [m.text for m in ElementTree.fromstring(answer.body)]
    elif "json" in expected:
        assert expected["json"] == json.loads(answer.body)
    else:
        assert expected["body"] == answer.body


@pytest.mark.parametrize("recording", REFUSED)
def test_a_refusal_says_nothing_of_a_secret_or_a_number(
    recording: str, monkeypatch: pytest.MonkeyPatch, store: redis.Redis
) -> None:
    wire = Wire(open_recorded(recording, monkeypatch), store)
    answer = wire.deliver_recorded(recording)

    assert answer.status_code >= 400
    for secret in (SECRET, PASSWORD, TOKEN, "612345678", "6123", "520000"):
        assert secret not in answer.text


@pytest.mark.parametrize("name", SERVED)
def test_a_provider_says_what_it_can_carry(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for provider in open_recorded(name, monkeypatch).values():
        limits, on_ussd = provider.capabilities, provider.kind is ChannelKind.USSD

        assert 0 < limits.deadline_seconds < (5 if on_ussd else 15)
        assert on_ussd == (limits.budget is not None)
        assert on_ussd != limits.can_send
        assert provider.address
