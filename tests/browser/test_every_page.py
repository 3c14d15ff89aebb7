"""Every page of the console as each role, found by its links: quiet, at home, accessible, in shape.

The routes of the application say which pages a role must come to: one that no link leads to fails.
Pictures are kept in the folder that SCREENSHOTS names, else in var/pictures/console.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from console.permissions import PERMISSIONS, ROLES
from records.database import open_database
from tests.browser.console_world import PASSWORD, Served, served_console
from tests.redis_server import RedisServer
from tests.unit.console.conversations_world import NUMBER_KEY
from transcripts.reading import Reading
from transcripts.store import Transcripts
from transcripts.turns import RecordedTurn

pytestmark = pytest.mark.browser
LANGUAGES = {"fr": "ltr", "ar": "rtl", "zgh": "ltr"}
WIDTHS = (1440, 360)
WCAG = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
# Not pages: data for scripts, what leads on at once, and what only an answer to a form leads to.
NO_PAGES = {
    "dashboard.as_csv",
    "exporting.change",
    "teaching.following",
    "conversations.search_again",
    "revealing.revealed",
}
PICTURES = Path(
    os.environ.get("SCREENSHOTS") or Path(__file__).parents[2] / "var" / "pictures" / "console"
)
# What axe has looked at already: a page in one language of each direction is enough.
_SEEN: set[tuple[str, str]] = set()


@pytest.fixture(scope="module")
def console(
    tmp_path_factory: pytest.TempPathFactory, redis_server: RedisServer
) -> Iterator[Served]:
    """The console alone, over stores with something of everything."""
    with served_console(tmp_path_factory.mktemp("pages"), redis_server) as served:
        yield served


def pages_of(console: Served, role: str) -> set[str]:
    """The endpoints of the pages that a role may open."""
    found = set()
    for rule in console.app.url_map.iter_rules():
        view = console.app.view_functions[rule.endpoint]
        permission = getattr(view, "permission", "")
        may_open = role in PERMISSIONS.get(permission, ())
        is_data = rule.rule.endswith(("/mark", "/live")) or Path(rule.rule).suffix
        is_page = rule.endpoint not in NO_PAGES and not is_data
        if may_open and is_page and "GET" in (rule.methods or ()):
            found.add(rule.endpoint)
    return found


def endpoint_of(console: Served, address: str) -> str:
    """The endpoint behind a link; empty where it leads to no page of ours."""
    parts = urlsplit(address)
    if f"{parts.scheme}://{parts.netloc}" != console.url:
        return ""
    try:
        endpoint, _ = console.app.url_map.bind(parts.netloc).match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return ""
    return str(endpoint)


def walk(console: Served, page: Page, role: str) -> dict[str, str]:
    """One address of each page that links lead to, from the first page on."""
    found = {"home.home": f"{console.url}/"}
    waiting = list(found.values())
    wanted = pages_of(console, role) | {"signing_in.account"}
    while waiting:
        page.goto(waiting.pop(0))
        for link in page.evaluate("[...document.links].map((link) => link.href)"):
            endpoint = endpoint_of(console, link)
            if endpoint in wanted and endpoint not in found:
                found[endpoint] = link
                waiting.append(link)
    return found


def look(console: Served, page: Page, endpoint: str, address: str, language: str) -> None:
    """Open a page, and hold it to what every page promises."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    answer = page.goto(f"{address}{'&' if '?' in address else '?'}lang={language}")
    assert answer is not None
    assert 200 == answer.status, address
    direction = LANGUAGES[language]
    assert [language, direction] == page.evaluate(
        "[document.documentElement.lang, document.documentElement.dir]"
    )
    page.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        # It is laid out anew a moment after it is told so.
        page.wait_for_function("(width) => innerWidth === width", arg=width)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        # A fraction of a pixel is rounded up.
        assert over <= 1, f"{endpoint} is {over} px too wide at {width} in {language}"
        if language != "zgh" and (endpoint, f"{direction} {width}") not in _SEEN:
            _SEEN.add((endpoint, f"{direction} {width}"))
            page.screenshot(path=PICTURES / f"{endpoint}-{language}-{width}.png", full_page=True)
    _SEEN.add((endpoint, language))
    if (endpoint, direction) not in _SEEN:
        _SEEN.add((endpoint, direction))
        rules = {"target-size": {"enabled": True}}
        result = Axe().run(page, options={"runOnly": WCAG, "rules": rules})
        assert 0 == result.violations_count, f"{endpoint} {language}: {result.generate_report()}"


def sign_in(console: Served, page: Page, role: str) -> None:
    """Sign somebody of a role in."""
    page.goto(f"{console.url}/sign-in?lang=fr")
    page.fill("#email", f"{role}@twiza.example")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{console.url}/")


# Who may do most comes first: its pages are the ones that are looked at closely.
@pytest.mark.parametrize("role", sorted(ROLES, key="supervisor".__ne__))
def test_every_page_of_a_role_is_in_order(console: Served, browser: Browser, role: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900})
    context.set_default_timeout(20_000)
    page = context.new_page()
    console.watch(page)
    sign_in(console, page, role)
    found = walk(console, page, role)

    assert set() == pages_of(console, role) - set(found), "no link leads there"
    for language in LANGUAGES:
        for endpoint, address in found.items():
            # What another role was shown in all languages is opened once more for its menu.
            if language == "fr" or (endpoint, language) not in _SEEN:
                look(console, page, endpoint, address, language)
    assert [] == console.complaints
    context.close()


def test_signing_in_is_in_order(console: Served, browser: Browser) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    context = browser.new_context()
    page = context.new_page()
    console.watch(page)
    for language in LANGUAGES:
        for endpoint, path in (("sign_in", "/sign-in"), ("invitation", "/invitation")):
            look(console, page, endpoint, console.url + path, language)

    assert [] == console.complaints
    context.close()


def test_a_transcript_shows_what_is_said_without_being_opened_anew(
    console: Served, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    console.watch(page)
    sign_in(console, page, "agent")
    database = open_database(console.database_url)
    row = Reading(database).latest(f"sms-{NUMBER_KEY}")
    assert row is not None
    page.goto(f"{console.url}/conversations/{row.id}")
    expect(page.locator("#talk > li").first).to_be_visible()
    said = RecordedTurn("live", row.name, NUMBER_KEY, "sms", "sms", "twilio", row.last_at)
    said.said, said.step = "Est-ce que vous me lisez ?", "words"
    Transcripts(database).record([said])

    expect(page.locator("#talk")).to_contain_text("Est-ce que vous me lisez ?", timeout=20_000)
    assert [] == console.complaints
    context.close()
    database.close()
