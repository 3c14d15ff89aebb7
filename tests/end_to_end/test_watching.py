"""What the processes of a house tell of themselves: counts of nobody, and one trace for a hop."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from sandbox.house.child import Child
from sandbox.house.layout import Layout
from sandbox.house.processes import process_table
from sandbox.house.run_file import channels
from sandbox.house.secret_files import SecretFiles
from sandbox.phone.client import Chat, Handset
from tests.end_to_end.callers import at_the_identifier, day_first
from tests.end_to_end.collector import Collector, Span, collecting
from tests.end_to_end.running_house import RunningHouse, free_block, wait_for
from tests.end_to_end.words import read_pages, said
from tests.house.watch_files import THEIRS, metrics_named

pytestmark = pytest.mark.e2e

SERVED = ("door", "console", "engine", "actions", "intake", "worker", "beat")
LABELS = re.compile(r'([a-z_]+)="((?:[^"\\]|\\.)*)"')
# Prometheus's own labels of a histogram, and what prometheus-client tells of Python.
NUMBERS = {"le", "version", "major", "minor", "patchlevel", "generation", "implementation"}


def scraped(house: RunningHouse) -> dict[str, str]:
    """What every process tells, by its name."""
    layout = Layout(house.data, house.ports_from)
    return {name: requests.get(f"{layout.url(name)}/metrics", timeout=20).text for name in SERVED}


def unknown_screens(told: str) -> list[str]:
    """What a process counted of screens whose name it did not know."""
    return re.findall(r'^\w+\{.*\bkey="other".*$', told, re.MULTILINE)


def test_the_metrics_tell_how_much_and_nothing_of_anybody(
    house: RunningHouse, stranger: str
) -> None:
    before = scraped(house)
    citizen = house.citizen("Index below both limits")
    known = at_the_identifier(house.handset(citizen["phone"]), "fr")
    known.press(citizen["idcs"])
    known.press(day_first(citizen["birth_date"]))
    assert said("fr", "utter_rnp_registered", "ussd") in read_pages(known)
    known.press("00")
    other = at_the_identifier(house.handset(stranger), "ar")
    other.press("9999999999")
    other.press("01011990")
    chat = house.chat("whatsapp", stranger)
    chat.say("Je m'appelle Fatima Zahra El Idrissi, CNIE AB123456, 0612345678")
    chat.say("xqzv blorf")
    wait_for("both chats", lambda: re.search(r'"fallback"\} [1-9]', scraped(house)["engine"]))

    told = scraped(house)

    private = ["Fatima", "Idrissi", "AB123456", "612345678", "9999999999", stranger[4:]]
    private += [citizen["idcs"], citizen["phone"][4:], citizen["birth_date"]]
    for name, text in told.items():
        # Without what was counted: a sum of seconds may have any digits.
        named = "\n".join(line.rpartition(" ")[0] for line in text.splitlines())
        assert [] == [word for word in private if word in named], name
        for label, value in LABELS.findall(text):
            assert label in NUMBERS or not re.search(r"\d{5}", value), (name, label, value)
            assert label in NUMBERS or re.fullmatch(r"[\w.:-]{1,64}", value), (name, label, value)
            # Every name that was counted is one that is known.
            assert "other" != value or label == "key", (name, label)
        # Screens of an emergency that was added since the door started are not: of an earlier test.
        assert unknown_screens(before[name]) == unknown_screens(text)
    assert re.search(r'twiza_turns_total\{.*language="fr",outcome="answered"\} [1-9]', told["door"])
    assert 'dialect="twilio"' in told["door"]
    assert 'twiza_screens_total{key="utter_rnp_registered",kind="ussd"}' in told["door"]
    assert re.search(r'calls_total\{.*"records.social",outcome="answered"\} [1-9]', told["actions"])
    assert 'twiza_vault_values_total{done="sealed",purpose="idcs"}' in told["door"]
    assert 'twiza_vault_values_total{done="opened",purpose="idcs"}' in told["actions"]
    assert 'twiza_audit_rows_total{about="disclosure"}' in told["actions"]
    assert re.search(
        r'action_seconds_count\{action="validate_identity_form"\} [1-9]', told["engine"]
    )
    due = re.compile(r"twiza_beat_tasks_total\{.*owed.give.*\} [1-9]")
    wait_for("beat to send what is due", lambda: due.search(scraped(house)["beat"]), 60)
    assert 'twiza_queue_tasks{queue="celery"}' in told["beat"]
    assert "twiza_watch_failures_total{" not in told["beat"]


def test_every_metric_of_a_dashboard_or_an_alert_is_told_by_a_process(house: RunningHouse) -> None:
    told = "\n".join(scraped(house).values())
    shown = set(re.findall(r"^# TYPE (\w+) ", told, re.MULTILINE))
    shown |= {name + end for name in shown for end in ("_bucket", "_count", "_sum")}

    # The line to an SMSC is no part of this house: its meters are held to the code alone.
    named = {name for name in metrics_named() if not name.startswith("twiza_smpp_")}
    assert set() == named - shown - THEIRS


@contextmanager
def traced(house: RunningHouse, collector: Collector, logs: Path) -> Iterator[Layout]:
    """A door, an engine, actions and a registry more, which send their spans to a collector."""
    layout = Layout.of_stores(house.data, free_block(), house.run["stores"])
    secrets = SecretFiles(house.data / "secrets")
    loud = {
        "TWIZA_TRACES_URL": collector.url,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        "TWIZA_LOG_LEVEL": "DEBUG",
        "SANDBOX_LOG_LEVEL": "DEBUG",
    }
    children = [
        Child(replace(row, settings={**row.settings, **loud}, after=()), logs / f"{row.name}.log")
        for row in process_table(layout, secrets)
        if row.name in ("registry", "actions", "engine", "door")
    ]
    try:
        for child in children:
            child.start()
        for child in children:
            wait_for(child.process.name, child.check, 120.0)
        yield layout
    finally:
        for child in children:
            child.signal(signal.SIGTERM)
        for child in children:
            wait_for("the end", lambda child=child: not child.is_running, 30.0)  # type: ignore[misc]


def lines_of(log: Path, trace: str) -> list[dict[str, Any]]:
    """The lines of a log that belong to a trace."""
    read = [line for line in log.read_text(encoding="utf-8").splitlines() if trace in line]
    return [json.loads(line) for line in read]


def is_worked_on(house: RunningHouse, logs: Path, chat: Chat, text: str) -> bool:
    """Whether a message's trace goes on in the worker, which sends the choices that answer it.

    A round of the schedule may send them first.
    """
    chat.say(text)
    turns = [json.loads(line) for line in (logs / "door.log").read_text().splitlines()]
    trace = [turn["trace_id"] for turn in turns if turn.get("channel") == "whatsapp"][-1]
    try:
        wait_for("its task", lambda: lines_of(house.data / "logs/worker.log", trace), 10.0)
    except AssertionError:
        return False
    return True


def test_a_hop_is_one_trace_from_the_webhook_to_the_registry(
    house: RunningHouse, stranger: str, tmp_path: Path
) -> None:
    citizen = house.citizen("Index below both limits")
    with collecting() as collector, traced(house, collector, tmp_path) as layout:
        served = channels(layout, SecretFiles(house.data / "secrets"))
        whatsapp = served["whatsapp"]
        handset = at_the_identifier(Handset(served["ussd"], citizen["phone"]), "fr")
        handset.press(citizen["idcs"])
        handset.press(day_first(citizen["birth_date"]))
        assert said("fr", "utter_rnp_registered", "ussd") in read_pages(handset)

        chat = Chat(whatsapp, stranger, phone=house.run["phone"])
        assert any(is_worked_on(house, tmp_path, chat, text) for text in ("salam", "menu", "1"))

        def asked() -> Span | None:
            found = (
                s for s in collector.spans if s.attributes.get("operation") == "records.social"
            )
            return next(found, None)

        call = wait_for("the span of the registry's call", asked, 20.0)
        assert call is not None
        wait_for(
            "the span of the hop",
            lambda: [s for s in collector.of(call.trace) if s.name == "door.call"],
            20.0,
        )

    spans = {span.own: span for span in collector.of(call.trace)}
    way, span = [], next(s for s in spans.values() if s.parent == call.own)
    while span.parent:
        way.append((span.process, span.name))
        span = spans[span.parent]
    way.append((span.process, span.name))
    assert [
        ("registry", "registry.call"),
        ("actions", "registry.ask"),
        ("actions", "actions.run"),
        ("actions", "actions.call"),
        ("engine", "engine.call_action"),
        ("engine", "engine.turn"),
        ("door", "door.tell_engine"),
        ("door", "door.call"),
    ] == way
    for name in ("door", "engine", "actions", "registry"):
        assert lines_of(tmp_path / f"{name}.log", call.trace), name
    assert ["turn"] == [line["event"] for line in lines_of(tmp_path / "door.log", call.trace)][-1:]
    # Each hop has a trace of its own, and none of them says anything of the citizen.
    assert 4 <= len({span.trace for span in collector.spans if span.name == "door.call"})
    for private in (citizen["idcs"], citizen["phone"][4:], citizen["birth_date"], "Bearer", "[["):
        assert private.encode() not in collector.received
    told = {name for span in collector.spans for name in span.attributes}
    assert {"action", "operation"} == told
