"""What identifies a person is found and read in every form people type it in."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identifiers import (
    Found,
    find_identifiers,
    has_good_check_digit,
    only_digits,
    plain_digits,
    read_date,
    read_idcs,
    read_number,
)

TODAY = date(2026, 11, 23)
WAYS_TO_WRITE_A_PHONE = [
    "0612345678",
    "+212612345678",
    "00212612345678",
    "212612345678",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "06-12-34-56-78",
    "06 - 12 - 34 - 56 - 78",
    "06\u00a012\u202f34\u00a056\u202f78",
    "06–12–34–56–78",
    "06\n12\n34\n56\n78",
    "+212 6 12 34 56 78",
    "+212 (0) 612-345678",
    "٠٦١٢٣٤٥٦٧٨",
    "٠٦ ١٢ ٣٤ ٥٦ ٧٨",
    "۰۶۱۲۳۴۵۶۷۸",
    "０６１２３４５６７８",
    "\u202a06\u200f12\u200b345678\u202c",
    "0️⃣6️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣",
]


def _found(text: str) -> list[tuple[str, str]]:
    return [(found.purpose, found.value) for found in find_identifiers(plain_digits(text))]


@pytest.mark.parametrize("written", WAYS_TO_WRITE_A_PHONE)
@pytest.mark.parametrize("around", ["{}", "mon numero {}, merci", "رقم هاتفي {} شكرا", "id:{}"])
def test_a_phone_number_is_found_however_it_is_written(written: str, around: str) -> None:
    ((purpose, value),) = _found(around.format(written))

    assert "phone" == purpose
    assert only_digits(value).removeprefix("00212").removeprefix("212").endswith("612345678")


@pytest.mark.parametrize(
    "written",
    [
        "5839204719",
        "58 39 20 47 19",
        "583-920-4719",
        "5 8 3 9 2 0 4 7 1 9",
        "٥٨٣٩٢٠٤٧١٩",
        "IDCS5839204719",
    ],
)
def test_an_idcs_is_found_however_it_is_written(written: str) -> None:
    ((purpose, value),) = _found(f"je veux vérifier {written}.")

    assert ("idcs", "5839204719") == (purpose, only_digits(value))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("AB123456", "AB123456"),
        ("ab 123456", "ab 123456"),
        ("J-12345", "J-12345"),
        ("رقمBK٤٥٦٧٨٩", "BK456789"),
        ("x1234", "x1234"),
    ],
)
def test_a_cnie_is_found_however_it_is_written(written: str, value: str) -> None:
    assert [("cnie", value)] == _found(f"CNIE: {written}, merci")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("3/2/1980", "3/2/1980"),
        ("03-02-1980", "03-02-1980"),
        ("3.2.80", "3.2.80"),
        ("3 – 2 – 1980", "3 – 2 – 1980"),
        ("1980-02-03", "1980-02-03"),
        ("٣/٢/١٩٨٠", "3/2/1980"),
        ("٣،٢،١٩٨٠", "3،2،1980"),
    ],
)
def test_a_date_is_found_however_it_is_written(written: str, value: str) -> None:
    assert [("date", value)] == _found(f"né le {written} à Fès")


@pytest.mark.parametrize("written", ["123456", "123 456", "03021980", "MA64 0117 8000 0012 3456"])
def test_any_long_number_is_taken_for_one_of_someone(written: str) -> None:
    assert ["number"] == [purpose for purpose, _ in _found(f"code {written}")]


@pytest.mark.parametrize(
    "text",
    ["", "1", "98", "wach ana msejel f rsu?", "né en 1980", "500 dh par mois", "12 34", "RSU 2024"],
)
def test_what_identifies_nobody_is_left_alone(text: str) -> None:
    assert [] == _found(text)


@given(st.text(st.sampled_from("0123456789+-/. ABab،٣\n"), max_size=60))
def test_found_spans_are_in_order_and_hold_their_value(text: str) -> None:
    text = plain_digits(text)
    reached = 0
    for found in find_identifiers(text):
        assert reached <= found.start < found.end
        assert text[found.start : found.end] == found.value
        reached = found.end


@given(st.text(st.sampled_from("0123456789 -./"), max_size=60))
def test_no_run_of_six_digits_is_left(text: str) -> None:
    for found in reversed(list(find_identifiers(text))):
        text = text[: found.start] + "x" + text[found.end :]

    assert all(len(run) < 6 for run in "".join(c if c.isdigit() else "\n" for c in text).split())


@pytest.mark.parametrize(
    "written",
    [
        "3/2/1980",
        "03/02/1980",
        "3-2-1980",
        "3.2.1980",
        "3 2 1980",
        " 3 / 2 / 1980 ",
        "03021980",
        "1980-02-03",
        "1980/2/3",
        "٣/٢/١٩٨٠",
        "۳/۲/۱۹۸۰",
        "٣،٢،١٩٨٠",
        "\u200f3/2/1980\u200e",
        "né le 3/2/1980",
    ],
)
def test_a_birth_date_is_read_day_first_in_every_form(written: str) -> None:
    assert date(1980, 2, 3) == read_date(written, TODAY)


@pytest.mark.parametrize(
    "written",
    [
        *("", "abc", "1980", "3/2", "3/2/80", "19800203", "5839204719", "3/2/1980/4"),
        *("31/2/1980", "29/2/1981", "2/13/1980", "0/1/1980", "003/2/1980"),
        *("3/2/1880", "24/11/2026"),
    ],
)
def test_what_is_no_past_date_is_not_guessed(written: str) -> None:
    assert read_date(written, TODAY) is None


@given(st.dates(date(1900, 1, 1), TODAY), st.sampled_from(["/", "-", ".", " ", "، "]))
def test_every_date_is_read_back(day: date, between: str) -> None:
    written = between.join([str(day.day), str(day.month), str(day.year)])

    assert day == read_date(written, TODAY)
    assert day == read_date(day.isoformat(), TODAY)
    assert day == read_date(f"{day:%d%m}{day.year:04}", TODAY)


def test_today_is_a_birth_date_and_tomorrow_is_not() -> None:
    assert date(2026, 11, 23) == read_date("23/11/2026", TODAY)
    assert read_date("24/11/2026", TODAY) is None


@pytest.mark.parametrize(
    "written", ["5839204719", "58 39 20 47 19", "IDCS: ٥٨٣٩٢٠٤٧١٩", "５８３９２０４７１９"]
)
def test_an_idcs_is_read_in_every_form(written: str) -> None:
    assert "5839204719" == read_idcs(written)


@pytest.mark.parametrize("written", ["", "583920471", "58392047190", "abc", "583920471²"])
def test_an_idcs_has_just_ten_digits(written: str) -> None:
    assert read_idcs(written) is None


def test_the_check_digit_is_verhoeff_s() -> None:
    assert has_good_check_digit("5839204719")
    assert not any(has_good_check_digit(f"583920471{digit}") for digit in range(9))


@pytest.mark.parametrize("written", WAYS_TO_WRITE_A_PHONE)
def test_a_phone_number_is_read_as_e164(written: str) -> None:
    assert "+212612345678" == read_number(written)


@pytest.mark.parametrize("written", ["", "abc", "123", "5839204719", "06123456789"])
def test_what_is_no_phone_number_is_not_read(written: str) -> None:
    assert read_number(written) is None


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("BK12345 0612345678", ["cnie", "phone"]),
        ("ma carte AB123456, 12/03/1985", ["cnie", "date"]),
        ("+212 6 12-34-56-56-8985-su11116, 12/0303-12", ["number", "cnie", "number"]),
        ("B12345 2111111116", ["cnie", "idcs"]),
    ],
)
def test_what_follows_a_card_closely_is_found_too(text: str, kinds: list[str]) -> None:
    found = list(find_identifiers(text))

    assert kinds == [one.purpose for one in found]
    assert not any(character.isdecimal() for character in _rest(text, found))


def _rest(text: str, found: list[Found]) -> str:
    kept, reached = [], 0
    for one in found:
        kept.append(text[reached : one.start])
        reached = one.end
    return "".join([*kept, text[reached:]])
