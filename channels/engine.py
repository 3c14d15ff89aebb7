"""The engine's REST client: one text in, what it said out. Silence is an error here."""

from __future__ import annotations

from typing import Any

import orjson
from urllib3 import HTTPConnectionPool, Timeout, connection_from_url
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)
from urllib3.util import parse_url

from core.errors import EngineSilent, EngineTimeout, EngineUnavailable
from core.messages import Answered, Button, ChannelKind, Expects, Heard, Reply
from core.tracing import HEADER, span, traceparent

_CONNECT_SECONDS = 1.0
_AT_ONCE = 64
_FINE = 200
# The conversation is kept by a later release, whose engine hears the same again.
_LATER = 503
_PATH = "/webhooks/rest/webhook"
# What the engine says where an action failed before any rule could go on; it has then taken the
# input back, so the same input may be given again.
_NO_RULE = "utter_default"


class Engine:
    """Speaks to Rasa's REST channel over kept-alive connections."""

    def __init__(self, url: str, timeout_seconds: float) -> None:
        self.timeout_seconds = timeout_seconds
        self._path = (parse_url(url).path or "").rstrip("/") + _PATH
        self._http: HTTPConnectionPool = connection_from_url(
            url,
            maxsize=_AT_ONCE,
            timeout=Timeout(connect=_CONNECT_SECONDS, read=timeout_seconds),
            retries=False,
            headers={"Content-Type": "application/json"},
        )

    def tell(
        self,
        conversation: str,
        kind: ChannelKind,
        text: str,
        session: str,
        goes_on: bool = False,
        turn: str = "",
    ) -> Answered:
        """Give the engine one text, with identifiers already sealed, and return what it said.

        `session` is the key of the USSD session, to which a verification is bound; `goes_on` tells
        that the call opens where the one before it broke off. `turn` names the turn to the
        transcripts.
        Raises EngineUnavailable, EngineTimeout, or EngineSilent: where a turn failed inside it, the
        engine answers 200 with an empty list, with its default response, or with what cannot be
        read.
        """
        body: dict[str, Any] = {
            "sender": conversation,
            "message": text,
            "input_channel": kind.value,
        }
        named = {"session": session, "goes_on": goes_on, "turn": turn}
        if metadata := {name: value for name, value in named.items() if value}:
            body["metadata"] = metadata
        try:
            with span("door.tell_engine", "client"):
                headers = {**self._http.headers, HEADER: traceparent()}
                answer = self._http.urlopen("POST", self._path, orjson.dumps(body), headers)
        except (NewConnectionError, ConnectTimeoutError, ProtocolError) as fault:
            raise EngineUnavailable(type(fault).__name__) from None
        except ReadTimeoutError:
            raise EngineTimeout("no answer in time") from None
        except HTTPError as fault:
            raise EngineSilent(type(fault).__name__) from None
        if answer.status == _LATER:
            raise EngineUnavailable("the turn was not begun")
        if answer.status != _FINE:
            raise EngineSilent(f"status {answer.status}")
        try:
            said = orjson.loads(answer.data)
            answered = _read(said)
        except (AttributeError, KeyError, TypeError, ValueError) as fault:
            raise EngineSilent(f"not an answer of the engine: {type(fault).__name__}") from None
        if not answered.replies:
            raise EngineSilent("nothing was said")
        return answered


def _read(said: list[dict[str, Any]]) -> Answered:
    replies: list[Reply] = []
    expects, language, is_root, ends, purpose = Expects.NOTHING, "", False, False, ""
    messages: list[str] = []
    keys: list[str] = []
    heard: Heard | None = None
    forgets, form = False, ""
    for item in said:
        if item.get("text"):
            buttons = tuple(Button(b["title"], b["payload"]) for b in item.get("buttons") or ())
            reply = Reply(item["text"], buttons)
            if reply not in replies:
                replies.append(reply)
        custom = item.get("custom") or {}
        if custom.get("sms"):
            # What a response says of itself comes right after its text.
            messages.append(replies.pop().text)
            continue
        if custom.get("key") == _NO_RULE:
            return Answered()
        if custom.get("key"):
            keys.append(str(custom["key"]))
        if custom:
            expects = Expects(custom.get("expects", Expects.NOTHING))
            language = custom.get("language") or language
            is_root = bool(custom.get("root"))
            ends = bool(custom.get("ends"))
            purpose = str(custom.get("purpose", ""))
            heard = _heard(custom["heard"]) if custom.get("heard") else heard
            forgets = forgets or bool(custom.get("forgets"))
            # Home closes what was open; the engine says what is open before it does so.
            form = "" if is_root else str(custom.get("form") or "")
    return Answered(
        tuple(replies),
        expects,
        language,
        is_root,
        ends,
        purpose,
        tuple(messages),
        heard,
        forgets,
        tuple(keys),
        form,
    )


def _heard(said: dict[str, Any]) -> Heard:
    return Heard(str(said["language"]), str(said["script"]), bool(said.get("adopted")))
