"""Who may come in, and that nobody else does."""

from __future__ import annotations

import time
from datetime import timedelta

import pyotp
import pytest

from console.app import create_app
from console.auth.passwords import fault_of
from console.settings import ConsoleSettings
from records.staff import StaffAccounts
from tests.unit.console.conftest import PASSWORD, Browser, SignIn


def test_right_words_open_the_console(signed_in: SignIn) -> None:
    assert "Bonjour, Agent" in signed_in("agent").text


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("agent@twiza.example", "wrong"),
        ("nobody@twiza.example", PASSWORD),
        ("", ""),
        ("agent@twiza.example' --", PASSWORD),
        ("a" * 5000, "b" * 5000),
    ],
)
def test_wrong_words_read_the_same_whatever_is_wrong(
    browser: Browser, email: str, password: str
) -> None:
    browser.open("/sign-in?lang=fr")
    browser.send("/sign-in", email=email, password=password)

    assert 401 == browser.status
    assert "adresse ou le mot de passe est faux" in browser.text


def test_after_five_failures_even_the_right_password_waits(browser: Browser) -> None:
    browser.open("/sign-in?lang=fr")
    for _ in range(5):
        browser.send("/sign-in", email="agent@twiza.example", password="wrong")
    browser.send("/sign-in", email="agent@twiza.example", password=PASSWORD)

    assert 401 == browser.status


def test_a_form_without_its_token_changes_nothing(browser: Browser) -> None:
    answer = browser.client.post(
        "/sign-in", data={"email": "agent@twiza.example", "password": PASSWORD}
    )

    assert 400 == answer.status_code
    assert browser.client.get("/").status_code == 302


def test_a_forged_cookie_opens_nothing(signed_in: SignIn) -> None:
    browser = signed_in("admin")
    cookie = browser.client.get_cookie("twiza_console")
    assert cookie is not None
    browser.client.set_cookie("twiza_console", cookie.value[:-3] + "abc")
    browser.open("/staff")

    assert "/sign-in" == browser.path


@pytest.mark.parametrize(
    "onward", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"]
)
def test_signing_in_leads_nowhere_else(browser: Browser, onward: str) -> None:
    browser.client.get("/sign-in", query_string={"next": onward})
    browser.open("/sign-in?lang=fr")
    browser.send("/sign-in", email="agent@twiza.example", password=PASSWORD)

    assert "/" == browser.path


def test_a_second_lock_is_made_once_and_asked_for_ever_after(
    settings: ConsoleSettings, accounts: StaffAccounts
) -> None:
    strict = settings.model_copy(update={"console_second_factor": "required"})
    app = create_app(strict)
    first = Browser(app)
    first.open("/sign-in?lang=fr")
    first.send("/sign-in", email="agent@twiza.example", password=PASSWORD)
    secret = first.text.split('<code dir="ltr">')[1].split("</code>")[0]
    first.send("/sign-in/code", code="000000")
    assert "/sign-in/code" == first.path
    code = pyotp.TOTP(secret).now()
    first.send("/sign-in/code", code=code)
    second = Browser(app)
    second.open("/sign-in?lang=fr")
    second.send("/sign-in", email="agent@twiza.example", password=PASSWORD)
    second.send("/sign-in/code", code=code)

    assert "/" == first.path
    assert "/sign-in/code" == second.path, "a code works once"
    assert accounts.with_email("agent@twiza.example").has_second_factor  # type: ignore[union-attr]


def test_a_session_ends_with_a_change_of_the_account(
    signed_in: SignIn, accounts: StaffAccounts
) -> None:
    browser = signed_in("agent")
    staff = accounts.with_email("agent@twiza.example")
    assert staff is not None
    accounts.set_role(staff.id, "auditor")
    browser.open("/")

    assert "/sign-in" == browser.path


def test_an_idle_session_ends(signed_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = signed_in("agent")
    later = time.time() + timedelta(minutes=31).total_seconds()
    monkeypatch.setattr("console.auth.sessions.time.time", lambda: later)
    browser.open("/")

    assert "/sign-in" == browser.path


def test_an_invitation_becomes_an_account_once(signed_in: SignIn, browser: Browser) -> None:
    admin = signed_in("admin")
    admin.open("/staff")
    admin.send("/staff/invite", email="New@Twiza.example", role="reviewer")
    secret = admin.text.split("/invitation#")[1].split("<")[0]
    browser.open("/invitation?lang=fr")
    browser.send("/invitation", secret=secret, name="Nora", password="azerty123456")
    weak = browser.text
    browser.send("/invitation", secret=secret, name="Nora", password=PASSWORD)
    browser.send("/sign-in", email="new@twiza.example", password=PASSWORD)
    used = browser.send("/invitation", secret=secret, name="Nora", password=PASSWORD)

    assert "facile à deviner" in weak
    assert "a servi ou est trop ancienne" in used


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("short", "password_short"),
        ("x" * 201, "password_long"),
        ("password1234", "password_weak"),
        ("aaaaaaaaaaaaaa", "password_weak"),
        (PASSWORD, ""),
    ],
)
def test_a_password_must_be_hard_to_guess(password: str, fault: str) -> None:
    assert fault == fault_of(password, "fatima@twiza.example", "Fatima")
