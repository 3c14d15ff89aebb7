"""The audit says what it knows, what it could not ask, and lets no exception stand for ever."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from packaging.version import Version

from supply import asking, audit
from supply.advisories import Accepted, Advisories, Least, faults_in, read_advisories
from supply.locks import LOCKS, Pin, pins_of, read_lock

TODAY = date(2026, 11, 28)
WHY = "because the one who calls it is the one who wrote it"
PINNED = {"main": [Pin("flask", Version("3.1.3"))], "engine": [Pin("skops", Version("0.9.0"))]}


def accepted(**changes: Any) -> Advisories:
    """One accepted fault."""
    fields: dict[str, Any] = {
        "id": "CVE-2025-54886",
        "package": "skops",
        "environment": "engine",
        "mended": "0.13.0",
        "until": TODAY,
        "why": WHY,
    }
    return Advisories(accepted=(Accepted(**(fields | changes)),))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"until": TODAY - timedelta(days=1)}, "decide again"),
        ({"package": "scipy"}, "scipy is gone from engine"),
        ({"environment": "main"}, "skops is gone from main"),
        ({"mended": "0.9.0"}, "is mended in 0.9.0; take it out"),
    ],
)
def test_an_exception_ends_with_its_day_its_mending_or_its_package(
    changes: dict[str, Any], said: str
) -> None:
    faults = faults_in(accepted(**changes), PINNED, TODAY)

    assert bool(said) == bool(faults)
    assert said in "".join(faults)


@pytest.mark.parametrize(("version", "said"), [("3.1.3", ""), ("3.2", "flask 3.1.3 is below 3.2")])
def test_a_version_below_the_least_is_a_fault(version: str, said: str) -> None:
    least = Least(package="flask", environment="main", version=version, why=WHY)
    faults = faults_in(Advisories(least=(least,)), PINNED, TODAY)

    assert bool(said) == bool(faults)
    assert said in "".join(faults)


@pytest.mark.parametrize("changes", [{"why": "fine"}, {"id": "none"}, {"until": "soon"}])
def test_an_exception_without_reason_name_or_day_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="1 validation error"):
        accepted(**changes)


def test_what_is_accepted_here_and_now_holds() -> None:
    pinned = {name: pins_of(name) for name in LOCKS}

    assert [] == faults_in(read_advisories(), pinned, datetime.now(UTC).date())


def test_every_line_of_both_locks_is_read() -> None:
    for environment in LOCKS:
        pins = pins_of(environment)

        assert len(pins) > 80
        assert all(pin.name == pin.name.lower() for pin in pins)


def test_a_lock_that_pins_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="flask is not pinned"):
        read_lock("flask>=3 \\\n    --hash=sha256:00\n")


Answering = Callable[..., None]


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    """Has pip-audit end in a given way; its own words are those it was seen to say."""

    def answer(code: int, told: object = None, error: str = "") -> None:
        text = "" if told is None else json.dumps(told)
        done = subprocess.CompletedProcess([], code, text, error)
        monkeypatch.setattr(asking, "_run", lambda *_: done)

    return answer


def told(*vulns: dict[str, Any]) -> dict[str, Any]:
    """What is told of flask."""
    return {"dependencies": [{"name": "flask", "version": "3.1.3", "vulns": list(vulns)}]}


FAULT = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1111"], "fix_versions": ["3.2"]}


def test_a_known_fault_is_told_with_where_it_is_mended(answering: Answering) -> None:
    answering(1, told(FAULT))
    answer = asking.ask(PINNED["main"], (), "pypi")

    assert ("flask 3.1.3: PYSEC-2026-1, mended in 3.2",) == answer.known


def test_an_accepted_fault_is_known_by_any_of_its_names(answering: Answering) -> None:
    answering(1, told(FAULT))

    assert asking.Answer() == asking.ask(PINNED["main"], {"CVE-2026-1111"}, "pypi")


@pytest.mark.parametrize(
    ("code", "said", "why"),
    [
        (1, None, "could not be audited"),
        (0, {"dependencies": [{"name": "flask", "skip_reason": "not found"}]}, "nothing was told"),
        (0, {"dependencies": []}, "nothing was told of flask"),
        (0, ["?"], "cannot be read"),
        (2, told(), "could not be audited"),
    ],
)
def test_silence_is_never_taken_for_safety(
    answering: Answering, code: int, said: object, why: str
) -> None:
    answering(code, said, "ERROR: flask: could not be audited")
    answer = asking.ask(PINNED["main"], (), "pypi")

    assert () == answer.known
    assert why in answer.unasked


@pytest.mark.parametrize(
    ("arguments", "code"), [([], 3), (["--unasked-too"], 0), (["--offline"], 0)]
)
def test_where_nobody_answers_that_is_what_it_says(
    answering: Answering, arguments: list[str], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(1, None, "no such host")

    assert code == audit.main(arguments)
    assert "NOT KNOWN: main: " in capsys.readouterr().out


def test_what_is_known_fails_even_where_the_rest_is_unasked(
    answering: Answering, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answering(1, None, "no such host")
    least = Least(package="flask", environment="main", version="99", why=WHY)
    monkeypatch.setattr(audit, "read_advisories", lambda: Advisories(least=(least,)))

    assert 1 == audit.main(["--unasked-too"])
    assert "FAULT: flask" in capsys.readouterr().out


def test_a_service_out_of_reach_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    # Nothing listens there, so nothing leaves this machine.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    answer = asking.ask([Pin("flask", Version("3.1.3"))], (), "osv")

    assert answer.unasked
