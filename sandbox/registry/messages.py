"""The routes that speak in messages beside the searches: payments and subscriptions."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from sandbox.registry import enrolment, payments, subscriptions
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.envelope import MessageRefused, check_message


def message_routes(database: RegistryDatabase) -> Blueprint:
    """The routes; whoever registers them guards them."""
    routes = Blueprint("messages", __name__)

    @routes.post("/disburse/sync/search")
    def find_payments() -> ResponseReturnValue:
        body: Any = request.get_json(silent=True)
        try:
            criteria = check_message(body, "search_criteria")
            with Session(database.reading) as session:
                return jsonify(payments.answer(session, body, criteria))
        except MessageRefused as refused:
            if refused.code.startswith("err."):
                return _bad_request(refused.code)
            return jsonify(payments.write_payments(body, [], refused.code))

    @routes.post("/registry/sync/enrolled")
    def ask_enrolled() -> ResponseReturnValue:
        body: Any = request.get_json(silent=True)
        try:
            check_message(body, "enrolled_criteria")
            with Session(database.reading) as session:
                return jsonify(enrolment.answer(session, body))
        except MessageRefused as refused:
            return _bad_request(refused.code)

    @routes.post("/registry/subscribe")
    def subscribe() -> ResponseReturnValue:
        body: Any = request.get_json(silent=True)
        try:
            requests = check_message(body, "subscribe_request", "subscribe")
        except MessageRefused:
            return jsonify(subscriptions.acknowledge("err.request.bad")), 400
        with Session(database.writing) as session, session.begin():
            return jsonify(subscriptions.subscribe(session, requests))

    @routes.post("/registry/unsubscribe")
    def unsubscribe() -> ResponseReturnValue:
        body: Any = request.get_json(silent=True)
        try:
            codes = check_message(body, "subscription_codes", "unsubscribe")
        except MessageRefused:
            return jsonify(subscriptions.acknowledge("err.request.bad")), 400
        with Session(database.writing) as session, session.begin():
            return jsonify(subscriptions.unsubscribe(session, codes))

    return routes


def _bad_request(code: str) -> ResponseReturnValue:
    return jsonify(errors=[{"code": code, "message": code}]), 400
