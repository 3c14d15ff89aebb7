"""References can be typed with mistakes, which are noticed, and in any grouping, which is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.references import in_groups, new_reference, read_reference


def test_a_reference_is_read_as_it_was_written() -> None:
    for _ in range(200):
        reference = new_reference()

        assert len(reference) == 12
        assert reference == read_reference(reference)
        assert reference == read_reference(in_groups(reference))
        assert reference == read_reference(f"mon numéro est {in_groups(reference)}, merci")


@given(st.integers(0, 11), st.integers(1, 9))
def test_one_digit_typed_wrong_is_noticed(place: int, by: int) -> None:
    reference = new_reference()
    digits = [int(digit) for digit in reference]
    digits[place] = (digits[place] + by) % 10

    assert read_reference("".join(map(str, digits))) is None


@given(st.integers(0, 10))
def test_two_digits_that_changed_places_are_noticed(place: int) -> None:
    reference = new_reference()
    digits = list(reference)
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    swapped = "".join(digits)

    assert swapped == reference or read_reference(swapped) is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("rsu 2024 118823", "RSU-2024-118823"),
        ("RSU-2024-118823", "RSU-2024-118823"),
        ("asd 7k3m 92q1", "ASD-7K3M-92Q1"),
        ("واش وصل ASD-7K3M-92Q1 ؟", "ASD-7K3M-92Q1"),
    ],
)
def test_a_reference_of_another_system_is_read_in_capitals(typed: str, read: str) -> None:
    assert read == read_reference(typed)


@pytest.mark.parametrize("text", ["je suis pas la 2024", "0612345678", "2111111116", "le 3/2/1980"])
def test_other_numbers_are_no_references(text: str) -> None:
    assert read_reference(text) is None


def test_arabic_digits_are_read() -> None:
    reference = new_reference()
    arabic = reference.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))

    assert reference == read_reference(arabic)
