"""Calls of the actions: what is accepted of their answers is what Rasa's own schema accepts."""

from __future__ import annotations

import asyncio
import itertools
import socket
import unittest
from collections.abc import Awaitable, Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import orjson
from engine.starting import prepare

prepare()

import fastjsonschema  # noqa: E402
import jsonschema  # noqa: E402
from engine.action_calls import ActionServer, check_answer  # noqa: E402
from engine.tracing import go_on, traceparent  # noqa: E402
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction  # noqa: E402
from rasa.shared.exceptions import RasaException  # noqa: E402
from rasa.shared.utils.schemas.events import EVENT_SCHEMA  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402

KINDS = [kind["properties"]["event"]["const"] for kind in EVENT_SCHEMA["oneOf"]]
VALUES = [None, True, 1, 1.5, "x", [], {}, [{}], [{"entity": "e", "value": 1}], {"name": 1}]
FIELDS = ("name", "value", "timestamp", "metadata", "text", "parse_data", "entities", "policy")


def is_accepted(check: Any, answer: Any) -> bool:
    try:
        check(answer)
    except (jsonschema.ValidationError, fastjsonschema.JsonSchemaValueException):
        return False
    return True


SCHEMA = RemoteAction.action_response_format_spec()
# As `jsonschema.validate` does it, but for the check of the schema itself.
STOCK = jsonschema.validators.validator_for(SCHEMA)(SCHEMA).validate


class Schema(unittest.TestCase):
    def test_every_kind_of_event_is_accepted_and_refused_as_stock_rasa_does(self) -> None:
        events: list[Any] = [{"event": kind} for kind in (*KINDS, "odd", 5, None)]
        for kind, field, value in itertools.product(KINDS, FIELDS, VALUES):
            events.append({"event": kind, "name": "n", "value": 1, field: value})
        events += [{"event": kind, "name": "n"} for kind in KINDS]
        events += [{"name": "n"}, {}, "text", None, 3, []]
        accepted = [is_accepted(check_answer, {"events": [event]}) for event in events]

        self.assertEqual([is_accepted(STOCK, {"events": [event]}) for event in events], accepted)
        self.assertIn(True, accepted)
        self.assertIn(False, accepted)

    def test_answers_as_a_whole_are_accepted_and_refused_as_stock_rasa_does(self) -> None:
        for answer in (
            *({}, {"events": []}, {"events": None}, {"events": {}}, {"events": "x"}, [], None),
            *({"responses": []}, {"responses": [{}]}, {"responses": [1]}, {"responses": None}),
            {"events": [], "responses": [{"text": 1}], "more": 1},
        ):
            with self.subTest(answer=answer):
                self.assertEqual(is_accepted(STOCK, answer), is_accepted(check_answer, answer))


CALL = orjson.dumps({"status": 200, "answer": {}})


class Actions(BaseHTTPRequestHandler):
    """Answers as it is told to: a status, and whether to be silent, cut, or close afterwards."""

    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self) -> None:
        Actions.connections += 1
        super().setup()

    def do_POST(self) -> None:
        call = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
        how = call.get("how")
        if how == "cut":
            self.close_connection = True
            return
        told = {"token": self.headers["X-Twiza-Token"], "trace": self.headers["traceparent"]}
        body = orjson.dumps(call["answer"] | told)
        self.send_response(call["status"])
        if how == "in pieces":
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for piece in (body[:5], body[5:], b""):
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            return
        self.send_header("Content-Length", str(len(body)))
        if how == "close":
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body if how != "half" else body[:3])
        self.close_connection = how in ("half", "close")

    def log_message(self, *_: Any) -> None:
        pass


class Calls(unittest.TestCase):
    def setUp(self) -> None:
        Actions.connections = 0
        server = ThreadingHTTPServer(("127.0.0.1", 0), Actions)
        Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        url = f"http://127.0.0.1:{server.server_port}/webhook"
        self.endpoint = EndpointConfig(url, headers={"X-Twiza-Token": "secret"})

    def run_with(self, use: Callable[[ActionServer], Awaitable[Any]]) -> Any:
        async def run() -> Any:
            server = ActionServer.at(self.endpoint)
            try:
                return await use(server)
            finally:
                await server.close()

        return asyncio.run(run())

    def ask(self, *calls: tuple[int, dict[str, Any]], how: str = "") -> list[Any]:
        async def use(server: ActionServer) -> list[Any]:
            return [await server.call(body) for body in bodies]

        bodies = [orjson.dumps({"status": s, "answer": a, "how": how}) for s, a in calls]
        return self.run_with(use)

    def test_calls_carry_the_token_over_one_connection(self) -> None:
        answers = self.ask((200, {"events": []}), (200, {"events": []}), (200, {}))

        self.assertEqual({"events": [], "token": "secret", "trace": None}, answers[0])
        self.assertEqual(1, Actions.connections)

    def test_a_call_carries_the_trace_it_belongs_to(self) -> None:
        trace = f"00-{'a' * 32}-{'b' * 16}-01"
        before = traceparent()
        go_on(trace)
        self.addCleanup(go_on, before)

        self.assertEqual(trace, self.ask((200, {}))[0]["trace"])

    def test_calls_at_one_time_have_a_connection_each_and_later_ones_take_those(self) -> None:
        async def use(server: ActionServer) -> None:
            for _ in range(2):
                await asyncio.gather(*(server.call(CALL) for _ in range(5)))

        self.run_with(use)

        self.assertEqual(5, Actions.connections)

    def test_an_answer_may_come_in_pieces(self) -> None:
        answers = self.ask((200, {"events": []}), (200, {}), how="in pieces")

        self.assertEqual(["secret", "secret"], [answer["token"] for answer in answers])
        self.assertEqual(1, Actions.connections)

    def test_a_connection_that_the_actions_close_is_not_used_again(self) -> None:
        self.ask((200, {}), (200, {}), how="close")

        self.assertEqual(2, Actions.connections)

    def test_one_that_was_not_used_for_long_is_not_used_again(self) -> None:
        async def use(server: ActionServer) -> None:
            await server.call(CALL)
            server._connections._idle[0].idle_since -= 61
            await server.call(CALL)

        self.run_with(use)

        self.assertEqual(2, Actions.connections)

    def test_an_answer_that_is_cut_off_is_a_failure_and_the_next_call_is_answered(self) -> None:
        for how in ("cut", "half"):
            with self.subTest(how), self.assertRaises(RasaException):
                self.ask((200, {}), how=how)
        self.assertEqual("secret", self.ask((200, {}))[0]["token"])

    def test_an_answer_that_does_not_come_is_a_failure(self) -> None:
        async def use(server: ActionServer) -> None:
            server._connections._seconds = 0.05
            await server.call(CALL)

        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        self.endpoint.url = f"http://127.0.0.1:{silent.getsockname()[1]}/webhook"
        with self.assertRaisesRegex(RasaException, "TimeoutError"):
            self.run_with(use)

    def test_a_call_that_is_given_up_leaves_no_answer_to_the_next(self) -> None:
        async def use(server: ActionServer) -> Any:
            given_up = asyncio.ensure_future(server.call(CALL))
            await asyncio.sleep(0)
            given_up.cancel()
            return await server.call(orjson.dumps({"status": 200, "answer": {"events": [1]}}))

        self.assertEqual([1], self.run_with(use)["events"])

    def test_an_action_that_rejects_is_rejected(self) -> None:
        with self.assertRaises(ActionExecutionRejection) as raised:
            self.ask((400, {"action_name": "identity_form", "error": "no"}))

        self.assertEqual("identity_form", raised.exception.action_name)

    def test_an_action_that_fails_and_actions_that_are_away_are_failures(self) -> None:
        for status in (403, 404, 500):
            with self.assertRaises(RasaException):
                self.ask((status, {}))
        self.endpoint.url = "http://127.0.0.1:1/webhook"
        with self.assertRaises(RasaException):
            self.ask((200, {}))

    def test_an_address_or_a_header_that_would_be_something_else_is_refused(self) -> None:
        for url, token in (
            ("ftp://127.0.0.1/", "secret"),
            ("127.0.0.1", "secret"),
            ("http://127.0.0.1/", "secret\r\nX: y"),
        ):
            with self.subTest(url), self.assertRaises(ValueError):
                ActionServer.at(EndpointConfig(url, headers={"X-Twiza-Token": token}))


if __name__ == "__main__":
    unittest.main()
