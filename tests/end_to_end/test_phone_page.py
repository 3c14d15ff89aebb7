"""The phone's page in a real browser, on the whole service: a call and a chat, right to left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import browser  # noqa: F401  the same browser
from tests.end_to_end.callers import day_first
from tests.end_to_end.running_house import RunningHouse
from tests.end_to_end.words import said

pytestmark = [pytest.mark.e2e, pytest.mark.browser]


@pytest.fixture
def arabic_page(browser: Browser, house: RunningHouse) -> Iterator[Page]:  # noqa: F811
    """The page in Arabic, wide enough for the handset and the chat."""
    context = browser.new_context(locale="ar-MA", viewport={"width": 1440, "height": 960})
    page = context.new_page()
    page.goto(f"{house.run['phone']}/?lang=ar")
    page.locator("#people li").first.wait_for(state="attached")
    yield page
    context.close()


def test_a_call_reaches_the_answer_on_the_page(house: RunningHouse, arabic_page: Page) -> None:
    citizen = house.citizen("Data to update in the RNP and the RSU")
    page = arabic_page
    page.locator("#number").fill(citizen["phone"])
    page.keyboard.press("Enter")
    expect(page.locator("#lcd-number")).to_have_text(citizen["phone"])
    page.locator("#entry").fill("*555#")
    page.keyboard.press("Enter")
    view = page.locator("#view .shown")
    expect(view).to_contain_text("Langue")
    # The consent fills two pages in Arabic: 98 leads to its choices.
    for keys in ("1", "1", "98", "1", citizen["idcs"], day_first(citizen["birth_date"])):
        before = view.inner_text()
        page.locator("#entry").fill(keys)
        page.keyboard.press("Enter")
        expect(view).not_to_have_text(before, use_inner_text=True)

    expect(view).to_contain_text(said("ar", "utter_rnp_data_to_update", "ussd")[:20])
    assert "rtl" == view.evaluate("it => getComputedStyle(it).direction")


def test_a_chat_is_answered_on_the_page(arabic_page: Page) -> None:
    page = arabic_page
    page.locator("#number").fill("+212661777777")
    page.keyboard.press("Enter")
    expect(page.locator("#lcd-number")).to_have_text("+212661777777")
    page.locator("#chat-text").fill("واش أنا مسجل ف RSU؟")
    page.keyboard.press("Enter")
    bubbles = page.locator("#bubbles")
    expect(bubbles).to_contain_text(said("ary", "utter_ask_consent", "whatsapp")[:30])
