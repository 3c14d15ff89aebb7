"""The template that says a message waits: made, shown to Meta, and sent once that approved it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import requests

from channels import templates as command
from channels.providers.twilio.adapter import TwilioProvider, open_client
from channels.providers.twilio.contents import Contents
from channels.providers.twilio.waking import waking_templates
from core.outgoing import Outgoing
from locales import compile as compiled
from locales.catalogs import Catalogs
from tests.contract.channels import test_twilio_choices as choices
from tests.contract.channels.test_twilio_choices import arrived, settings

phone = choices.phone
environment = choices.environment
OWN = "fr:HX" + "a" * 32


@pytest.fixture(autouse=True)
def words() -> None:
    """The catalogs as programs read them."""
    compiled.main()


def meta_says(phone: str, status: str, reason: str = "", before: bool = True) -> None:
    """What Meta has for the templates that it is shown, or was shown before."""
    said = {"status": status, "reason": reason, "before": before}
    requests.post(f"{phone}/twilio/sandbox/approvals", json=said, timeout=5).raise_for_status()


def an_account(phone: str) -> Contents:
    """What Twilio holds, asked anew each time."""
    return Contents(open_client(settings(f"{phone}/twilio")))


@pytest.fixture
def synced(phone: str) -> str:
    """The phone, with a template in each language."""
    account = an_account(phone)
    account.carry_out(account.plan(waking_templates()))
    return phone


@pytest.mark.parametrize(
    ("language", "spoken"), [("fr", "fr"), ("ar", "ar"), ("ary", "ary"), ("zgh", "ar"), ("", "ar")]
)
def test_a_citizen_is_woken_in_their_language_where_meta_has_it(
    synced: str, language: str, spoken: str
) -> None:
    sender = TwilioProvider(settings(f"{synced}/twilio", buttons=False))
    prepared = sender.waking(language)
    assert prepared is not None
    sender.send(Outgoing(choices.NUMBER, prepared=prepared))
    [message] = arrived(synced)

    assert Catalogs.load().say(spoken, "door_message_waits") == message["text"]


@pytest.mark.parametrize("status", ["pending", "received", "rejected", "paused", "disabled"])
def test_a_template_that_meta_did_not_approve_wakes_nobody(synced: str, status: str) -> None:
    meta_says(synced, status)

    assert TwilioProvider(settings(f"{synced}/twilio")).waking("fr") is None


def test_the_settings_own_template_comes_first(synced: str) -> None:
    sender = TwilioProvider(settings(f"{synced}/twilio", waking_templates=OWN))
    prepared = sender.waking("fr")

    assert prepared is not None
    assert OWN == f"fr:{prepared.name}"


def test_an_account_that_does_not_answer_has_no_template() -> None:
    assert TwilioProvider(settings("http://127.0.0.1:1")).waking("fr") is None


def test_old_words_serve_until_new_ones_are_approved(phone: str) -> None:
    account, wanted = an_account(phone), waking_templates()
    old = tuple(replace(one, name=one.name.rpartition("_")[0] + "_00000000") for one in wanted)
    account.carry_out(account.plan(old))
    meta_says(phone, "pending", before=False)
    account.carry_out(account.plan(wanted))
    waiting = account.plan(wanted)
    [serving] = [one.sid for name, one in waiting.held.items() if name == old[-1].name]
    while_pending = TwilioProvider(settings(f"{phone}/twilio")).waking("fr")
    meta_says(phone, "approved")
    ready = account.plan(wanted)
    after = TwilioProvider(settings(f"{phone}/twilio")).waking("fr")

    assert {} == waiting.to_remove
    assert while_pending is not None and after is not None
    assert serving == while_pending.name
    assert {one.name for one in old} == set(ready.to_remove)
    assert ready.held[wanted[-1].name].sid == after.name


def test_a_template_that_was_made_and_not_shown_is_shown(phone: str) -> None:
    account = an_account(phone)
    bare = tuple(replace(one, category="") for one in waking_templates())
    account.carry_out(account.plan(bare))
    before = account.plan(waking_templates())
    account.carry_out(before)

    assert (0, 3) == (len(before.to_make), len(before.to_show))
    assert {"approved"} == {one.approval for one in account.plan(waking_templates()).held.values()}


@pytest.mark.usefixtures("environment")
def test_the_plan_tells_what_meta_says(phone: str, capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["plan"])
    before = capsys.readouterr().out
    command.main(["sync"])
    capsys.readouterr()
    meta_says(phone, "rejected", "unclear to whom")
    command.main(["plan"])
    said = capsys.readouterr().out

    assert 3 == before.count("to be shown to Meta")
    assert 3 == said.count("rejected: unclear to whom")
    assert "make" not in said
