"""A Twilio that takes, refuses or fails as a test tells it to, and keeps what it took."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, request

from tests.unit.sandbox.phone.door_stub import serve


class ScriptedTwilio:
    """Answers each message with the next status of `script`, or takes it; `taken` is what it took.

    `asked` counts the messages it was asked to take.
    """

    def __init__(self) -> None:
        self.url = ""
        self.asked = 0
        self.taken: list[tuple[str, str]] = []
        self.script: deque[int] = deque()
        self._app = Flask("twilio")
        self._app.post("/2010-04-01/Accounts/<account>/Messages.json")(self._create)

    @property
    def texts(self) -> list[str]:
        """The texts it took, in order."""
        return [text for _, text in self.taken]

    @contextmanager
    def served(self) -> Iterator[None]:
        """Answer until the block ends."""
        with serve(self._app) as self.url:
            yield

    def _create(self, account: str) -> tuple[dict[str, Any], int]:
        self.asked += 1
        status = self.script.popleft() if self.script else 201
        if status != 201:
            return {"code": 20000 + status, "message": "no", "status": status}, status
        self.taken.append((request.form["To"], request.form["Body"]))
        return {"sid": f"SM{self.asked}", "account_sid": account}, 201
