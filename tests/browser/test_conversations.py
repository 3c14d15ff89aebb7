"""The pages of conversations in a browser: every language and width, quiet, at home, accessible."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect

from console.app import create_app
from console.settings import ConsoleSettings
from core.privacy import Pseudonyms, Seal
from locales import compile as compiled
from records.clock import utc_now
from records.database import open_database
from records.migrate import upgrade
from records.replies import Replies
from records.staff import StaffAccounts
from sandbox.house.demo_conversations import Maker, record
from tests.builders import KEY, KEY_TEXT
from tests.redis_server import RedisServer
from tests.unit.console.conversations_world import ask_for_a_person, fill
from tests.unit.sandbox.phone.door_stub import serve
from transcripts.migrate import upgrade as upgrade_transcripts

pytestmark = pytest.mark.browser
PASSWORD = "trois oliviers sous la neige"
LANGUAGES = ("fr", "ar", "zgh")
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


@dataclass
class Console:
    """The console's address, the conversations by channel, and what the browser complained of."""

    url: str
    numbers: dict[str, int]
    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note what the page says and where it asks."""
        page.on("console", lambda said: self.complaints.append(f"{said.type}: {said.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._hold(request.url))

    def _hold(self, url: str) -> None:
        if not url.startswith((self.url, "data:")):
            self.complaints.append(f"asked {url}")


@pytest.fixture(scope="module")
def console(
    tmp_path_factory: pytest.TempPathFactory, redis_server: RedisServer
) -> Iterator[Console]:
    """The console alone, over stores with conversations of every kind."""
    compiled.main()
    url = f"sqlite:///{tmp_path_factory.mktemp('browser')}/all.db"
    upgrade(url)
    upgrade_transcripts(url)
    database = open_database(url)
    for role, name in (("agent", "Amina Alaoui"), ("supervisor", "سعاد الإدريسي")):
        StaffAccounts(database, Seal(KEY)).add(f"{role}@twiza.example", name, role, PASSWORD)
    record(Maker(Pseudonyms(KEY), Seal(KEY), utc_now()).make(40), database, database)
    numbers = fill(database)
    ask_for_a_person(database)
    Replies(database).save("ar", "موعد", "السلام {الاسم}، موعدكم غدا.")
    database.close()
    app: Flask = create_app(
        ConsoleSettings(
            redis_url=redis_server.url,
            records_url=url,
            transcripts_url=url,
            broker_url=redis_server.url.removesuffix("/0") + "/1",
            vault_key=KEY_TEXT,
            pseudonym_key=KEY_TEXT,
            console_secret=KEY_TEXT,
            console_public_url="http://localhost",
            console_second_factor="optional",
        )
    )
    with serve(app) as address:
        yield Console(address, numbers)


@pytest.fixture(scope="module")
def cookies(console: Console, browser: Browser) -> dict[str, Any]:
    """Somebody of each role, signed in once."""
    found: dict[str, Any] = {}
    for role in ("agent", "supervisor"):
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{console.url}/sign-in")
        page.fill("#email", f"{role}@twiza.example")
        page.fill("#password", PASSWORD)
        page.click("main button")
        page.wait_for_url(f"{console.url}/")
        found[role] = context.cookies()
        context.close()
    return found


@pytest.fixture(params=[1440, 360], ids=["wide", "narrow"])
def context(browser: Browser, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """A browser as wide as a desk screen, and as narrow as a small phone."""
    made = browser.new_context(viewport={"width": request.param, "height": 800})
    made.set_default_timeout(20_000)
    yield made
    made.close()


def open_page(console: Console, context: BrowserContext, cookies: Any, role: str) -> Page:
    """A page of somebody of that role, watched."""
    context.add_cookies(cookies[role])
    page = context.new_page()
    console.watch(page)
    return page


def hold(page: Page, name: str) -> None:
    """Nothing leaves the width of the page, and nothing in it breaks WCAG 2.2 AA."""
    # A page that a click led to is there before its style sheets are, and is then wider.
    page.wait_for_load_state("load")
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        width = page.evaluate("innerWidth")
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    # A fraction of a pixel is rounded up.
    assert over <= 1, f"{name} is {over} px too wide"
    rules = {"target-size": {"enabled": True}}
    result = Axe().run(page, options={"runOnly": WCAG, "rules": rules})
    assert 0 == result.violations_count, result.generate_report()


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agent_reads_searches_and_opens_conversations(
    console: Console, context: BrowserContext, cookies: Any, language: str
) -> None:
    page = open_page(console, context, cookies, "agent")

    page.goto(f"{console.url}/conversations?lang={language}&fallback=1")
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    hold(page, f"filters-{language}")
    page.goto(f"{console.url}/conversations")
    hold(page, f"list-{language}")
    page.fill("#words", "menu")
    page.press("#words", "Enter")
    page.wait_for_url("**/search")
    hold(page, f"found-{language}")
    for kind, number in console.numbers.items():
        page.goto(f"{console.url}/conversations/{number}")
        for details in page.locator("details > summary").all():
            details.click()
        hold(page, f"transcript-{kind}-{language}")
    page.goto(f"{console.url}/handovers")
    hold(page, f"queue-{language}")
    assert [] == console.complaints


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_supervisor_answers_and_keeps_replies(
    console: Console, context: BrowserContext, cookies: Any, language: str
) -> None:
    page = open_page(console, context, cookies, "supervisor")

    page.goto(f"{console.url}/replies?lang={language}")
    hold(page, f"replies-{language}")
    page.goto(f"{console.url}/conversations/{console.numbers['whatsapp']}")
    page.locator(".panel form[action$='/claim'] button").click()
    page.locator(".panel textarea").wait_for()
    hold(page, f"panel-{language}")
    page.goto(f"{console.url}/handovers")
    hold(page, f"queue-of-a-supervisor-{language}")
    page.goto(f"{console.url}/conversations/{console.numbers['whatsapp']}")
    page.locator(".panel form[action$='/release'] button").click()
    page.wait_for_url("**/handovers")
    assert [] == console.complaints


def test_the_list_is_walked_with_the_keyboard(
    console: Console, context: BrowserContext, cookies: Any
) -> None:
    page = open_page(console, context, cookies, "agent")
    page.goto(f"{console.url}/conversations")
    lines = page.locator(".line")

    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(lines.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(lines.nth(0)).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#words")).to_be_focused()
    page.keyboard.type("j")
    expect(page.locator("#words")).to_have_value("j")
    page.uncheck("#keys")
    page.locator("h1").click()
    page.keyboard.press("j")
    expect(lines.nth(0)).not_to_be_focused()
    page.check("#keys")
    lines.nth(0).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/conversations/*")
    assert [] == console.complaints
