"""The actions process: rasa-sdk's executor behind a webhook, for the engine alone.

An action that fails is answered as failed: the engine then says nothing, or only its default
response, and the door tells the citizen that what was given is kept.
"""

from __future__ import annotations

from flask import Flask
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

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
from actions.webhook import Webhook
from core.environment import read_settings
from core.headers import guard
from core.keys import open_ring
from core.logs import set_up_logs
from core.privacy import Seal
from core.stores import open_redis
from core.watching import watched


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
    app = Flask(__name__)
    guard(app)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    token = settings.actions_token.get_secret_value()
    webhook = Webhook(app.wsgi_app, executor, token)
    app.wsgi_app = webhook  # type: ignore[assignment, method-assign]
    return watched(app, "actions", is_inside=True)
