"""What the engine answers over HTTP, and that it runs on one release of Rasa alone."""

from __future__ import annotations

import asyncio
import json
import unittest
from typing import Any

from engine.starting import prepare

prepare()

from engine.agent import OtherRasa, check_rasa  # noqa: E402
from engine.host import Host  # noqa: E402
from engine.keeping import KeptByLater  # noqa: E402
from rasa.core.channels.channel import UserMessage  # noqa: E402

WEBHOOK = "/webhooks/rest/webhook"


class Agent:
    """Says what it is told, on the message's own channel."""

    def __init__(self) -> None:
        self.told: list[UserMessage] = []

    async def handle_message(self, message: UserMessage) -> None:
        self.told.append(message)
        await message.output_channel.send_response(message.sender_id, {"text": message.text})
        if message.text == "/later":
            raise KeptByLater("version 2")
        if message.text == "/fail":
            raise RuntimeError("a fault")


class Answers(unittest.TestCase):
    def setUp(self) -> None:
        self.agent = Agent()

    def ask(self, method: str, path: str, *parts: bytes) -> tuple[int, Any]:
        sent: list[dict[str, Any]] = []
        bodies = list(parts) or [b""]

        async def receive() -> dict[str, Any]:
            body = bodies.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(bodies)}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        host: Any = Host(self.agent)  # type: ignore[arg-type]
        asyncio.run(host({"type": "http", "method": method, "path": path}, receive, send))
        self.assertEqual(dict(sent[0]["headers"])[b"content-length"], b"%d" % len(sent[1]["body"]))
        return sent[0]["status"], json.loads(sent[1]["body"])

    def tell(self, **message: Any) -> tuple[int, Any]:
        return self.ask("POST", WEBHOOK, json.dumps(message).encode())

    def test_a_message_is_handled_and_answered_with_what_was_said(self) -> None:
        status, said = self.tell(
            sender="ussd-1", message="/help", input_channel="ussd", metadata={"session": "s"}
        )
        told = self.agent.told[0]

        self.assertEqual((200, [{"recipient_id": "ussd-1", "text": "/help"}]), (status, said))
        self.assertEqual(
            ("ussd-1", "/help", "ussd"), (told.sender_id, told.text, told.input_channel)
        )
        self.assertEqual({"session": "s"}, told.metadata)

    def test_a_message_that_comes_in_parts_is_one_message(self) -> None:
        body = json.dumps({"sender": "s", "message": "/help"}).encode()

        self.assertEqual(200, self.ask("POST", WEBHOOK, body[:9], body[9:])[0])
        self.assertEqual("rest", self.agent.told[0].input_channel)

    def test_a_conversation_of_a_later_release_is_not_begun(self) -> None:
        with self.assertLogs("engine.host", "WARNING"):
            status, _ = self.tell(sender="s", message="/later")

        self.assertEqual(503, status)

    def test_a_turn_that_fails_says_nothing_not_even_what_it_had_begun_to_say(self) -> None:
        with self.assertLogs("engine.host", "ERROR"):
            answer = self.tell(sender="s", message="/fail")

        self.assertEqual((200, []), answer)

    def test_what_is_no_message_is_refused(self) -> None:
        for body in (b"", b"[]", b"5", b"{", b'{"message": "a"}', b'{"sender": "s"}'):
            with self.subTest(body=body):
                self.assertEqual(400, self.ask("POST", WEBHOOK, body)[0])
        self.assertEqual(413, self.ask("POST", WEBHOOK, b" " * 40000, b" " * 40000)[0])
        self.assertEqual([], self.agent.told)

    def test_nothing_of_rasas_api_is_served(self) -> None:
        self.assertEqual(200, self.ask("GET", "/")[0])
        self.assertEqual(405, self.ask("GET", WEBHOOK)[0])
        for path in ("/model", "/domain", "/conversations/ussd-1/tracker", "/status", "/webhooks"):
            self.assertEqual(404, self.ask("GET", path)[0], path)
            self.assertEqual(404, self.ask("POST", path, b"{}")[0], path)


class Release(unittest.TestCase):
    def test_the_release_that_is_extended_is_the_one_that_is_installed(self) -> None:
        import rasa

        check_rasa(rasa.__version__)

    def test_another_release_stops_the_start_and_says_what_to_do(self) -> None:
        for version in ("3.6.20", "3.6.22", "3.7.0"):
            with self.assertRaisesRegex(OtherRasa, "--equivalence"):
                check_rasa(version)


if __name__ == "__main__":
    unittest.main()
