"""Every route by every role: what a role may not do, it gets 403 for, and strangers sign in."""

from __future__ import annotations

import pytest
from flask import Flask
from werkzeug.routing import Rule

from console.permissions import PERMISSIONS, ROLES
from tests.unit.console.conftest import SignIn

OPEN = {
    "static",
    "health",
    "metrics",
    "signing_in.sign_in",
    "signing_in.give_password",
    "signing_in.code",
    "signing_in.give_code",
    "signing_in.sign_out",
    "invitations.page",
    "invitations.take",
    "elsewhere.leave",
    "elsewhere.come_back",
}
# Everybody's own.
OF_ALL = {"signing_in.account"}


def guarded(app: Flask) -> list[tuple[Rule, str]]:
    """Every route that is not open, with the permission its view names."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN | OF_ALL:
            continue
        view = app.view_functions[rule.endpoint]
        # Programs come by tokens: test_api.py goes through those.
        if hasattr(view, "scope"):
            continue
        found.append((rule, getattr(view, "permission", "")))
    return found


def address(app: Flask, rule: Rule) -> str:
    """The address of a route, for something that does not exist."""
    kinds = {name: type(converter).__name__ for name, converter in rule._converters.items()}
    given = {name: 999999 if "Integer" in kinds[name] else "x" for name in rule.arguments}
    with app.test_request_context():
        return str(app.url_map.bind("localhost").build(rule.endpoint, given))


def test_every_route_names_a_permission(app: Flask) -> None:
    assert [] == [rule.endpoint for rule, permission in guarded(app) if not permission]


def test_every_permission_has_roles_that_exist() -> None:
    assert set() == set().union(*PERMISSIONS.values()) - set(ROLES)


def test_a_stranger_is_sent_to_sign_in(app: Flask) -> None:
    client = app.test_client()

    for rule, _ in guarded(app):
        if "GET" in (rule.methods or set()):
            answer = client.get(address(app, rule))
            assert 302 == answer.status_code, rule
            assert "/sign-in" in answer.headers["Location"]


@pytest.mark.parametrize("role", ROLES)
def test_a_role_does_what_it_may_and_nothing_else(app: Flask, signed_in: SignIn, role: str) -> None:
    browser = signed_in(role)
    browser.open("/")
    app.config["WTF_CSRF_ENABLED"] = False
    wrong = []
    for rule, permission in guarded(app):
        for method in {"GET", "POST"} & (rule.methods or set()):
            answer = browser.client.open(address(app, rule), method=method)
            is_refused = answer.status_code == 403
            if is_refused is (role in PERMISSIONS[permission]):
                wrong.append((rule.endpoint, method, answer.status_code))
            assert answer.status_code < 500, (rule, answer.text[:400])

    assert [] == wrong


def test_every_page_carries_the_headers_that_protect_it(signed_in: SignIn) -> None:
    answer = signed_in("agent").client.get("/")

    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "no-store" == answer.headers["Cache-Control"]
    assert "nosniff" == answer.headers["X-Content-Type-Options"]


@pytest.mark.parametrize("language", ["fr", "ar", "zgh"])
def test_every_page_speaks_its_language_in_its_direction(signed_in: SignIn, language: str) -> None:
    browser = signed_in("admin", language)

    for path in ("/", "/staff", "/account", "/no-such-page"):
        browser.open(path)
        direction = "rtl" if language == "ar" else "ltr"
        assert f'lang="{language}" dir="{direction}"' in browser.text
