"""What the engine shows of itself: counts without a citizen in them, and the trace it was given."""

from __future__ import annotations

import asyncio
import json
import logging
import unittest
from typing import Any

from engine.starting import prepare

prepare()

from components.json_logs import JsonLine  # noqa: E402
from engine import tracing  # noqa: E402
from engine.host import Host  # noqa: E402
from engine.spans import ALLOWED  # noqa: E402
from rasa.core.channels.channel import UserMessage  # noqa: E402

GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
NUMBER = "+212612345678"


class Agent:
    """Notes the trace in which it is asked."""

    def __init__(self) -> None:
        self.traces: list[str] = []

    async def handle_message(self, message: UserMessage) -> None:
        self.traces.append(tracing.traceparent())


def ask(agent: Agent, path: str, body: bytes = b"", *headers: tuple[bytes, bytes]) -> bytes:
    """The body of an answer."""
    sent: list[dict[str, Any]] = []
    scope = {"type": "http", "method": "POST" if body else "GET", "path": path}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    host: Any = Host(agent)  # type: ignore[arg-type]
    asyncio.run(host({**scope, "headers": list(headers)}, receive, send))
    body_sent: bytes = sent[1]["body"]
    return body_sent


def tell(agent: Agent, *headers: tuple[bytes, bytes]) -> None:
    message = {"sender": NUMBER, "message": "2111111116", "input_channel": "ussd"}
    ask(agent, "/webhooks/rest/webhook", json.dumps(message).encode(), *headers)


class Watching(unittest.TestCase):
    def test_a_message_belongs_to_the_trace_of_its_call_and_to_no_other(self) -> None:
        agent = Agent()
        tell(agent, (b"host", b"x"), (b"traceparent", GIVEN.encode()))
        tell(agent)
        tell(agent, (b"traceparent", b"00-not-a-trace"))

        self.assertEqual([GIVEN, "", ""], agent.traces)

    def test_turns_are_counted_and_nothing_of_a_citizen_is_told(self) -> None:
        agent = Agent()
        tell(agent)
        told = ask(agent, "/metrics").decode()

        self.assertIn("twiza_engine_turn_seconds_count", told)
        self.assertNotIn("2111111116", told)
        self.assertNotIn(NUMBER.removeprefix("+"), told)

    def test_a_line_of_the_log_has_the_trace_unmasked(self) -> None:
        record = logging.LogRecord("engine.host", logging.INFO, "", 0, "turn 123456", (), None)
        tracing.go_on(GIVEN)
        line = json.loads(JsonLine().format(record))
        tracing.go_on("")

        self.assertEqual(GIVEN[3:35], line["trace_id"])
        self.assertEqual("turn ***", line["event"])
        self.assertNotIn("trace_id", json.loads(JsonLine().format(record)))

    def test_a_span_may_say_which_action_and_nothing_else(self) -> None:
        self.assertEqual(frozenset({"action"}), ALLOWED)

    def test_without_an_address_there_is_no_span(self) -> None:
        tracing.set_up_traces()
        tracing.go_on(GIVEN)
        with tracing.span("engine.turn", "server"):
            self.assertEqual(GIVEN, tracing.traceparent())
        tracing.go_on("")


if __name__ == "__main__":
    unittest.main()
