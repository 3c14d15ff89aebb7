"""The engine's REST client: one text in, what it said out. Silence is an error here."""

from __future__ import annotations

from typing import Any

import orjson

from channels.engine_wire import Wire
from core.errors import EngineSilent, EngineUnavailable
from core.messages import Answered, Button, ChannelKind, Expects, Heard, Reply
from core.tracing import HEADER, span, traceparent

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
        self._wire = Wire(url, timeout_seconds)

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
        with span("door.tell_engine", "client"):
            headers = {HEADER: traceparent()}
            status, answer = self._wire.post(_PATH, orjson.dumps(body), headers)
        if status == _LATER:
            raise EngineUnavailable("the turn was not begun")
        if status != _FINE:
            raise EngineSilent(f"status {status}")
        try:
            said = orjson.loads(answer)
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
