"""Guessing a password over HTTP locks the account that is guessed at, and nobody else's."""

from __future__ import annotations

import requests
from flask import Flask

from tests.served import at_once, served
from tests.unit.console.conftest import PASSWORD, TOKEN

GUESSES = 12


def sign_in(url: str, email: str, password: str) -> int:
    """Try to sign in with a browser of one's own; the status of the answer."""
    with requests.Session() as browser:
        page = browser.get(f"{url}/sign-in", timeout=30)
        token = TOKEN.search(page.text)
        assert token is not None
        form = {"csrf_token": token.group(1), "email": email, "password": password}
        answer = browser.post(f"{url}/sign-in", data=form, allow_redirects=False, timeout=60)
        return answer.status_code


def test_guesses_lock_the_account_and_no_other(app: Flask) -> None:
    with served(app) as url:
        guesses = [f"trois oliviers et {number} figuiers" for number in range(GUESSES)]
        guessed = at_once(lambda one: sign_in(url, "agent@twiza.example", one), guesses, 4)
        owner = sign_in(url, "agent@twiza.example", PASSWORD)
        other = sign_in(url, "supervisor@twiza.example", PASSWORD)

    assert {401} == set(guessed)
    assert (401, 302) == (owner, other)


def test_a_form_from_elsewhere_signs_nobody_in(app: Flask) -> None:
    with served(app) as url:
        form = {"email": "agent@twiza.example", "password": PASSWORD}
        answer = requests.post(f"{url}/sign-in", data=form, allow_redirects=False, timeout=30)

    assert 400 == answer.status_code
