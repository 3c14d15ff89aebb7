"""The routes of G2P Connect: payments found, and what became of such a search."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from sandbox.registry import payments, transactions
from sandbox.registry.envelope import MessageRefused, RequestRefused
from sandbox.registry.faults import PENDING
from sandbox.registry.wire import Wire, refused_by_http


def disburse_routes(wire: Wire, name: str) -> Blueprint:
    """The routes under `/disburse/sync`; whoever registers them guards them."""
    routes = Blueprint(name, __name__, url_prefix="/disburse/sync")

    @routes.errorhandler(MessageRefused)
    @routes.errorhandler(RequestRefused)
    def refuse(fault: MessageRefused | RequestRefused) -> ResponseReturnValue:
        return refused_by_http(fault)

    @routes.post("/search")
    def find_payments() -> ResponseReturnValue:
        asked, body = wire.read("search", payments.REQUEST)
        with wire.database.read() as session:
            found = payments.find(session, asked)
        pending = request.headers.get(PENDING, type=float)
        kept = asked.renamed(payments.ACTION)
        with wire.database.write() as session:
            wire.keep(session, kept, payments.REQUEST, body, pending or 0.0)
        if pending is not None:
            return wire.answer(payments.write_payments(asked, [], status="pdng"))
        return wire.answer(payments.write_payments(asked, found))

    @routes.post("/txn/status")
    def ask_payments() -> ResponseReturnValue:
        # The standard gives this message no action of its own.
        asked, body = wire.read("search", transactions.REQUEST)
        with wire.database.write() as session:
            correlation = wire.keep(session, asked, transactions.REQUEST, body)
        with wire.database.read() as session:
            return wire.answer(transactions.answer_payment_status(session, asked, correlation))

    return routes
