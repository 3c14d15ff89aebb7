"""A registry as SPDCI's public compliance suite meets it: its messages, and its callback server.

The messages are the least that the standard asks for, as the suite sends them: without versions,
kinds of records or locales. The person TEST-001 and the subscription sub-test-001 are those it asks
about.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import requests
from flask import Flask, request

from actions.registry.calls import Exchange
from tests.contract.registry import openapi, originals
from tests.end_to_end.running_house import wait_for

PERSON: Final = {"type": "UIN", "value": "TEST-001"}
EXPRESSION: Final = {
    "type": "ns:org:QueryType:expression",
    "value": {
        "expression": {
            "collection": "Group",
            "query": {
                "$and": [
                    {"poverty_score": {"$lt": 5}},
                    {"location": {"$eq": "central_region"}},
                    {"group_size": {"$lt": 5}},
                ]
            },
        }
    },
}
PREDICATE: Final = [
    {
        "seq_num": 1,
        "expression1": {"attribute_name": "age", "operator": "lt", "attribute_value": "25"},
        "condition": "and",
        "expression2": {
            "attribute_name": "poverty_score",
            "operator": "lt",
            "attribute_value": "2.5",
        },
    }
]

# The form by which the one client gets a token.
CREDENTIALS: Final = {
    "grant_type": "client_credentials",
    "client_id": "twiza",
    "client_secret": "secret-of-tests",
}

Message = dict[str, Any]


def now() -> str:
    """The present, as the suite writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def envelope(action: str, message: Message, sender_uri: str = "") -> Message:
    """A message in its envelope, with the word that says it is not signed."""
    header: Message = {
        "version": "1.0.0",
        "message_id": uuid.uuid4().hex,
        "message_ts": now(),
        "action": action,
        "sender_id": "test-client",
        "receiver_id": "sr-server",
        "total_count": 1,
    }
    header |= {"sender_uri": sender_uri} if sender_uri else {}
    whole = {"transaction_id": uuid.uuid4().hex, **message}
    return {"signature": "unsigned-stub", "header": header, "message": whole}


def a_search(kind: str = "idtype-value", query: Any = PERSON, sender_uri: str = "") -> Message:
    """A search of a kind."""
    asked = {
        "reference_id": uuid.uuid4().hex,
        "timestamp": now(),
        "search_criteria": {"query_type": kind, "query": query},
    }
    return envelope("search", {"search_request": [asked]}, sender_uri)


def a_subscription(sender_uri: str = "") -> Message:
    """A subscription to one person."""
    criteria = {"reg_event_type": "REGISTER", "filter": PERSON, "notify_record_type": "Member"}
    asked = {"reference_id": "ref-1", "timestamp": now(), "subscribe_criteria": criteria}
    return envelope("subscribe", {"subscribe_request": [asked]}, sender_uri)


def an_end(code: str = "sub-test-001", sender_uri: str = "") -> Message:
    """The end of a subscription."""
    asked = {"timestamp": now(), "subscription_codes": [code]}
    return envelope("unsubscribe", asked, sender_uri)


def a_question(value: str = "", sender_uri: str = "", by: str = "transaction_id") -> Message:
    """A question about a transaction."""
    asked = {
        "reference_id": "ref-1",
        "txn_type": "search",
        "attribute_type": by,
        "attribute_value": value or uuid.uuid4().hex,
    }
    return envelope("txn-status", {"txnstatus_request": asked}, sender_uri)


@dataclass
class Suite:
    """A client of the registry with a token, and what the registry called it with."""

    url: str
    base: str = ""
    callbacks: list[tuple[str, Message]] = field(default_factory=list)
    own_url: str = ""
    faults: list[str] = field(default_factory=list)

    def token(self) -> str:
        """A token for all scopes."""
        answer = requests.post(f"{self.url}/oauth2/client/token", CREDENTIALS, timeout=10)
        return str(answer.json()["access_token"])

    def post(
        self, path: str, message: Any, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """Call the registry; its answer is held against its description and the standard's."""
        shown = {"Authorization": f"Bearer {self.token()}"} if headers is None else headers
        answer = requests.post(
            f"{self.url}{self.base}{path}", json=message, headers=dict(shown), timeout=10
        )
        exchange = Exchange(
            "POST",
            path,
            dict(answer.request.headers),
            answer.request.body or b"",  # type: ignore[arg-type]
            answer.status_code,
            answer.headers["Content-Type"].partition(";")[0],
            answer.content,
        )
        if openapi.find("POST", path):
            self.faults += openapi.faults_of_answer(exchange)
            header = answer.json().get("header", {})
            if answer.status_code == 200 and "status_reason_code" not in header:
                self.faults += originals.faults_of(exchange)
        return answer

    def called(self, path: str, correlation: str) -> Message:
        """The call of the registry on a path that answers a correlation."""

        def look() -> Message | None:
            for called, message in list(self.callbacks):
                if called == path and message["message"]["correlation_id"] == correlation:
                    return message
            return None

        found = wait_for(f"{path}", look)
        assert found is not None
        return found

    def app(self) -> Flask:
        """The server that the registry calls."""
        app = Flask("suite")

        @app.post("/<path:path>")
        def take(path: str) -> Message:
            self.callbacks.append((f"/{path}", request.get_json()))
            return {"message": {"ack_status": "ACK", "timestamp": now(), "correlation_id": "1"}}

        return app


ASYNC: dict[str, Callable[[], Message]] = {
    "/registry/search": a_search,
    "/registry/subscribe": a_subscription,
    "/registry/unsubscribe": an_end,
    "/registry/txn/status": a_question,
}
SYNC: dict[str, Callable[[], Message]] = {
    "/registry/sync/search": a_search,
    "/registry/sync/txn/status": a_question,
}
ALL = ASYNC | SYNC


def is_taken(answer: requests.Response) -> bool:
    """Whether a call was acknowledged, or answered."""
    status = answer.json().get("message", {}).get("ack_status", "ACK")
    return answer.status_code in (200, 202) and status == "ACK"


def is_refused(answer: requests.Response) -> bool:
    """Whether a call was refused in a way that the suite accepts."""
    body = answer.json()
    if 400 <= answer.status_code < 500:
        # Either way of telling errors is there.
        return body["message"]["ack_status"] == "ERR" and bool(body["errors"][0]["code"])
    return answer.status_code == 200 and body["message"].get("ack_status") == "ERR"
