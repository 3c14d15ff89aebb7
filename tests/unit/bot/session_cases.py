"""Who writes again after a while is known again, or not answered yet: never as a stranger."""

from __future__ import annotations

import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import orjson
from engine.starting import prepare

prepare()

from engine.action_calls import ActionServer  # noqa: E402
from engine.processor import QuickProcessor, SessionNotBegun  # noqa: E402
from engine.tracker import CompactTracker  # noqa: E402
from rasa.core.channels.channel import CollectingOutputChannel  # noqa: E402
from rasa.shared.core.domain import Domain  # noqa: E402
from rasa.shared.core.events import ActionExecuted  # noqa: E402
from rasa.utils.endpoints import EndpointConfig  # noqa: E402

DOMAIN = Domain.from_dict(
    {
        "slots": {"language": {"type": "text", "mappings": []}},
        "actions": ["action_session_start"],
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": False},
    }
)
KNOWN = [
    {"event": "session_started"},
    {"event": "slot", "name": "language", "value": "fr"},
    {"event": "action", "name": "action_listen"},
]


class Records(BaseHTTPRequestHandler):
    """Knows the number, while it can be read."""

    status = 200

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = orjson.dumps({"events": KNOWN, "responses": []})
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *given: Any) -> None:
        pass


class Sessions(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self) -> None:
        server = ThreadingHTTPServer(("127.0.0.1", 0), Records)
        Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        Records.status = 200
        url = f"http://127.0.0.1:{server.server_port}"
        endpoint = ActionServer.at(EndpointConfig(url, headers={}))
        self.addAsyncCleanup(endpoint.close)
        # All that a session needs of it; a model is needed for a message only.
        self.processor: Any = QuickProcessor.__new__(QuickProcessor)
        self.processor._actions, self.processor.nlg = {}, None
        self.processor.domain, self.processor.action_endpoint = DOMAIN, endpoint

    async def begin(self, tracker: CompactTracker) -> CompactTracker:
        channel = CollectingOutputChannel()
        await self.processor._update_tracker_session(tracker, channel, {"turn": "a"})
        return tracker

    @staticmethod
    def silent(*events: Any) -> CompactTracker:
        tracker = CompactTracker("whatsapp-1", DOMAIN.slots)
        for event in events:
            tracker.update(event)
        return tracker

    async def test_a_session_begins_with_what_the_number_is_known_by(self) -> None:
        self.assertEqual("fr", (await self.begin(self.silent())).get_slot("language"))

    async def test_a_known_number_that_cannot_be_read_is_not_taken_for_a_new_one(self) -> None:
        Records.status = 500
        with self.assertLogs("rasa.core.processor", "ERROR"), self.assertRaises(SessionNotBegun):
            await self.begin(self.silent())

        Records.status = 200

        self.assertEqual("fr", (await self.begin(self.silent())).get_slot("language"))

    async def test_a_session_that_goes_on_reads_nothing(self) -> None:
        Records.status = 500
        tracker = self.silent(ActionExecuted("action_listen"))

        self.assertEqual(1, len((await self.begin(tracker)).events))


if __name__ == "__main__":
    unittest.main()
