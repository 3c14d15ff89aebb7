"""Teaching by the keyboard in a browser, and figures taken home as files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.console_world import PASSWORD, Served, served_console
from tests.redis_server import RedisServer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def console(
    tmp_path_factory: pytest.TempPathFactory, redis_server: RedisServer
) -> Iterator[Served]:
    """The console alone, over stores with something of everything."""
    with served_console(tmp_path_factory.mktemp("teaching"), redis_server) as served:
        yield served


def sign_in(console: Served, browser: Browser, role: str) -> Page:
    """A page of somebody of that role, watched."""
    page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
    page.set_default_timeout(20_000)
    console.watch(page)
    page.goto(f"{console.url}/sign-in?lang=fr")
    page.fill("#email", f"{role}@twiza.example")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{console.url}/")
    return page


def test_a_message_is_decided_with_two_keys(console: Served, browser: Browser) -> None:
    page = sign_in(console, browser, "reviewer")
    page.goto(f"{console.url}/teaching/next")
    first = page.url
    page.keyboard.press("s")
    page.wait_for_url(lambda url: url.partition("?")[0] != first)
    second = page.url.partition("?")[0]

    page.keyboard.press("2")
    expect(page.locator("input[data-key='2']")).to_be_checked()
    page.keyboard.press("Enter")

    page.wait_for_url(lambda url: url.partition("?")[0] != second)
    expect(page.locator(".told")).to_be_visible()
    page.uncheck("#keys")
    page.locator("h1").click()
    page.keyboard.press("n")
    expect(page.locator("input[data-key='n']")).not_to_be_checked()
    page.check("#keys")
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#other")).to_be_focused()
    page.keyboard.type("back")
    expect(page.locator("#is-other")).to_be_checked()
    assert [] == console.complaints


def test_words_are_marked_and_the_mark_is_kept(console: Served, browser: Browser) -> None:
    page = sign_in(console, browser, "supervisor")
    page.goto(f"{console.url}/teaching/next")
    number = page.url.rpartition("/")[2]
    marks = page.locator("#marks li")
    for left in reversed(range(marks.count())):
        marks.first.locator("button").click()
        expect(marks).to_have_count(left)

    page.locator("input[name=word]").first.check()
    page.select_option("#means", "language=fr")
    page.click("#mark")
    expect(marks).to_have_count(1)
    page.locator("input[data-key='1']").check()
    page.locator("#review p.row button").click()
    page.wait_for_url(lambda url: not url.endswith(f"/{number}"))

    page.goto(f"{console.url}/teaching")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert [] == console.complaints


def test_a_figure_is_taken_home_as_a_file(console: Served, browser: Browser) -> None:
    page = sign_in(console, browser, "auditor")
    page.goto(f"{console.url}/dashboard")
    expect(page.locator("svg.picture").nth(9)).to_be_visible()

    with page.expect_download() as download:
        page.locator("a[download]").first.click()

    assert download.value.suggested_filename.startswith("twiza-volumes-")
    assert [] == console.complaints
