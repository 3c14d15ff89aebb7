"""The operator's page: in both directions, without scripts, and what its forms make happen."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from sandbox.registry.faults import Fault
from sandbox.registry.operator_page import words

NADIA, FATIMA = "3222222227", "2111111116"


class Forms(HTMLParser):
    """The forms of a page: where they go, and their fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, set[str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A form begins, or a field of one stands there."""
        told = dict(attrs)
        if tag == "form":
            self.found.append((told["action"] or "", set()))
        elif tag in ("input", "select", "button") and told.get("name"):
            self.found[-1][1].add(str(told["name"]))


def page(client: FlaskClient, language: str = "fr") -> str:
    """The page in a language."""
    answer = client.get(f"/sandbox/?lang={language}")
    assert 200 == answer.status_code
    return unescape(answer.get_data(as_text=True))


def press(client: FlaskClient, what: str, **fields: str) -> str:
    """Send a form, and read the page it comes back to."""
    answer = client.post(f"/sandbox/page/{what}", data=fields, follow_redirects=True)
    assert 200 == answer.status_code
    return unescape(answer.get_data(as_text=True))


def test_both_languages_have_the_same_words() -> None:
    keys = {language: set(its) for language, its in words().items()}

    assert {"fr", "ar"} == set(keys)
    assert keys["fr"] == keys["ar"]
    assert all(text.strip() for its in words().values() for text in its.values())


@pytest.mark.parametrize(("language", "direction"), [("fr", "ltr"), ("ar", "rtl")])
def test_the_page_is_written_in_the_direction_of_its_language(
    client: FlaskClient, language: str, direction: str
) -> None:
    shown = page(client, language)

    assert f'<html lang="{language}" dir="{direction}">' in shown
    assert words()[language]["title"] in shown
    # Nothing that stands in a word's place is left over.
    assert "object at 0x" not in shown


def test_the_page_needs_no_script_and_asks_nobody_else(client: FlaskClient) -> None:
    answer = client.get("/sandbox/")
    shown = answer.get_data(as_text=True)

    assert "<script" not in shown
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert re.findall(r"https?://", shown) == []
    [style] = re.findall(r'href="([^"]+\.css)"', shown)
    with client.get(style) as sheet:
        assert "text/css" == sheet.mimetype


def test_every_form_of_the_page_leads_somewhere(app: Flask, client: FlaskClient) -> None:
    known = {str(rule) for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    forms = Forms(page(client)).found

    assert {action for action, _ in forms} <= known
    assert all("lang" in fields for _, fields in forms)


@pytest.mark.parametrize("days", ["1", "30"])
def test_time_is_let_pass_and_life_goes_on(client: FlaskClient, days: str) -> None:
    before = client.get("/sandbox/clock").get_json()["now"]
    shown = press(client, "clock", days=days, lang="fr")

    assert words()["fr"]["done"] in shown
    passed = client.get("/sandbox/clock").get_json()["now"] - before
    assert abs(passed - int(days) * 86_400) < 60


def test_the_clock_goes_to_a_moment_and_to_the_day_of_payment(client: FlaskClient) -> None:
    press(client, "clock", moment="2027-03-01T10:00", lang="fr")
    first = client.get("/sandbox/clock").get_json()["now"]
    shown = press(client, "clock", to="payday", lang="ar")

    assert abs(first - 1803895200) < 60
    assert "2027-03-28" in shown


def test_an_application_is_decided_by_hand(client: FlaskClient, bearer: dict[str, str]) -> None:
    asked = {"person": NADIA, "locale": "fra"}
    path = "/counter/v1/applications/search"
    found = client.post(path, json=asked, headers=bearer).get_json()["applications"][0]
    press(client, "application", reference=found["reference"], state="refused", reason="pension")
    after = client.post(path, json=asked, headers=bearer).get_json()["applications"]
    [told] = [one for one in after if one["reference"] == found["reference"]]

    assert ("refused", "pension") == (told["state"], told["reason"])


def test_an_index_and_a_payment_are_made_by_hand(client: FlaskClient) -> None:
    index = press(client, "index", idcs=FATIMA, index="9.5000001", lang="ar")
    given = {"idcs": FATIMA, "programme": "asd", "month": "2026-11", "state": "failed"}
    payment = press(client, "payment", **given, amount="612.00")

    assert words()["ar"]["done"] in index
    assert words()["fr"]["done"] in payment


def test_faults_are_made_and_mended(app: Flask, client: FlaskClient) -> None:
    fields = {"kind": "latency", "operation": "/counter/*", "probability": "0.5", "count": "3"}
    shown = press(client, "faults", **fields, seconds="2")
    made = app.extensions["registry_faults"].all()
    press(client, "faults/clear")

    assert "/counter/*" in shown
    fault = Fault(kind="latency", operation="/counter/*", probability=0.5, count=3, seconds=2)
    assert [fault] == made
    assert [] == app.extensions["registry_faults"].all()


def test_everything_begins_anew(client: FlaskClient) -> None:
    press(client, "clock", days="60")
    press(client, "anew")

    assert abs(client.get("/sandbox/clock").get_json()["ahead_seconds"]) < 1


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("clock", {"days": "many"}),
        ("clock", {"moment": "soon"}),
        ("application", {"reference": "1", "state": "accepted"}),
        ("index", {"idcs": "9999999999", "index": "9"}),
        ("index", {"idcs": FATIMA, "index": "low"}),
        ("payment", {"idcs": FATIMA, "programme": "asd", "state": "lost", "month": "2026-11"}),
        ("contact", {"idcs": FATIMA, "standing": "lost"}),
        ("complaint", {"reference": "1"}),
        ("faults", {"kind": "flood"}),
    ],
)
def test_what_cannot_be_done_is_said(
    client: FlaskClient, what: str, fields: dict[str, str]
) -> None:
    assert words()["fr"]["refused"] in press(client, what, **fields)


def test_a_form_from_elsewhere_does_nothing(client: FlaskClient) -> None:
    answer = client.post(
        "/sandbox/page/clock", data={"days": "9"}, headers={"Origin": "https://elsewhere.example"}
    )

    assert 403 == answer.status_code
    assert abs(client.get("/sandbox/clock").get_json()["ahead_seconds"]) < 1
