"""Choices reach WhatsApp as something to tap where Twilio has their template, else as lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, request
from werkzeug.exceptions import HTTPException

from channels import templates as command
from channels.providers.twilio.adapter import TwilioProvider, open_client
from channels.providers.twilio.contents import Contents
from channels.providers.twilio.settings import TwilioSettings
from channels.providers.twilio.templates import Template, templates
from channels.rendering.menus import number_choices
from channels.rendering.tapping import tappable
from core.messages import Button
from core.outgoing import Outgoing
from sandbox.phone.app import create_app
from sandbox.phone.settings import PhoneSettings
from tests.contract.channels.recordings import ACCOUNT, TOKEN
from tests.unit.sandbox.phone.door_stub import serve

NUMBER = "+212612345678"
ADDRESS = "+212520000001"


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[str]:
    """The address of the pretend Twilio and of the phone it delivers to."""
    sender = {
        "kind": "whatsapp",
        "provider": "twilio",
        "dialect": None,
        "messages_url": "http://127.0.0.1:1/",
        "address": ADDRESS,
        "secret": TOKEN,
    }
    path = tmp_path / "channels.json"
    path.write_text(json.dumps({"whatsapp": sender}))
    with serve(create_app(PhoneSettings(channels_file=path))) as url:
        yield url


def settings(root: str, **changes: Any) -> TwilioSettings:
    """The settings of a sender with buttons."""
    given = {
        "kind": "whatsapp",
        "address": ADDRESS,
        "account_sid": ACCOUNT,
        "auth_token": TOKEN,
        "api_url": root,
        "content_url": root,
        "buttons": True,
    }
    return TwilioSettings.model_validate(given | changes)


def a_message(count: int, title: str = "Choix", number: str = NUMBER) -> Outgoing:
    """A message with so many choices."""
    choices = number_choices([Button(f"{title} {n}", f"/{n}") for n in range(count)])
    text = "\n".join(["Que voulez-vous ?", *(choice.line for choice in choices)])
    to_tap = tappable("Que voulez-vous ?", choices, "0123abcd", "Choisir")
    return Outgoing(number, text, tappable=to_tap)


def arrived(phone: str, number: str = NUMBER) -> list[dict[str, Any]]:
    """What the phone received."""
    asked = {"number": number, "channel": "whatsapp"}
    got = requests.get(f"{phone}/api/inbox", asked, timeout=5).json()
    messages: list[dict[str, Any]] = got["messages"]
    return messages


def synced(phone: str, **changes: Any) -> TwilioProvider:
    """A sender whose templates are in step."""
    contents = Contents(open_client(settings(f"{phone}/twilio")))
    contents.carry_out(contents.plan(templates()))
    return TwilioProvider(settings(f"{phone}/twilio", **changes))


@pytest.mark.parametrize(
    ("count", "kind", "opener"),
    [(1, "quick", ""), (3, "quick", ""), (4, "list", "Choisir"), (10, "list", "Choisir")],
)
def test_choices_arrive_as_something_to_tap(phone: str, count: int, kind: str, opener: str) -> None:
    synced(phone).send(a_message(count))
    [message] = arrived(phone)
    choices = message["choices"]

    assert "Que voulez-vous ?" == message["text"]
    assert (kind, opener, count) == (choices["kind"], choices["opener"], len(choices["items"]))
    assert {"id": "0123abcd.1", "title": "Choix 0"} == choices["items"][0]


def test_more_choices_than_a_list_holds_arrive_as_lines(phone: str) -> None:
    synced(phone).send(a_message(11))

    assert [None] == [message["choices"] for message in arrived(phone)]
    assert "11 Choix 10" in arrived(phone)[0]["text"]


def test_without_a_template_choices_arrive_as_numbered_lines(phone: str) -> None:
    TwilioProvider(settings(f"{phone}/twilio")).send(a_message(2))
    [message] = arrived(phone)

    assert message["choices"] is None
    assert "Que voulez-vous ?\n1 Choix 0\n2 Choix 1" == message["text"]


def test_a_sender_without_buttons_sends_lines(phone: str) -> None:
    synced(phone, buttons=False).send(a_message(2))

    assert [None] == [message["choices"] for message in arrived(phone)]


def test_a_template_that_was_removed_meanwhile_costs_nobody_the_message(phone: str) -> None:
    sender = synced(phone)
    sender.send(a_message(2))
    contents = Contents(open_client(settings(f"{phone}/twilio")))
    contents.carry_out(contents.plan(()))
    sender.send(a_message(2))
    sender.send(a_message(2))

    assert [True, False, False] == [bool(message["choices"]) for message in arrived(phone)]
    assert "1 Choix 0" in arrived(phone)[1]["text"]


def test_words_that_look_like_a_gap_fill_none(phone: str) -> None:
    synced(phone).send(a_message(2, "{{body}}"))

    assert "((body}} 0" == arrived(phone)[0]["choices"]["items"][0]["title"]


def test_a_user_without_a_number_is_sent_to_by_their_id(phone: str) -> None:
    user = "MA.1502576394655843"
    synced(phone).send(a_message(2, number=user))

    assert 1 == len(arrived(phone, user))


def test_templates_that_cannot_be_listed_cost_nobody_the_message() -> None:
    app, texts = Flask("twilio"), []

    @app.post("/2010-04-01/Accounts/<_>/Messages.json")
    def created(_: str) -> tuple[dict[str, str], int]:
        texts.append(request.form["Body"])
        return {"sid": "SM" + "0" * 32}, 201

    @app.errorhandler(HTTPException)
    def down(_: HTTPException) -> tuple[str, int]:
        return "down", 503

    with serve(app) as root:
        TwilioProvider(settings(root)).send(a_message(2))

    assert ["Que voulez-vous ?\n1 Choix 0\n2 Choix 1"] == texts


def test_a_plan_names_what_is_missing_and_what_nobody_needs(phone: str) -> None:
    contents = Contents(open_client(settings(f"{phone}/twilio")))
    types, gaps = templates()[0].types, templates()[0].gaps
    for name in ("somebody_elses", "twiza_quick_1_00000000"):
        contents.carry_out(contents.plan((Template(name, types, gaps),)))
    plan = contents.plan(templates())

    assert 10 == len(plan.to_make)
    assert {"twiza_quick_1_00000000"} == set(plan.to_remove)


@pytest.fixture
def environment(phone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of the command."""
    monkeypatch.setenv("TWIZA_CHANNELS", "ussd:ussd,whatsapp:twilio,sms:twilio")
    for name, value in settings(f"{phone}/twilio").model_dump().items():
        told = value.get_secret_value() if hasattr(value, "get_secret_value") else str(value)
        if told:
            monkeypatch.setenv(f"TWIZA_CHANNEL_WHATSAPP_{name.upper()}", told)
            monkeypatch.setenv(f"TWIZA_CHANNEL_SMS_{name.upper()}", told)
    monkeypatch.setenv("TWIZA_CHANNEL_SMS_KIND", "sms")


@pytest.mark.usefixtures("environment")
def test_the_command_plans_without_changing_then_brings_in_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counts = []
    for act in ("plan", "plan", "sync", "plan"):
        assert 0 == command.main([act])
        said = capsys.readouterr().out
        counts.append((said.count("  make "), said.count("  made "), said.count("  keep ")))

    assert [(13, 0, 0), (13, 0, 0), (0, 13, 0), (0, 0, 13)] == counts


@pytest.mark.usefixtures("environment")
def test_the_command_says_that_twilio_does_not_let_it_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TWIZA_CHANNEL_WHATSAPP_AUTH_TOKEN", "another-auth-token")

    assert 1 == command.main(["plan"])
    assert "20003" in capsys.readouterr().err
