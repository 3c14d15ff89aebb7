"""The table of processes: what runs, with which settings, after what, and when it is ready."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from sandbox.house.health import answers_at, has_ended_well, has_logged, redis_answers
from sandbox.house.layout import GIVEN_STORES, ROOT, Layout
from sandbox.house.process import Process, web
from sandbox.house.redis_server import redis_command
from sandbox.house.run_file import (
    ACCOUNT_SID,
    SMS_ADDRESS,
    USSD_ADDRESS,
    USSD_USER,
    USUAL_DIALECT,
    WHATSAPP_ADDRESS,
    dialect_files,
    other_dialects,
)
from sandbox.house.secret_files import SecretFiles
from sandbox.house.smpp_processes import smpp_processes

TRAINING_SECONDS = 600.0
_PROGRAMMES = "TWIZA_PROGRAMMES_FOLDER"
_BUTTONS = "TWIZA_CHANNEL_WHATSAPP_BUTTONS"
# Whoever tries the demo out in the evening wants to see the messages.
_NO_QUIET_HOURS = {"TWIZA_QUIET_FROM": "00:00", "TWIZA_QUIET_UNTIL": "00:00"}


def process_table(layout: Layout, secrets: SecretFiles) -> list[Process]:
    """Every process of a house, in the order in which they may start."""
    stores = _store_settings(layout, secrets)
    channels = stores | _channel_settings(layout, secrets)
    python = sys.executable
    table = [
        Process("catalogs", (python, "-m", "locales.compile"), has_ended_well(), once=True),
        Process(
            "model", (python, "bin/train"), has_ended_well(), once=True, within=TRAINING_SECONDS
        ),
        Process("records", (python, "-m", "records.migrate"), has_ended_well(), stores, once=True),
        Process(
            "transcripts",
            (python, "-m", "transcripts.migrate"),
            has_ended_well(),
            _transcripts_settings(layout),
            once=True,
        ),
        web("registry", "sandbox.registry.app", layout, _registry_settings(layout, secrets)),
        web(
            "phone",
            "sandbox.phone.app",
            layout,
            _phone_settings(layout),
            ("registry",),
            threads=96,
            is_preloaded=True,
        ),
        Process(
            "templates",
            (python, "-m", "channels.templates", "sync"),
            has_ended_well(),
            channels,
            ("phone", "catalogs"),
            once=True,
        ),
        web(
            "actions",
            "actions.server",
            layout,
            stores | _actions_settings(layout, secrets),
            ("redis", "records", "catalogs"),
            is_preloaded=True,
        ),
        Process(
            "engine",
            _engine_command(layout),
            answers_at(layout.url("engine")),
            _engine_settings(layout, secrets),
            ("redis", "model", "catalogs"),
        ),
        web(
            "intake",
            "actions.registry.notify",
            layout,
            _intake_settings(layout, secrets),
            ("redis",),
        ),
        Process(
            "worker",
            _worker_command(layout),
            has_logged(f"{_worker_name(layout)} ready"),
            channels
            | _to_registry(layout, secrets)
            | _transcripts_settings(layout)
            | _NO_QUIET_HOURS
            | {
                "TWIZA_WORKER_METRICS_ADDRESS": layout.own("worker"),
                "TWIZA_BACKUP_FOLDER": str(layout.data / "backups"),
                "TWIZA_ERASURES_FOLDER": str(layout.data / "erasures"),
            },
            ("redis", "records", "transcripts", "catalogs"),
        ),
        Process(
            "staff",
            (python, "-m", "sandbox.house.demo_staff"),
            has_ended_well(),
            stores | {"SANDBOX_DEMO_STAFF_PASSWORD_FILE": str(secrets.path("staff_password"))},
            ("records",),
            once=True,
        ),
        Process(
            "conversations",
            (python, "-m", "sandbox.house.demo_conversations"),
            has_ended_well(),
            stores | _transcripts_settings(layout),
            ("records", "transcripts", "catalogs"),
            once=True,
        ),
        web(
            "console",
            "console.app",
            layout,
            stores | _transcripts_settings(layout) | _console_settings(layout, secrets),
            ("redis", "staff", "transcripts", "catalogs"),
        ),
        Process(
            "beat",
            (python, "-m", "celery", "--quiet", "--app", "worker.app", "beat"),
            has_logged("schedule ready"),
            channels
            | _transcripts_settings(layout)
            | {"TWIZA_BEAT_METRICS_ADDRESS": layout.own("beat")},
            ("redis",),
        ),
        web(
            "door",
            "channels.app",
            layout,
            channels,
            ("redis", "records", "catalogs"),
            threads=96,
            is_preloaded=True,
        ),
    ]
    if layout.smpp_style:
        table += smpp_processes(layout, secrets, channels)
    if layout.given_redis_url is None:
        redis = Process("redis", redis_command(layout), redis_answers(layout.redis_url(0)))
    else:
        redis = Process("redis", ("true",), redis_answers(layout.redis_url(0)), once=True)
    return [redis, *table]


def child_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child: ours, its settings, and nothing that slows or diverts it."""
    # Without compiled bytecode Rasa takes 15 s to import instead of 5.
    unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "VIRTUAL_ENV", *GIVEN_STORES)
    env = {name: value for name, value in os.environ.items() if name not in unwanted}
    # A proxy is for the world outside, which no process of a house calls.
    env |= {"NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}
    return env | {"PYTHONUNBUFFERED": "1"} | dict(settings)


def _worker_name(layout: Layout) -> str:
    return f"worker@{layout.network.name}"


def _worker_command(layout: Layout) -> tuple[str, ...]:
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "worker.app", "worker"]
    command += ["--pool", "threads", "--concurrency", "4", "--hostname", _worker_name(layout)]
    return (*command, "--without-gossip", "--without-mingle")


def _engine_command(layout: Layout) -> tuple[str, ...]:
    command = [str(ROOT / "bot/.venv/bin/python"), "bot/serve.py"]
    command += ["--model", "models/twiza.tar.gz", "--endpoints", "bot/endpoints.yml"]
    return (*command, "--interface", layout.network.address, "--port", str(layout.port("engine")))


def _store_settings(layout: Layout, secrets: SecretFiles) -> dict[str, str]:
    return {
        _PROGRAMMES: os.environ.get(_PROGRAMMES) or str(layout.data / "programmes"),
        "TWIZA_REDIS_URL": layout.redis_url(0),
        "TWIZA_RECORDS_URL": layout.records_url,
        "TWIZA_VAULT_KEY_FILE": str(secrets.path("vault_key")),
        "TWIZA_PSEUDONYM_KEY_FILE": str(secrets.path("pseudonym_key")),
    }


def _transcripts_settings(layout: Layout) -> dict[str, str]:
    return {
        "TWIZA_TRANSCRIPTS_URL": layout.transcripts_url,
        "TWIZA_ENGINE_REDIS_URL": layout.redis_url(2),
    }


def _channel_settings(layout: Layout, secrets: SecretFiles) -> dict[str, str]:
    others = {name: name for name in other_dialects(dialect_files())}
    settings = {
        "TWIZA_CHANNELS": ",".join(
            ["ussd:ussd", "whatsapp:twilio", "sms:twilio", *(f"{name}:ussd" for name in others)]
        ),
        "TWIZA_DOOR_PUBLIC_URL": layout.url("door"),
        "TWIZA_ENGINE_URL": layout.url("engine"),
        "TWIZA_SPOOL_FOLDER": str(layout.data / "spool"),
        "TWIZA_BROKER_URL": layout.redis_url(1),
        # One phone plays many people, and types faster than any.
        "TWIZA_ARRIVALS_PER_MINUTE": "0",
    }
    for name, dialect in {"ussd": USUAL_DIALECT, **others}.items():
        prefix = f"TWIZA_CHANNEL_{name.upper()}"
        settings |= {
            f"{prefix}_DIALECT": dialect,
            f"{prefix}_ADDRESS": USSD_ADDRESS,
            f"{prefix}_SECRET_FILE": str(secrets.path("ussd_secret")),
            f"{prefix}_USER": USSD_USER,
            f"{prefix}_PASSWORD_FILE": str(secrets.path("ussd_password")),
            f"{prefix}_ADDRESSES": layout.network.gateway,
        }
    for kind, address in (("whatsapp", WHATSAPP_ADDRESS), ("sms", SMS_ADDRESS)):
        prefix = f"TWIZA_CHANNEL_{kind.upper()}"
        settings |= {
            f"{prefix}_KIND": kind,
            f"{prefix}_ADDRESS": address,
            f"{prefix}_ACCOUNT_SID": ACCOUNT_SID,
            f"{prefix}_AUTH_TOKEN_FILE": str(secrets.path("twilio_auth_token")),
            f"{prefix}_API_URL": f"{layout.url('phone')}/twilio",
            f"{prefix}_CONTENT_URL": f"{layout.url('phone')}/twilio",
        }
    settings[_BUTTONS] = os.environ.get(_BUTTONS, "true")
    return settings


def _console_settings(layout: Layout, secrets: SecretFiles) -> dict[str, str]:
    return {
        "TWIZA_BROKER_URL": layout.redis_url(1),
        "TWIZA_CONSOLE_SECRET_FILE": str(secrets.path("console_secret")),
        "TWIZA_CONSOLE_PUBLIC_URL": layout.url("console"),
        # The demo staff have no phones.
        "TWIZA_CONSOLE_SECOND_FACTOR": "optional",
    }


def _actions_settings(layout: Layout, secrets: SecretFiles) -> dict[str, str]:
    return _to_registry(layout, secrets) | {
        "TWIZA_ACTIONS_TOKEN_FILE": str(secrets.path("actions_token")),
        "TWIZA_BROKER_URL": layout.redis_url(1),
        "TWIZA_ENGINE_REDIS_URL": layout.redis_url(2),
    }


def _to_registry(layout: Layout, secrets: SecretFiles) -> dict[str, str]:
    return {
        "TWIZA_REGISTRY_URL": layout.url("registry"),
        "TWIZA_REGISTRY_CLIENT_ID": "twiza",
        "TWIZA_REGISTRY_CLIENT_SECRET_FILE": str(secrets.path("registry_client_secret")),
    }


def _intake_settings(layout: Layout, secrets: SecretFiles) -> dict[str, str]:
    return {
        "TWIZA_REDIS_URL": layout.redis_url(0),
        "TWIZA_BROKER_URL": layout.redis_url(1),
        "TWIZA_VAULT_KEY_FILE": str(secrets.path("vault_key")),
        "TWIZA_NOTIFY_TOKEN_FILE": str(secrets.path("notify_token")),
    }


def _engine_settings(layout: Layout, secrets: SecretFiles) -> dict[str, str]:
    return {
        "TWIZA_ACTIONS_URL": f"{layout.url('actions')}/webhook",
        "TWIZA_ACTIONS_TOKEN_FILE": str(secrets.path("actions_token")),
        "TWIZA_ENGINE_REDIS_URL": layout.redis_url(2),
    }


def _registry_settings(layout: Layout, secrets: SecretFiles) -> dict[str, str]:
    return {
        "SANDBOX_REGISTRY_DATABASE_URL": f"sqlite:///{layout.data / 'registry.sqlite'}",
        "SANDBOX_REGISTRY_CLIENT_ID": "twiza",
        "SANDBOX_REGISTRY_CLIENT_SECRET_FILE": str(secrets.path("registry_client_secret")),
        "SANDBOX_SMS_URL": f"{layout.url('phone')}/api/deliver",
        "SANDBOX_NOTIFY_URL": f"{layout.url('intake')}/registry/notify",
        "SANDBOX_NOTIFY_TOKEN_FILE": str(secrets.path("notify_token")),
        # Whoever tries the demo out asks for many codes of a few people.
        "SANDBOX_CODES_PER_PERSON": "60",
    }


def _phone_settings(layout: Layout) -> dict[str, str]:
    return {
        "SANDBOX_CHANNELS_FILE": str(layout.channels_file),
        "SANDBOX_REGISTRY_URL": layout.url("registry"),
    }
