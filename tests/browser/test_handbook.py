"""The handbook is built without a warning, asks no other machine for anything, and can be read."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from handbook.outside import loaded_from_outside
from tests.house.repository import ROOT

pytestmark = pytest.mark.browser
READ = ("docs/index", "docs/settings", "docs/fr/index", "docs/reference/ports", "search")
WIDTHS = (1280, 390)
BUILT_WITHIN = 600


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The handbook as `bin/docs` makes it."""
    folder = tmp_path_factory.mktemp("handbook") / "site"
    command = [sys.executable, "-m", "handbook", "--into", str(folder)]
    made = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=BUILT_WITHIN
    )
    assert (0, "") == (made.returncode, made.stderr)
    return folder


@pytest.fixture(params=WIDTHS)
def window(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window as wide as a desk's or a phone's."""
    page = browser.new_page(viewport={"width": request.param, "height": 850})
    yield page
    page.close()


def test_no_page_of_the_handbook_is_wider_than_its_window_or_asks_another_machine(
    site: Path, window: Page
) -> None:
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))

    wide = []
    for name in READ:
        window.goto((site / f"{name}.html").as_uri())
        if window.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(name)

    assert [] == wide
    assert len(asked) > len(READ)
    assert [] == [url for url in asked if not url.startswith("file:")]


def test_a_search_finds_a_setting(site: Path, window: Page) -> None:
    window.goto(f"{(site / 'search.html').as_uri()}?q=TWIZA_MOST_PAGES")

    window.get_by_role("link", name="Settings", exact=True).first.wait_for()


def test_french_pages_say_so_and_speak_french_and_no_others_do(
    site: Path, browser: Browser
) -> None:
    window = browser.new_page(viewport={"width": 1280, "height": 850})
    window.goto((site / "docs/fr/index.html").as_uri())

    assert "fr" == window.locator("html").get_attribute("lang")
    assert "Recherche" in window.locator("header").inner_text()
    window.goto((site / "docs/run.html").as_uri())
    assert "en" == window.locator("html").get_attribute("lang")
    assert "Search" in window.locator("header").inner_text()


def test_an_openapi_file_is_written_out_with_its_fields(site: Path, window: Page) -> None:
    window.goto((site / "docs/openapi/twiza-console.html").as_uri())
    text = window.locator("article").inner_text()

    assert text.index("Nothing names a citizen") < text.index("GET /api/v1/conversations")
    window.get_by_role("link", name="ListedConversation").first.click()
    window.wait_for_url("**#openapi-twiza-console-listedconversation")


def test_what_would_be_loaded_from_elsewhere_is_found(tmp_path: Path) -> None:
    page = (
        '<link rel="stylesheet" href="//fonts.example/a.css"><img srcset="https://b.example/c 2x">'
    )
    (tmp_path / "page.html").write_text(
        page + '<a href="https://d.example">D</a><script src="_static/e.js"></script>', "utf-8"
    )
    (tmp_path / "style.css").write_text('@import "https://f.example/g.css";', "utf-8")

    found = loaded_from_outside(tmp_path)

    assert [
        (Path("page.html"), "//fonts.example/a.css"),
        (Path("page.html"), "https://b.example/c 2x"),
        (Path("style.css"), "https://f.example/g.css"),
    ] == found


def test_a_page_that_stands_nowhere_fails_the_build(site: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "index.md").write_text("# Index\n\n[gone](gone.md#there)\n", "utf-8")
    (source / "lost.md").write_text("# Lost\n", "utf-8")
    settings = ["-D", "root_doc=index", "-D", "include_patterns=**", "-c", str(ROOT / "handbook")]
    command = ["-m", "sphinx", "-q", "-W", "--keep-going", *settings]

    made = subprocess.run(
        [sys.executable, *command, str(source), str(tmp_path / "built")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=BUILT_WITHIN,
    )

    assert 0 != made.returncode
    assert "lost.md: WARNING: document isn't included in any toctree" in made.stderr
    assert "gone.md" in made.stderr
