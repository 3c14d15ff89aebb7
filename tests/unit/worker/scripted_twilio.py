"""A Twilio that takes, refuses or fails as a test tells it to, and keeps what it took."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final

from flask import Flask, request

from tests.unit.sandbox.phone.door_stub import serve

# Takes the message, and its answer is lost.
LOST: Final = "lost"
Answer = int | tuple[int, int] | str


@dataclass
class Taken:
    """A message as this Twilio keeps it."""

    sid: str
    sender: str
    recipient: str
    text: str
    content: str = ""
    callback: str = ""
    direction: str = "outbound-api"
    status: str = "queued"
    code: int | None = None
    made: datetime = field(default_factory=lambda: datetime.now(UTC))


class ScriptedTwilio:
    """Answers each message with the next of `script`, or takes it; `taken` is what it took.

    An answer is a status, a status and a code, or LOST. `asked` counts the messages it was asked to
    take, `kept` holds all of them and those it received, `is_deaf` refuses every list.
    `files` are what it holds by their paths, `file_script` what it says first to who asks for one.
    """

    def __init__(self) -> None:
        self.url = ""
        self.asked = 0
        self.is_deaf = False
        self.kept: list[Taken] = []
        self.script: deque[Answer] = deque()
        self.files: dict[str, bytes] = {}
        self.files_asked = 0
        self.file_script: deque[int] = deque()
        self._app = Flask("twilio")
        root = "/2010-04-01/Accounts/<account>/Messages"
        self._app.post(f"{root}.json")(self._create)
        self._app.get(f"{root}.json")(self._list)
        self._app.get(f"{root}/<sid>.json")(self._fetch)
        media = "/2010-04-01/Accounts/<_account>/Messages/<_message>/Media/<_sid>"
        self._app.add_url_rule(media, "media", self._file, methods=["GET", "DELETE"])

    @property
    def taken(self) -> list[tuple[str, str]]:
        """To whom it was asked to send what, of all it took."""
        return [(one.recipient, one.text) for one in self.kept if one.direction != "inbound"]

    @property
    def texts(self) -> list[str]:
        """The texts it took, in order."""
        return [text for _, text in self.taken]

    @contextmanager
    def served(self) -> Iterator[None]:
        """Answer until the block ends."""
        with serve(self._app) as self.url:
            yield

    def send_itself(self, recipient: str, text: str, status: str) -> None:
        """A message that an answer of a webhook carried."""
        sid = f"SMOUT{len(self.kept)}"
        one = Taken(sid, "+212520000002", recipient, text, direction="outbound-reply")
        one.status = status
        self.kept.append(one)

    def receive(self, sender: str, recipient: str, text: str, minutes_ago: float = 5) -> Taken:
        """A citizen's message that no webhook told of."""
        made = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        sid = f"SMIN{len(self.kept)}"
        one = Taken(sid, sender, recipient, text, direction="inbound", status="received", made=made)
        self.kept.append(one)
        return one

    def _file(self, **_: str) -> tuple[bytes, int]:
        self.files_asked += 1
        if self.file_script:
            return b"no", self.file_script.popleft()
        path = request.path.removesuffix(".json")
        if path not in self.files:
            return b"gone", 404
        if request.method == "DELETE":
            return self.files.pop(path), 204
        return self.files[path], 200

    def _create(self, account: str) -> tuple[dict[str, Any], int]:
        self.asked += 1
        answer = self.script.popleft() if self.script else 201
        if answer not in (201, LOST):
            status, code = answer if isinstance(answer, tuple) else (int(answer), 0)
            return {"code": code or 20000 + status, "message": "no", "status": status}, status
        form = request.form
        taken = Taken(
            f"SM{self.asked}",
            form["From"],
            form["To"],
            form.get("Body", ""),
            form.get("ContentSid", ""),
            form.get("StatusCallback", ""),
        )
        self.kept.append(taken)
        return ({}, 500) if answer == LOST else (self._json(taken), 201)

    def _list(self, account: str) -> tuple[dict[str, Any], int]:
        if self.is_deaf:
            return {"code": 20500, "message": "no", "status": 500}, 500
        asked = {"To": "recipient", "From": "sender"}
        found = [
            self._json(one)
            for one in reversed(self.kept)
            if all(
                request.args.get(n, getattr(one, f)) == getattr(one, f) for n, f in asked.items()
            )
        ]
        return {"messages": found, "next_page_uri": None, "page_size": 50}, 200

    def _fetch(self, account: str, sid: str) -> tuple[dict[str, Any], int]:
        for one in self.kept:
            if one.sid == sid:
                return self._json(one), 200
        return {"code": 20404, "message": "no", "status": 404}, 404

    @staticmethod
    def _json(one: Taken) -> dict[str, Any]:
        made = format_datetime(one.made)
        return {
            "sid": one.sid,
            "body": one.text,
            "from": one.sender,
            "to": one.recipient,
            "direction": one.direction,
            "status": one.status,
            "error_code": one.code,
            "num_media": "0",
            "date_created": made,
            "date_sent": made,
        }
