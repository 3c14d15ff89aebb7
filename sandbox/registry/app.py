"""The sandbox registry as a Flask application: `gunicorn "sandbox.registry.app:create_app()"`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Blueprint, Flask, jsonify, request
from flask.typing import ResponseReturnValue

from core.environment import read_settings
from core.logs import set_up_logs
from core.watching import traced
from sandbox.registry.access import Access
from sandbox.registry.authentication import Authentication, identity_routes
from sandbox.registry.counter import counter_routes
from sandbox.registry.database import RegistryDatabase
from sandbox.registry.disburse import disburse_routes
from sandbox.registry.envelope import refusal
from sandbox.registry.esignet import esignet_routes
from sandbox.registry.faults import Faults, read_faults
from sandbox.registry.faulty import Faulty
from sandbox.registry.http_refusals import refuse_in_its_words, take_json_alone
from sandbox.registry.life.days import catch_up
from sandbox.registry.one_time_codes import OneTimeCodes
from sandbox.registry.open_routes import open_routes
from sandbox.registry.operator import operator_routes
from sandbox.registry.operator_page import page_routes
from sandbox.registry.outgoing import Poster
from sandbox.registry.preregistration import preregistration_routes
from sandbox.registry.settings import SandboxRegistrySettings
from sandbox.registry.signatures import Signatures
from sandbox.registry.spdci import spdci_routes
from sandbox.registry.wire import Wire


def create_app(settings: SandboxRegistrySettings | None = None) -> Flask:
    """The application; without settings it reads them from the environment and sets up logs."""
    is_served = settings is None
    if settings is None:
        settings = read_settings(SandboxRegistrySettings)
        set_up_logs("registry", settings.log_level)
    database = RegistryDatabase(settings.registry_database_url, settings.households, settings.seed)
    catch_up(database)
    signatures = Signatures(settings)
    poster = Poster(database, settings, signatures)
    faults = Faults(read_faults(settings.faults), settings.seed)
    # The operator's page alone has files, and serves its own.
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 1_000_000
    app.extensions |= {
        "registry_database": database,
        "registry_poster": poster,
        "registry_faults": faults,
    }
    app.register_blueprint(operator_routes(database, poster, faults))
    app.register_blueprint(page_routes(database, poster, faults))
    house = _House(settings, database, signatures, poster)
    for base in dict.fromkeys(("", settings.base_path)):
        for routes in house.routes("based_" if base else ""):
            app.register_blueprint(routes, url_prefix=base + (routes.url_prefix or "") or None)
    refuse_in_its_words(app)
    app.wsgi_app = Faulty(app.wsgi_app, faults)  # type: ignore[assignment, method-assign]
    if is_served:
        traced(app, "registry", is_inside=True)
        poster.wake()
    return app


class _House:
    """The routes of the wire, which are served at the root and at the base path."""

    def __init__(
        self,
        settings: SandboxRegistrySettings,
        database: RegistryDatabase,
        signatures: Signatures,
        poster: Poster,
    ) -> None:
        key = settings.registry_client_secret.get_secret_value().encode()
        codes = OneTimeCodes(key, settings.code_life_seconds, settings.codes_per_person)
        self._authentication = Authentication(database, codes, settings.sms_url)
        self._access = Access(settings, signatures.key)
        self._wire = Wire(
            database,
            signatures,
            poster,
            settings.later_seconds,
            demands_encryption=settings.encryption == "required",
        )
        self._database = database
        self._signatures = signatures
        self._client = settings.registry_client_id

    def routes(self, prefix: str) -> Iterator[Blueprint]:
        """Every blueprint, guarded, under names of its own."""
        wire, database = self._wire, self._database
        yield open_routes(self._access, self._signatures, f"{prefix}open")
        spdci = spdci_routes(wire, f"{prefix}spdci")
        spdci.before_request(guard(self._access, _scope_of_spdci))
        take_json_alone(spdci)
        yield spdci
        for scope, guarded in (
            ("disburse.search", disburse_routes(wire, f"{prefix}disburse")),
            ("counter", counter_routes(database, f"{prefix}counter")),
            ("", identity_routes(self._authentication, f"{prefix}identity")),
            ("", preregistration_routes(database, f"{prefix}preregistration")),
            (
                "",
                esignet_routes(
                    database,
                    self._authentication,
                    self._signatures,
                    self._client,
                    f"{prefix}esignet",
                ),
            ),
        ):
            guarded.before_request(guard(self._access, _always(scope)))
            take_json_alone(guarded)
            yield guarded


def guard(
    access: Access, scope_of: Callable[[str], str]
) -> Callable[[], ResponseReturnValue | None]:
    """What refuses a call without a token that was given here, or without its scope."""

    def refuse() -> ResponseReturnValue | None:
        scopes = access.scopes(request.headers.get("Authorization", ""))
        if scopes is None:
            return jsonify(refusal("err.request.unauthorized")), 401
        wanted = scope_of(request.path)
        if wanted and wanted not in scopes:
            return jsonify(refusal("err.request.forbidden")), 403
        return None

    return refuse


def _always(scope: str) -> Callable[[str], str]:
    return lambda _: scope


def _scope_of_spdci(path: str) -> str:
    is_subscribing = path.endswith("subscribe")
    return "registry.subscribe" if is_subscribing else "registry.search"
