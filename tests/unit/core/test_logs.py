"""Whatever a process logs, nothing of a person stands in the line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
_PROGRAM = """
import logging
from dataclasses import dataclass

from core.logs import log, set_up_logs

set_up_logs("door")
ours, theirs = log("channels.app"), logging.getLogger("library")


@dataclass
class Message:
    number: str


"""
SECRETS = ("612345678", "5839204719", "AB123456", "3/2/1980", "1980")


def _lines(statements: str) -> list[dict[str, Any]]:
    """The lines that a process writes which sets up its logs and then does these statements."""
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM + statements],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )

    assert "" == run.stderr
    assert not [secret for secret in SECRETS if secret in run.stdout]
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_a_line_is_json_with_the_same_fields_everywhere() -> None:
    ours, theirs = _lines('ours.info("turn_ended", turns=3)\ntheirs.warning("slow: %s", 2)')

    assert {
        "event": "turn_ended",
        "turns": 3,
        "level": "info",
        "logger": "channels.app",
    }.items() <= ours.items()
    assert {"event": "slow: 2", "level": "warning", "logger": "library"}.items() <= theirs.items()
    assert {"door"} == {ours["process"], theirs["process"]}
    assert "[date]" not in ours["timestamp"]


@pytest.mark.parametrize(
    ("statement", "masked"),
    [
        ('ours.info("call from +212612345678")', "[phone]"),
        ('theirs.info("call from %s", "06 12 34 56 78")', "[phone]"),
        ('theirs.info("typed", extra={"typed": "5839204719"})', "[idcs]"),
        ('ours.info("typed", typed="5839204719")', "[idcs]"),
        ('ours.info("typed", idcs=5839204719)', "[idcs]"),
        ('ours.info("typed", answers={"card": ["AB123456"], "5839204719": 1})', "[cnie]"),
        ('ours.info("typed", message=Message("+212612345678"))', "[phone]"),
        ('ours.info("typed", raw=b"0612345678", born={"3/2/1980"})', "[phone]"),
        ('ours.info("typed", url="/?born=3%2F2%2F1980")', "[date]"),
        ('ours.info("typed", text="\\u0661\\u0662\\u0663\\u0664\\u0665\\u0666")', "[number]"),
    ],
)
def test_an_identifier_is_masked_in_messages_and_fields(statement: str, masked: str) -> None:
    (line,) = _lines(statement)

    assert masked in json.dumps(line)


@pytest.mark.parametrize("logger", ["ours", "theirs"])
def test_an_identifier_is_masked_in_tracebacks(logger: str) -> None:
    (line,) = _lines(
        f"""
try:
    try:
        int("5839204719x")
    except ValueError as cause:
        raise KeyError("+212 6 12 34 56 78") from cause
except KeyError:
    {logger}.exception("turn_failed")
"""
    )

    assert "[idcs]" in line["exception"]
    assert "[phone]" in line["exception"]
    assert "KeyError" in line["exception"]


def test_a_debug_line_is_not_written_at_the_usual_level() -> None:
    assert [] == _lines('ours.debug("detail")\ntheirs.debug("detail")')


def test_a_line_that_nobody_can_read_any_more_stops_nothing() -> None:
    assert [] == _lines('import os, sys\nos.close(1)\nours.info("turn")\nsys.stdout = None')


def test_a_level_of_the_settings_holds_for_ours() -> None:
    statements = (
        'set_up_logs("door", "ERROR")\nlog("new").warning("less")\nlog("new").error("more")'
    )

    assert ["more"] == [line["event"] for line in _lines(statements)]
