"""Makes the picture of the phone that the README shows, from a running stack.

`python -m sandbox.phone.picture --url http://127.0.0.1:18003 --out docs/pictures/phone.png`
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


def pose(page: Page, url: str, language: str, says: list[str]) -> None:
    """Open the phone, call as the first demo person, and say something in the chat."""
    page.goto(f"{url.rstrip('/')}/?lang={language}")
    people = page.locator("#people-fold")
    people.evaluate("fold => fold.open = true")
    page.locator("#people .pick:enabled").first.click()
    page.locator("#people .card.chosen").wait_for()
    page.locator("#call").click()
    page.locator("#view .shown").wait_for()
    for number, text in enumerate(says, start=1):
        page.fill("#chat-text", text)
        page.locator("#composer .say").click()
        page.locator("#bubbles .received").nth(number - 1).wait_for()
        page.locator("#typing").wait_for(state="hidden")
    if page.viewport_size and page.viewport_size["width"] < 860:
        people.evaluate("fold => fold.open = false")
    page.evaluate("document.fonts.ready")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


def main(given: list[str] | None = None) -> int:
    """Read the options and write the picture as PNG."""
    reader = argparse.ArgumentParser(prog="picture", description="A picture of the phone.")
    reader.add_argument("--url", required=True, help="address of the sandbox phone")
    reader.add_argument("--out", type=Path, required=True, help="PNG file to write")
    reader.add_argument("--lang", default="fr", help="language of the page")
    reader.add_argument("--width", type=int, default=1440)
    reader.add_argument("--height", type=int, default=960)
    reader.add_argument("--say", action="append", help="what is said in the chat; may be repeated")
    reader.add_argument("--chromium", default="/usr/bin/chromium")
    asked = reader.parse_args(given)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=asked.chromium, args=list(FLAGS))
        page = browser.new_page(viewport={"width": asked.width, "height": asked.height})
        pose(page, asked.url, asked.lang, asked.say or ["السلام عليكم", "1"])
        page.screenshot(path=str(asked.out))
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
