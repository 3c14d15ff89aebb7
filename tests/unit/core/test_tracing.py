"""A trace has one id from its first call to its last, and spans say nothing of anybody."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.spans import ALLOWED, allowed
from core.tracing import begin, serving, span, take_up, trace_id, traceparent

ROOT = Path(__file__).parents[3]
GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_what_others_begin_is_gone_on_with() -> None:
    with serving("actions.call", GIVEN):
        assert GIVEN == traceparent()
        assert "4bf92f3577b34da6a3ce929d0e0e4736" == trace_id()
        with span("registry.ask", "client", operation="offices.search"):
            assert GIVEN == traceparent()


@pytest.mark.parametrize(
    "given",
    [
        *("", None, "x", GIVEN.upper(), GIVEN + "0", GIVEN + "\n", f"ff{GIVEN[2:]}"),
        f"00-{'0' * 32}-00f067aa0ba902b7-01",
        f"00-4bf92f3577b34da6a3ce929d0e0e4736-{'0' * 16}-01",
    ],
)
def test_what_is_no_trace_begins_another(given: str | None) -> None:
    assert not take_up(given)
    assert 32 == len(trace_id())
    assert "4bf92f3577b34da6a3ce929d0e0e4736" != trace_id()


@given(st.text(max_size=60))
def test_nothing_but_a_trace_is_ever_carried_on(given: str) -> None:
    take_up(given)

    assert take_up(traceparent())


def test_each_call_has_a_trace_of_its_own() -> None:
    seen = set()
    for _ in range(100):
        begin()
        seen.add(trace_id())

    assert 100 == len(seen)


def test_a_turn_in_another_thread_belongs_to_its_hop() -> None:
    begin()
    with ThreadPoolExecutor(1) as pool:
        there = pool.submit(copy_context().run, trace_id).result()
        elsewhere = pool.submit(trace_id).result()

    assert trace_id() == there
    assert "" == elsewhere


@given(st.dictionaries(st.sampled_from([*ALLOWED, "number", "text", "idcs"]), st.text(max_size=80)))
def test_a_span_says_only_what_it_may(attributes: dict[str, str]) -> None:
    said = allowed(attributes)

    assert set(said) <= ALLOWED
    assert all(value.isascii() and len(value) <= 64 for value in said.values())


@pytest.mark.parametrize(
    "value", ["+212612345678", "2111111116", "AB123456", "[[idcs:x:16]]", "a word", "سلام", ""]
)
def test_no_value_of_a_person_becomes_an_attribute(value: str) -> None:
    assert {} == allowed({"action": value})
    assert {"action": "action_home"} == allowed({"action": "action_home", "text": "bonjour"})


def run(program: str) -> list[str]:
    """The lines that a program writes in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert 0 == ended.returncode, ended.stderr
    return ended.stdout.splitlines()


def test_without_an_address_nothing_is_loaded_that_makes_or_sends_spans() -> None:
    # redis-py loads the SDK's metrics wherever it is installed, and uses them for nothing.
    loaded = run(
        "import sys, actions.server, channels.app, core.watching\n"
        "import core.tracing as t\n"
        "t.set_up_traces('door')\n"
        "told = ('opentelemetry.sdk.trace', 'opentelemetry.exporter', 'google.protobuf')\n"
        "print(*(name for name in sys.modules if name.startswith(told)))"
    )

    assert [""] == loaded


def test_every_line_of_a_call_has_its_id_unmasked_and_no_other_has_one() -> None:
    before, within = run(
        "from core.logs import log, set_up_logs\n"
        "from core.tracing import take_up\n"
        "set_up_logs('door')\n"
        "log('x').info('before')\n"
        f"take_up('{GIVEN}')\n"
        "log('x').info('within')"
    )

    assert "trace_id" not in json.loads(before)
    assert "4bf92f3577b34da6a3ce929d0e0e4736" == json.loads(within)["trace_id"]
