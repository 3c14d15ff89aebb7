"""A browser, and the phone's page on a stub door; the page must stay on this machine and silent."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask, jsonify
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sandbox.phone.app import create_app
from sandbox.phone.picture import FLAGS
from sandbox.phone.settings import PhoneSettings
from tests.unit.sandbox.phone.door_stub import StubDoor, serve

# Of what is to come: a busy machine takes its time, and nobody waits for what is there.
expect.set_options(timeout=20_000)

PEOPLE = [
    {
        "idcs": "2345678904",
        "birth_date": "1984-03-05",
        "phone": "+212661234567",
        "language": "ary",
        "summary": "مسجلة في السجل الاجتماعي · 9.32",
    },
    {
        "idcs": "5345678908",
        "birth_date": "1971-01-30",
        "phone": None,
        "language": "zgh",
        "summary": "ⵜⵉⵣⵏⵉⵜ · RNP",
    },
]


@dataclass
class Served:
    """The phone's address, the stub door behind it, and what the browser complained about."""

    url: str
    door: StubDoor
    complaints: list[str] = field(default_factory=list)

    def open(self, page: Page, language: str = "fr") -> None:
        """Open the page, and wait until it knows its channels and its people."""
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._hold(request.url))
        page.goto(f"{self.url}/?lang={language}")
        page.locator("#chat-address", has_text="+212520000001").wait_for()
        page.locator("#people li").first.wait_for(state="attached")

    def _hold(self, url: str) -> None:
        if not url.startswith(self.url):
            self.complaints.append(f"asked {url}")


# Its event loop must end with the module: tests after it run loops of their own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium, shared by a module's tests; each has a page of its own."""
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not Path(path).exists():
        pytest.skip(f"no Chromium at {path}; set CHROMIUM")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(params=[1440, 360], ids=["wide", "narrow"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page as wide as a desk screen, and as narrow as a small phone."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 800}, permissions=["clipboard-write"]
    )
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(tmp_path: Path) -> Iterator[Served]:
    """The served phone; a test fails at its end if the page complained or left the machine."""
    registry = Flask("registry")
    registry.get("/sandbox/citizens")(lambda: jsonify({"citizens": PEOPLE}))
    door = StubDoor()
    path = tmp_path / "channels.json"
    settings = PhoneSettings(channels_file=path)
    with serve(door.app) as door.url, serve(registry) as registry_url:
        path.write_text(json.dumps(door.channels()))
        app = create_app(settings.model_copy(update={"registry_url": registry_url}))
        with serve(app) as url:
            served = Served(url, door)
            yield served
            assert [] == served.complaints
