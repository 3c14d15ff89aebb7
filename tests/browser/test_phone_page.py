"""The phone's page in a real browser: every key, both directions, wide and narrow."""

from __future__ import annotations

import re

import pytest
import requests
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served
from tests.unit.sandbox.phone.door_stub import MENU, TOKEN

pytestmark = pytest.mark.browser
ACCOUNT = "AC" + "1" * 32
NUMBER = "+212612345678"


def test_a_code_typed_on_the_keys_opens_a_screen_shown_as_it_came(
    phone: Served, page: Page
) -> None:
    phone.open(page)
    for key in "*555*7#":
        page.locator(f"[data-key='{key}']").click()
    page.get_by_role("button", name="Appeler").click()

    shown = page.locator("#view .shown")
    expect(shown).to_have_text(f"{MENU}\n(7)", use_inner_text=True)
    assert "rtl" == shown.evaluate("it => getComputedStyle(it).direction")
    expect(page.locator("#clock")).to_have_text(re.compile("^(3:00|2:[0-5][0-9])$"))


def test_answers_go_on_in_the_session_until_the_service_ends_it(phone: Served, page: Page) -> None:
    phone.open(page)
    page.locator("#call").click()
    page.get_by_label("Votre réponse").fill("03/02/1980")
    page.keyboard.press("Enter")
    expect(page.locator("#view")).to_contain_text("(03/02/1980)")
    page.locator("[data-key='9']").click()
    page.get_by_role("button", name="Envoyer").first.click()

    expect(page.locator("#view .shown")).to_have_text("شكرا")
    expect(page.locator("#clock")).to_be_empty()
    assert ["", "03/02/1980", "03/02/1980*9"] == [hop["text"] for hop in phone.door.hops]


def test_cancel_hangs_up_and_the_gateway_says_so(phone: Served, page: Page) -> None:
    phone.open(page)
    page.locator("#call").click()
    with page.expect_response(lambda answer: '"cancel"' in (answer.request.post_data or "")):
        page.get_by_role("button", name="Annuler").click()

    expect(page.locator("#view .hour")).to_be_visible()
    expect(page.locator("#clock")).to_be_empty()
    assert ["Incomplete"] == [report["status"] for report in phone.door.reports]


def test_the_network_closes_the_session_after_three_minutes(phone: Served, page: Page) -> None:
    page.clock.install()
    phone.open(page)
    page.locator("#call").click()
    expect(page.locator("#view .shown")).to_be_visible()
    page.clock.run_for(181_000)

    expect(page.locator("#view")).to_contain_text("Le réseau a fermé la session.")


def test_a_refusal_of_the_door_is_shown_with_its_status(phone: Served, page: Page) -> None:
    phone.open(page)
    page.locator("#entry").fill("*999#")
    page.keyboard.press("Enter")

    expect(page.locator("#view")).to_contain_text("404 no such service")
    expect(page.locator("#wire .failed pre")).to_have_text("no such service")


def test_an_sms_that_arrives_is_announced_read_and_answered(phone: Served, page: Page) -> None:
    phone.open(page)
    told = {"from": "RNP", "to": NUMBER, "text": "رمزكم 482913\nRNP"}
    requests.post(f"{phone.url}/api/deliver", json=told, timeout=5)
    expect(page.locator("#view .unread")).to_contain_text("1")
    page.locator("#soft-left").click()
    page.locator(".sms-list button").click()
    expect(page.locator("#view .shown")).to_have_text(told["text"], use_inner_text=True)
    page.locator("#soft-left").click()
    page.locator("#entry").fill("choukran")
    page.locator("#soft-left").click()

    expect(page.locator(".sms-list button")).to_have_count(3)
    assert ["choukran"] == [said["Body"] for said in phone.door.said]


def test_a_chat_shows_both_sides_each_in_its_direction(phone: Served, page: Page) -> None:
    phone.open(page)
    page.get_by_label("Message", exact=True).fill("wach ana msejel?")
    page.keyboard.press("Enter")
    heard = page.locator(".bubble.received .said")
    expect(heard).to_have_text("سمعت: wach ana msejel?\n1. <b>نعم</b>", use_inner_text=True)
    page.get_by_role("button", name="Joindre").click()
    page.get_by_role("button", name="Photo").click()

    expect(page.locator(".bubble.received")).to_have_count(3)
    expect(page.get_by_role("img", name="Photo")).to_be_visible()
    assert "rtl" == heard.first.evaluate("it => getComputedStyle(it).direction")
    sent = page.locator(".bubble.sent .said").first
    assert "ltr" == sent.evaluate("it => getComputedStyle(it).direction")
    assert "isolate" == sent.evaluate("it => getComputedStyle(it).unicodeBidi")


@pytest.mark.parametrize(
    ("shape", "gaps"),
    [("twilio/quick-reply", {}), ("twilio/list-picker", {"button": "Choisir"})],
)
def test_choices_are_tapped_and_go_back_as_their_kind_says(
    phone: Served, page: Page, shape: str, gaps: dict[str, str]
) -> None:
    phone.open(page)
    offer(phone, shape, gaps, "Continuer ?", ["Oui", "لا"])
    if gaps:
        page.locator(".choices summary", has_text="Choisir").click()
    page.locator(".choices button", has_text="لا").click()

    expect(page.locator(".bubble.sent .said")).to_have_text("لا")
    name = "ListId" if gaps else "ButtonPayload"
    assert ("لا", "0123abcd.2") == (phone.door.said[0]["Body"], phone.door.said[0][name])


def offer(phone: Served, shape: str, gaps: dict[str, str], body: str, titles: list[str]) -> None:
    """Have a message with choices sent to the phone."""
    label, many = ("item", "items") if gaps else ("title", "actions")
    items = [{label: title, "id": f"0123abcd.{n}"} for n, title in enumerate(titles, 1)]
    asked = {"language": "fr", "types": {shape: {"body": body, many: items, **gaps}}}
    auth, root = (ACCOUNT, TOKEN), f"{phone.url}/twilio"
    made = requests.post(f"{root}/v1/Content", json=asked, auth=auth, timeout=5).json()
    form = {
        "To": f"whatsapp:{NUMBER}",
        "From": "whatsapp:+212520000001",
        "ContentSid": made["sid"],
    }
    url = f"{root}/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    requests.post(url, form, auth=auth, timeout=5).raise_for_status()


@pytest.mark.parametrize("kind", ["PDF", "Message vocal", "Position", "Contact", "Autocollant"])
def test_anything_can_be_attached(phone: Served, page: Page, kind: str) -> None:
    phone.open(page)
    page.get_by_role("button", name="Joindre").click()
    page.get_by_role("button", name=kind).click()

    expect(page.get_by_role("img", name=kind)).to_be_visible()
    expect(page.locator(".bubble.received").first).to_be_visible()


def test_an_answer_on_the_handset_leaves_the_writer_in_the_chat_alone(
    phone: Served, page: Page
) -> None:
    phone.open(page)
    page.evaluate("document.querySelector('#call').click()")
    page.locator("#chat-text").focus()
    expect(page.locator("#view .shown")).to_be_visible()

    expect(page.locator("#chat-text")).to_be_focused()


def test_choosing_a_person_changes_the_number_that_calls(phone: Served, page: Page) -> None:
    phone.open(page)
    page.locator("#people-fold").evaluate("fold => fold.open = true")
    page.locator("#people .pick").first.click()
    expect(page.locator("#lcd-number")).to_have_text("+212661234567")
    page.get_by_role("button", name="Copier Naissance 05/03/1984").click()
    page.locator("#call").click()
    expect(page.locator("#view .shown")).to_be_visible()

    assert "+212661234567" == phone.door.hops[0]["phoneNumber"]
    expect(page.locator("#people .pick").nth(1)).to_be_disabled()


def test_a_call_goes_through_the_gateway_that_is_chosen(phone: Served, page: Page) -> None:
    phone.open(page)
    page.locator("#call").click()
    expect(page.locator("#view .shown")).to_be_visible()
    page.get_by_label("Passerelle USSD").select_option(label="Hubtel")
    expect(page.locator("#view .hour")).to_be_visible()
    page.locator("#call").click()

    expect(page.locator("#view .shown")).to_have_text("Initiation *555#")
    expect(page.locator("#clock")).to_have_text(re.compile("^(2:00|1:[0-5][0-9])$"))
    expect(page.locator("#wire li").first).to_contain_text("Hubtel")
    assert ["Incomplete"] == [report["status"] for report in phone.door.reports]


def test_a_number_that_is_none_is_told(phone: Served, page: Page) -> None:
    phone.open(page)
    phone.complaints.clear()
    page.get_by_label("Numéro de téléphone").fill("12")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#lcd-number")).to_have_text(NUMBER)
    # The browser itself notes the 400 on its console.
    assert all("400" in complaint for complaint in phone.complaints)
    phone.complaints.clear()


def test_the_page_turns_right_to_left_without_losing_the_call(phone: Served, page: Page) -> None:
    phone.open(page)
    page.locator("#call").click()
    expect(page.locator("#view .shown")).to_be_visible()
    page.locator("#language").select_option("ar")

    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("h1")).to_have_text("هاتف التجربة")
    expect(page.locator("#view .shown")).to_be_visible()
    page.locator("[data-key='4']").click()
    page.get_by_role("button", name="إرسال", exact=True).first.click()
    expect(page.locator("#view")).to_contain_text("(4)")


@pytest.mark.parametrize("language", ["fr", "ar", "zgh", "en"])
def test_nothing_serious_stands_in_the_way_of_anyone(
    phone: Served, page: Page, language: str
) -> None:
    phone.open(page, language)
    page.locator("#people-fold").evaluate("fold => fold.open = true")
    page.locator("#call").click()
    page.locator("#chat-text").fill("ⴰⵣⵓⵍ")
    page.keyboard.press("Enter")
    expect(page.locator(".bubble.received")).to_be_visible()
    expect(page.locator("#view .shown")).to_be_visible()
    offer(phone, "twilio/quick-reply", {}, "واش نكملو؟", ["نعم", "Non"])
    offer(phone, "twilio/list-picker", {"button": "اختيار"}, "شنو بغيتي؟", ["RSU", "أخرى"])
    page.locator(".choices.list summary").click()
    page.locator("#attach").click()

    found = Axe().run(page).response["violations"]
    assert [] == [it["id"] for it in found if it["impact"] in ("serious", "critical")]
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert 0 == page.evaluate(wider)
