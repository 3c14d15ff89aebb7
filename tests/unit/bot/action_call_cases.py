"""Calls of the actions: what is accepted of their answers is what Rasa's own schema accepts."""

from __future__ import annotations

import asyncio
import itertools
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import orjson
from engine.starting import prepare

prepare()

import fastjsonschema  # noqa: E402
import jsonschema  # noqa: E402
from engine.action_calls import ActionServer, check_answer  # noqa: E402
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


class Actions(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    connections = 0

    def setup(self) -> None:
        Actions.connections += 1
        super().setup()

    def do_POST(self) -> None:
        call = orjson.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = orjson.dumps(call["answer"] | {"token": self.headers["X-Twiza-Token"]})
        self.send_response(call["status"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

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

    def ask(self, *calls: tuple[int, dict[str, Any]]) -> list[Any]:
        async def run() -> list[Any]:
            server = ActionServer.at(self.endpoint)
            try:
                bodies = [orjson.dumps({"status": s, "answer": answer}) for s, answer in calls]
                return [await server.call(body) for body in bodies]
            finally:
                await server.close()

        return asyncio.run(run())

    def test_calls_carry_the_token_over_one_connection(self) -> None:
        answers = self.ask((200, {"events": []}), (200, {"events": []}), (200, {}))

        self.assertEqual({"events": [], "token": "secret"}, answers[0])
        self.assertEqual(1, Actions.connections)

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


if __name__ == "__main__":
    unittest.main()
