"""The yardstick: the measured session written by hand with Flask, Redis and one registry call.

It knows this one dialogue in one language, seals nothing and survives no fault; it is what the
cost of a dialogue engine is compared with, never something to run.
"""

from __future__ import annotations

import hmac
from typing import Any, cast

import orjson
import redis
from flask import Flask, Response, abort, request
from pydantic import Field, SecretStr

from benchmarks.hand_answer import HandAnswer
from benchmarks.words import said, titles
from core.environment import LogSettings, read_settings
from core.logs import log, set_up_logs

_LOG = log(__name__)
_QUESTIONS = ("ask_language", "menu", "more", "ask_consent", "ask_idcs", "ask_birth_date")


class HandMenuSettings(LogSettings):
    """What the menu shares with the service it is compared with."""

    redis_url: str = Field(description="Redis that holds the sessions")
    registry_url: str = Field(description="root of the sandbox registry")
    registry_client_id: str = Field(description="OAuth2 client")
    registry_client_secret: SecretStr = Field(description="its secret")
    channel_ussd_secret: SecretStr = Field(description="the gateway's secret")


class HandMenu:
    """The dialogue. A session in Redis is `at` a question and holds what was given."""

    def __init__(self, store: redis.Redis, answer: HandAnswer) -> None:
        self._store = store
        self._answer = answer
        self._texts = {name: said(f"utter_{name}") for name in _QUESTIONS}
        for name in ("menu", "more"):
            lines = (f"{at} {title}" for at, title in enumerate(titles(f"utter_{name}"), 1))
            self._texts[name] = "\n".join([self._texts[name], *lines])

    def hop(self, session: str, number: str, typed: str) -> str:
        """The screen after a hop; `typed` is cumulative, as gateways send it."""
        if typed:
            stored = cast("bytes | None", self._store.get(f"session:{session}"))
            state = orjson.loads(stored or abort(400))
        else:
            known = cast("list[bytes]", self._store.hkeys(f"number:{number}"))
            state = {"at": "", "known": [name.decode() for name in known]}
        screen = self._step(state, number, typed.rpartition("*")[2])
        self._store.set(f"session:{session}", orjson.dumps(state), ex=300)
        return screen

    def _step(self, state: dict[str, Any], number: str, keys: str) -> str:
        at, known = state["at"], state["known"]
        if not at or keys == "00":
            return self._go(state, "menu" if "ask_language" in known else "ask_language")
        if at in ("ask_language", "ask_consent"):
            self._store.hset(f"number:{number}", at, keys)
            known.append(at)
            return self._go(state, "menu" if at == "ask_language" else "ask_idcs")
        if at == "menu" and keys == "1":
            return self._go(state, "ask_idcs" if "ask_consent" in known else "ask_consent")
        if at == "menu":
            return self._go(state, "more")
        if at == "ask_idcs":
            state["idcs"] = keys if len(keys) == 10 and keys.isdigit() else abort(400)
            return self._go(state, "ask_birth_date")
        if at == "ask_birth_date":
            pages = self._answer.pages(number, state.pop("idcs"), keys)
            state |= {"at": "answer", "pages": pages, "page": 0}
        else:
            state["page"] += 1 if keys == "98" else -1
        return str(state["pages"][state["page"]])

    def _go(self, state: dict[str, Any], at: str) -> str:
        state["at"] = at
        return self._texts[at]


def create_app() -> Flask:
    """The Flask app, run under the gunicorn settings and the log level of the door."""
    settings = read_settings(HandMenuSettings)
    set_up_logs("menu", settings.log_level)
    secret = settings.channel_ussd_secret.get_secret_value()
    answer = HandAnswer(
        settings.registry_url,
        settings.registry_client_id,
        settings.registry_client_secret.get_secret_value(),
    )
    menu = HandMenu(redis.Redis.from_url(settings.redis_url), answer)
    app = Flask(__name__)

    @app.post("/channels/ussd/messages")
    def messages() -> Response:
        if not hmac.compare_digest(request.args.get("secret", ""), secret):
            abort(403)
        form = request.form
        screen = menu.hop(form["sessionId"], form["phoneNumber"], form["text"])
        _LOG.info("turn", channel="ussd", is_open=True)
        return Response(f"CON {screen}", content_type="text/plain; charset=utf-8")

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return app
