"""Answers that were recorded: what the sandbox said on a day, said again to the same questions.

`python -m tests.contract.registry.recorded` asks anew and writes `recorded.jsonl`: the day, then
one exchange a line. A client that asks otherwise than it did is answered with 404, so the messages
that go out are held by it too. Whoever was not asked about is nobody.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import Flask, Response, request

from actions.registry.calls import Exchange
from actions.registry.port import Registry
from tests.contract.registry import people

FILE: Final = Path(__file__).with_name("recorded.jsonl")
_ADDRESS: Final = "token:{}@rnp"
# What differs each time something is asked.
_VOLATILE: Final = ("transaction_id", "reference_id", "timestamp", "consent")
_NAMES: Final = ("transaction_id", "reference_id")
_OTHERS: Final = {
    people.FATIMA: ("ar", "ary", "zgh"),
    people.KHADIJA: ("ar",),
    people.ZINEB: ("ar",),
    people.MALIKA: ("ary",),
    people.LAHCEN: ("zgh",),
}


def everybody() -> list[str]:
    """The identifiers of the people that the suite asks about, and of nobody."""
    told = [one for name, one in vars(people).items() if name.isupper() and isinstance(one, str)]
    return [one for one in told if one.isdecimal()]


def asked_of(idcs: str) -> tuple[str, ...]:
    """The languages in which somebody is asked about."""
    return ("fr", *_OTHERS.get(idcs, ()))


def ask_everything(registry: Registry) -> None:
    """Ask whatever of the records the suite asks."""
    for idcs in everybody():
        for language in asked_of(idcs):
            registry.person(idcs, language)
            registry.household(idcs, language)
            registry.registration(idcs, language)
            registry.enrolments(idcs, language)
            registry.payments(idcs, language)
        for programme in ("asd", "amo_tadamon"):
            registry.is_enrolled(idcs, programme)


@cache
def _recorded() -> tuple[date, dict[str, Any]]:
    day, *lines = FILE.read_text(encoding="utf-8").splitlines()
    exchanges = [json.loads(line) for line in lines]
    return date.fromisoformat(json.loads(day)["recorded_on"]), {
        _key(one["path"], one["asked"]): one for one in exchanges
    }


def recorded_on() -> date:
    """The day of the answers."""
    return _recorded()[0]


def replaying_app() -> Flask:
    """A registry that knows what was recorded, and nothing else."""
    app = Flask("recorded")

    @app.post("/oauth2/client/token")
    def token() -> dict[str, Any]:
        return {"access_token": "token", "token_type": "Bearer", "expires_in": 600}

    @app.post("/<path:_>")
    def answer(_: str) -> Response:
        message: dict[str, Any] = request.get_json()["message"]
        steady = _steady(message)
        exchanges = _recorded()[1]
        found = exchanges.get(_key(request.path, steady)) or exchanges.get(
            _key(request.path, _of_nobody(steady))
        )
        if found is None:
            return Response('{"errors": [{"code": "err.request.not_found"}]}', 404)
        told = json.dumps(found["answer"])
        for name, value in _names(message).items():
            told = told.replace(f'"${name}"', json.dumps(value))
        return Response(told, content_type="application/json")

    return app


def record() -> None:
    """Ask a sandbox registry of today, and keep what it says."""
    from tests.contract.registry.conftest import served_sandbox
    from tests.contract.registry.worlds import a_client

    kept: dict[str, str] = {}

    def keep(exchange: Exchange) -> None:
        if exchange.path.endswith("/token"):
            return
        message = json.loads(exchange.sent)["message"]
        told = exchange.received.decode()
        for name, value in _names(message).items():
            told = told.replace(json.dumps(value), f'"${name}"')
        one = {"path": exchange.path, "asked": _steady(message), "answer": json.loads(told)}
        kept.setdefault(_key(one["path"], one["asked"]), json.dumps(one, ensure_ascii=False))

    with tempfile.TemporaryDirectory() as folder, served_sandbox(Path(folder)) as sandbox:
        ask_everything(a_client(sandbox.url, witness=keep))
    day = json.dumps({"recorded_on": datetime.now(UTC).date().isoformat()})
    FILE.write_text("\n".join([day, *kept.values()]) + "\n", encoding="utf-8")


def _key(path: str, asked: Any) -> str:
    return f"{path} {json.dumps(asked, sort_keys=True)}"


def _steady(part: Any) -> Any:
    """A message without what differs each time."""
    if isinstance(part, list):
        return [_steady(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {name: _steady(one) for name, one in part.items() if name not in _VOLATILE}


def _names(message: dict[str, Any]) -> dict[str, str]:
    """The names in a message; a further request's is `reference_id 2` and so on."""
    found: dict[str, str] = {}
    for name, value in _found_names(message):
        count = sum(one.partition(" ")[0] == name for one in found)
        found[f"{name} {count + 1}" if count else name] = value
    return found


def _found_names(part: Any) -> Iterator[tuple[str, str]]:
    for name, one in part.items() if isinstance(part, dict) else enumerate(part):
        if name in _NAMES:
            yield str(name), one
        elif isinstance(one, (dict, list)):
            yield from _found_names(one)


def _of_nobody(asked: Any) -> Any:
    """The same, asked about nobody."""
    told = json.dumps(asked)
    for item in asked.get("search_request", []):
        told = told.replace(
            json.dumps(item["search_criteria"]["query"]["value"]), json.dumps(people.NOBODY)
        )
    for item in asked.get("search_criteria", []):
        told = told.replace(
            json.dumps(item["attribute_value"]), json.dumps(_ADDRESS.format(people.NOBODY))
        )
    return json.loads(told)


if __name__ == "__main__":
    record()
