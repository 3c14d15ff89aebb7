"""The routes of SPDCI: searches, enrolment, subscriptions and the status of transactions.

A synchronous call whose message is understood and refused is answered with a header that says why;
an asynchronous one with HTTP 400, for nothing will follow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from sandbox.registry import enrolment, searches, subscriptions, transactions
from sandbox.registry.clock import today
from sandbox.registry.envelope import (
    Asked,
    MessageRefused,
    RequestRefused,
    acknowledge,
)
from sandbox.registry.faults import PENDING
from sandbox.registry.later import post_later
from sandbox.registry.subscriptions import SUBSCRIBE, UNSUBSCRIBE
from sandbox.registry.transactions import REQUEST
from sandbox.registry.wire import Wire, refused_by_http

SEARCH = "search_request"


def spdci_routes(wire: Wire, name: str) -> Blueprint:
    """The routes under `/registry`; whoever registers them guards them."""
    routes = Blueprint(name, __name__, url_prefix="/registry")

    @routes.errorhandler(MessageRefused)
    @routes.errorhandler(RequestRefused)
    def refuse(fault: MessageRefused | RequestRefused) -> ResponseReturnValue:
        return refused_by_http(fault)

    @routes.post("/sync/search")
    def search() -> ResponseReturnValue:
        asked, body = _read_or_refuse(wire, SEARCH)
        if isinstance(asked, str):
            return wire.answer(searches.write_answer(_unread(body, SEARCH), [], refused=asked))
        pending = request.headers.get(PENDING, type=float)
        with wire.database.write() as session:
            try:
                correlation = wire.keep(session, asked, SEARCH, body, pending or 0.0)
            except MessageRefused as refused:
                return wire.answer(searches.write_answer(asked, [], refused=refused.code))
        if pending is not None:
            answers = searches.pending_answers(asked)
            return wire.answer(searches.write_answer(asked, answers, correlation))
        with wire.database.read() as session:
            answers = searches.answer_searches(session, asked)
        return wire.answer(searches.write_answer(asked, answers, correlation))

    @routes.post("/search")
    def search_later() -> ResponseReturnValue:
        asked, body = wire.read("search", SEARCH)
        with wire.database.read() as session:
            searches.check_searches(asked, today(session))
        return _queue(wire, asked, SEARCH, body)

    @routes.post("/sync/enrolled")
    def ask_enrolled() -> ResponseReturnValue:
        asked, body = wire.read("search", enrolment.REQUEST)
        with wire.database.read() as session:
            told = enrolment.answer(session, asked)
        with wire.database.write() as session:
            wire.keep(session, asked, enrolment.REQUEST, body)
        return wire.answer(told)

    @routes.post("/sync/txn/status")
    def ask_transaction() -> ResponseReturnValue:
        asked, body = wire.read("txn-status", REQUEST)
        transactions.check_status(asked)
        with wire.database.write() as session:
            correlation = wire.keep(session, asked, REQUEST, body)
        with wire.database.read() as session:
            return wire.answer(transactions.answer_status(session, asked, correlation))

    @routes.post("/txn/status")
    def ask_transaction_later() -> ResponseReturnValue:
        asked, body = wire.read("txn-status", REQUEST)
        transactions.check_status(asked)
        return _queue(wire, asked, REQUEST, body)

    @routes.post("/subscribe")
    def subscribe() -> ResponseReturnValue:
        asked, body = wire.read("subscribe", SUBSCRIBE)
        with wire.database.read() as session:
            subscriptions.check_subscribe(session, asked)
        return _do(wire, asked, SUBSCRIBE, body, subscriptions.subscribe)

    @routes.post("/unsubscribe")
    def unsubscribe() -> ResponseReturnValue:
        asked, body = wire.read("unsubscribe", UNSUBSCRIBE)
        subscriptions.check_unsubscribe(asked)
        return _do(wire, asked, UNSUBSCRIBE, body, subscriptions.unsubscribe)

    return routes


def _do(
    wire: Wire,
    asked: Asked,
    requests: str,
    body: dict[str, Any],
    work: Callable[[Session, Asked, str], dict[str, Any]],
) -> ResponseReturnValue:
    """Do what a message asks at once, acknowledge it, and tell its sender of it by a call."""
    with wire.database.write() as session:
        correlation = wire.keep(session, asked, requests, body)
        told = work(session, asked, correlation)
        post_later(session, told, asked.callback, wire.later_seconds)
    wire.poster.wake()
    return jsonify(acknowledge(correlation))


def _queue(wire: Wire, asked: Asked, requests: str, body: dict[str, Any]) -> ResponseReturnValue:
    """Acknowledge a message, which is answered by a call later."""
    with wire.database.write() as session:
        later = wire.later_seconds
        correlation = wire.keep(session, asked, requests, body, later, is_queued=True)
    wire.poster.wake()
    return jsonify(acknowledge(correlation))


def _read_or_refuse(wire: Wire, requests: str) -> tuple[Asked | str, dict[str, Any]]:
    """A message, or the reason of the header for which it is refused.

    Raises MessageRefused where there is no header to answer to.
    """
    try:
        return wire.read("search", requests)
    except MessageRefused as refused:
        body: Any = request.get_json(silent=True)
        if refused.code.startswith("err."):
            raise
        return refused.code, body


def _unread(body: dict[str, Any], requests: str) -> Asked:
    """A message whose header is refused, as far as an answer needs it."""
    return Asked("search", body["header"], body["message"], body["message"].get(requests) or [])
