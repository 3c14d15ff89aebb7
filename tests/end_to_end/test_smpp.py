"""USSD over SMPP through real processes: a server, the bind, and the house behind it."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterator

import pytest

from channels.rendering.gsm7 import Encoding, measure
from tests.end_to_end.callers import at_the_code, at_the_identifier, at_the_menu, day_first
from tests.end_to_end.operators_line import OperatorsLine
from tests.end_to_end.running_house import RunningHouse, wait_for
from tests.end_to_end.words import door_said, flat, read_pages, said

pytestmark = pytest.mark.e2e

IN_TIME_MS = 5000
# What has nothing to do with how a session is told.
in_one_style = pytest.mark.parametrize("line", ["default"], indirect=True)


@pytest.fixture(scope="module", params=["default", "mica"])
def line(house: RunningHouse, request: pytest.FixtureRequest) -> Iterator[OperatorsLine]:
    """A bound line in each style."""
    with OperatorsLine.started(house, request.param) as started:
        yield started


def test_a_whole_call_over_smpp(house: RunningHouse, line: OperatorsLine) -> None:
    citizen = house.citizen("Index below both limits")
    handset = at_the_identifier(line.handset(citizen["phone"]), "fr")
    handset.press(citizen["idcs"])
    assert said("fr", "utter_ask_birth_date", "ussd") in read_pages(handset)
    handset.press(day_first(citizen["birth_date"]))
    shown = read_pages(handset)
    handset.press("00")

    assert said("fr", "utter_rnp_registered", "ussd") in shown
    assert said("fr", "utter_programme_enrolled", "ussd") in shown
    assert said("fr", "utter_menu", "ussd") in flat(handset.screen.text)
    assert 0 == line.state()["surplus"]


@in_one_style
@pytest.mark.parametrize("language", ["ar", "zgh"])
def test_a_screen_in_each_alphabet_fits_its_page(
    line: OperatorsLine, stranger: str, language: str
) -> None:
    handset = at_the_menu(line.handset(stranger), language)
    measured = measure(handset.screen.text)

    assert said(language, "utter_menu", "ussd").split()[0] in handset.screen.text
    assert measured.units <= (160 if measured.encoding is Encoding.GSM7 else 70)


def test_who_hangs_up_goes_on_where_the_call_broke_off(line: OperatorsLine, stranger: str) -> None:
    handset = line.handset(stranger)
    at_the_identifier(handset, "fr").press("2345678906")
    first = handset.session
    handset.cancel()
    handset.redial()
    assert first != handset.session
    assert door_said("fr", "door_redial", "ussd") in flat(handset.screen.text)
    handset.press("1")

    assert said("fr", "utter_ask_birth_date", "ussd") in read_pages(handset)


def test_a_call_dropped_without_a_word_opens_at_the_code(
    house: RunningHouse, line: OperatorsLine, stranger: str
) -> None:
    citizen = house.citizen("Index between the limits")
    before = len(house.inbox(citizen["phone"]))
    handset = at_the_code(line.handset(stranger), citizen, "fr")
    code = house.code_after(citizen["phone"], before)
    handset.redial()
    assert said("fr", "utter_ask_code", "ussd") in read_pages(handset)
    handset.press(code)

    assert said("fr", "utter_rnp_registered", "ussd") in read_pages(handset)


def test_a_connection_cut_in_the_middle_costs_no_input(line: OperatorsLine, stranger: str) -> None:
    handset = at_the_identifier(line.handset(stranger), "fr")
    before = line.state()
    line.inject(cut_before_taking=1)
    handset.press("2345678906")
    shown = read_pages(handset)

    assert said("fr", "utter_ask_birth_date", "ussd") in shown
    assert before["binds_seen"] + 1 == line.state()["binds_seen"]
    assert before["surplus"] == line.state()["surplus"]


@in_one_style
def test_a_hop_cut_off_at_its_delivery_moves_once(line: OperatorsLine, stranger: str) -> None:
    handset = line.handset(stranger)
    at_the_identifier(handset, "fr")
    line.inject(cut_on_deliver=1)
    handset.press("2345678906")

    assert said("fr", "utter_ask_birth_date", "ussd") in read_pages(handset)


def test_a_screen_whose_confirmation_was_cut_off_is_answered_next(
    line: OperatorsLine, stranger: str
) -> None:
    handset = line.handset(stranger)
    at_the_menu(handset, "fr")
    line.inject(cut_after_taking=1)
    handset.press("1")
    wait_for("the bind", lambda: line.state()["bound"])
    assert said("fr", "utter_ask_consent", "ussd") in read_pages(handset)
    handset.press("2")

    assert handset.screen.open
    assert said("fr", "utter_ask_consent", "ussd") not in flat(handset.screen.text)


def test_a_hop_delivered_three_times_moves_once(line: OperatorsLine, stranger: str) -> None:
    before = line.state()["surplus"]
    handset = line.handset(stranger)
    at_the_menu(handset, "fr")
    handset.press("1", copies=3)
    assert said("fr", "utter_ask_consent", "ussd") in read_pages(handset)
    handset.press("1", copies=3)

    assert said("fr", "utter_ask_idcs", "ussd") in read_pages(handset)
    assert before == line.state()["surplus"]


@in_one_style
def test_a_throttled_answer_still_comes_in_time(line: OperatorsLine, stranger: str) -> None:
    line.inject(throttle=2)
    handset = line.handset(stranger)
    handset.dial()

    assert handset.screen.open
    assert handset.screen.milliseconds < IN_TIME_MS


@in_one_style
def test_a_stalled_engine_is_told_in_time_and_its_answer_comes_first(
    house: RunningHouse, line: OperatorsLine, stranger: str
) -> None:
    handset = at_the_identifier(line.handset(stranger), "fr")
    with house.stalled("engine"):
        handset.press("2345678906")
        assert handset.screen.milliseconds < IN_TIME_MS
        assert handset.screen.open
    handset.press("1")

    assert said("fr", "utter_ask_birth_date", "ussd") in read_pages(handset)


@in_one_style
def test_a_killed_process_is_bound_again_and_the_call_goes_on(
    line: OperatorsLine, stranger: str
) -> None:
    handset = at_the_identifier(line.handset(stranger), "fr")
    line.stop("smpp", signal.SIGKILL)
    line.start("smpp")
    handset.press("2345678906")

    assert said("fr", "utter_ask_birth_date", "ussd") in read_pages(handset)


@in_one_style
def test_a_stopped_process_unbinds_and_ends_well(line: OperatorsLine) -> None:
    assert 0 == line.stop("smpp")
    assert 0 == line.state()["bound"]
    line.start("smpp")
    wait_for("the bind", lambda: line.state()["bound"])


@in_one_style
def test_no_number_and_no_input_is_in_the_log(line: OperatorsLine, stranger: str) -> None:
    handset = at_the_identifier(line.handset(stranger), "fr")
    handset.press("2345678906")
    log = line.log_of("smpp").read_text(encoding="utf-8")

    assert '"smpp_hop"' in log
    assert [] == re.findall(r"212\d{9}|2345678906|\*555", log)
