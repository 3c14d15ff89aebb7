"""The actions process: rasa-sdk's executor behind one Flask view, for the engine alone.

An action that fails is answered as failed: the engine then says nothing, or only its default
response, and the door tells the citizen that what was given is kept.
"""

from __future__ import annotations

import hmac
from collections.abc import Coroutine
from typing import Any, TypeVar

import orjson
import redis
from flask import Flask, Response, request
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from actions.applications.begin import (
    ActionBeginApplication,
    ActionBeginProcedure,
    ActionResumeApplication,
    ActionUpdateInformation,
)
from actions.applications.form import (
    ActionAskApplicationFormAnswer,
    ActionEndApplication,
    ValidateApplicationForm,
)
from actions.benefits import ActionShowBenefits
from actions.catalogue import (
    ActionListProgrammes,
    ActionRequiredDocuments,
    ActionShowConditions,
)
from actions.documents import ActionTakeDocument
from actions.eligibility import ActionShowEligibility
from actions.erasure import ActionAskErasure, ActionErase
from actions.export import ActionExport
from actions.follow_changes import ActionFollowChanges, ActionUnfollowChanges
from actions.follow_up import ActionFollowApplication, ActionFollowDetails
from actions.handover import ActionCancelHandover, ActionTalkToAgent
from actions.identity import ActionEndIdentity, ValidateIdentityForm
from actions.misunderstanding import ActionAskMeaning
from actions.notifications import (
    ActionShowNotifications,
    ActionStartNotifications,
    ActionStopEverything,
    ActionStopNotifications,
)
from actions.offices import (
    ActionAskRegion,
    ActionEndOffice,
    ActionShowHomeOffice,
    ActionShowOffices,
    ValidateOfficeForm,
)
from actions.privacy import ActionTellPrivacy, ActionWithdrawConsent
from actions.registration import ActionShowRegistration
from actions.registry.opening import open_registry
from actions.score import ActionExplainScore, ActionShowIndex
from actions.services import Services, open_services
from actions.session import (
    ActionBack,
    ActionCancel,
    ActionChangeService,
    ActionChooseLanguage,
    ActionChooseScript,
    ActionGoodbye,
    ActionGoOn,
    ActionHome,
    ActionOpen,
    ActionSessionStart,
)
from actions.settings import ActionsSettings
from core.environment import read_settings
from core.errors import ServiceError
from core.headers import guard
from core.keys import open_ring
from core.logs import log, set_up_logs
from core.privacy import Seal
from core.stores import open_redis
from core.tracing import span
from core.watching import watched

_LOG = log(__name__)
T = TypeVar("T")


def all_actions(services: Services) -> list[Action]:
    """Every action the domain names."""
    return [
        ActionSessionStart(services),
        ActionOpen(services),
        ActionHome(services),
        ActionGoOn(),
        ActionGoodbye(services),
        ActionShowEligibility(services),
        ActionShowBenefits(services),
        ActionShowHomeOffice(services),
        ActionAskRegion(services),
        ActionShowOffices(services),
        ValidateOfficeForm(services),
        ActionEndOffice(services),
        ActionTakeDocument(services),
        ActionFollowApplication(services),
        ActionFollowDetails(services),
        ActionFollowChanges(services),
        ActionUnfollowChanges(services),
        ActionListProgrammes(services),
        ActionRequiredDocuments(services),
        ActionShowConditions(services),
        ActionAskMeaning(),
        ActionBack(services),
        ActionCancel(services),
        ActionChangeService(),
        ActionChooseLanguage(services),
        ActionChooseScript(),
        ActionExplainScore(services),
        ActionShowIndex(services),
        ActionShowNotifications(services),
        ActionStopNotifications(services),
        ActionStartNotifications(services),
        ActionStopEverything(services),
        ActionEndIdentity(services),
        ActionTalkToAgent(services),
        ActionCancelHandover(services),
        ActionTellPrivacy(services),
        ActionWithdrawConsent(services),
        ActionExport(services),
        ActionAskErasure(services),
        ActionErase(services),
        ActionShowRegistration(services),
        ActionBeginApplication(services),
        ActionBeginProcedure(services),
        ActionUpdateInformation(services),
        ActionResumeApplication(services),
        ActionAskApplicationFormAnswer(services),
        ActionEndApplication(services),
        ValidateApplicationForm(services),
        ValidateIdentityForm(services),
    ]


def create_app(settings: ActionsSettings | None = None) -> Flask:
    """The process's Flask app: POST /webhook for the engine, GET /health and /metrics."""
    settings = settings or read_settings(ActionsSettings)
    set_up_logs("actions", settings.log_level)
    seal = Seal(open_ring(settings.vault_key.get_secret_value(), "TWIZA_VAULT_KEY"))
    services = open_services(settings, open_registry(open_redis(settings.redis_url), seal))
    executor = ActionExecutor()
    for action in all_actions(services):
        executor.register_action(action)
    token = settings.actions_token.get_secret_value().encode()
    app = Flask(__name__)
    guard(app)

    @app.post("/webhook")
    def run_action() -> Response:
        if not hmac.compare_digest(request.headers.get("X-Twiza-Token", "").encode(), token):
            return _json({"error": "a token is needed"}, 403)
        call = orjson.loads(request.get_data())
        name = call.get("next_action", "")
        try:
            with span("actions.run", action=name):
                result = _done(executor.run(call))
        except ActionExecutionRejection as rejected:
            return _json({"error": str(rejected), "action_name": rejected.action_name}, 400)
        except ActionNotFoundException as unknown:
            return _json({"error": str(unknown), "action_name": unknown.action_name}, 404)
        except (ServiceError, redis.RedisError):
            _LOG.exception("action_failed", action=name)
            return _json({"error": "the action failed", "action_name": name}, 500)
        return _json(result.model_dump() if result is not None else {}, 200)

    @app.get("/health")
    def health() -> Response:
        return _json({"status": "ok"}, 200)

    return watched(app, "actions", is_inside=True)


def _done(work: Coroutine[Any, Any, T]) -> T:
    """What the executor returns, or raises. An event loop for each call costs more than the call.

    Our actions wait for nothing, so the executor never hands control back.
    """
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise RuntimeError("an action waits for an event loop, and there is none")


def _json(value: Any, status: int) -> Response:
    return Response(orjson.dumps(value), status, content_type="application/json")
