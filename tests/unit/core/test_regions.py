"""The twelve regions and their names."""

from __future__ import annotations

import pytest

from core.regions import REGIONS, read_region, region_name
from locales.languages import languages


@pytest.mark.parametrize("code", REGIONS)
def test_every_region_has_a_name_in_every_language(code: str) -> None:
    names = {language: region_name(code, language) for language in languages()}

    assert all(names.values())
    assert names["ar"] != names["fr"]
    assert code == read_region(names["fr"])


def test_a_code_that_is_none_has_no_name() -> None:
    assert "" == region_name("MA-13", "ar")
