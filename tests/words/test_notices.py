"""What is written to people of our own accord fits few SMS, in every language, and is whole."""

from __future__ import annotations

import re

import pytest
import yaml

from actions.programmes import load_programmes
from channels.rendering import gsm7
from channels.rendering.screens import phone_text
from core.messages import ChannelKind
from core.references import in_groups
from locales import compile as compiled
from locales import extract
from locales.catalogs import Catalogs
from locales.languages import languages

KEYS = list(yaml.safe_load(extract.NOTICES.read_text(encoding="utf-8")))
REFERENCE = in_groups("712345678901")
# More than three are dear, and old phones show them apart.
GSM, UCS2 = 3 * 153, 3 * 67


@pytest.fixture(scope="module")
def catalogs() -> Catalogs:
    """The catalogs as they stand."""
    compiled.main()
    return Catalogs.load()


def written(catalogs: Catalogs, language: str, key: str) -> str:
    """The text as an SMS has it, with the longest name a programme has."""
    names = [programme.short_name(language) for programme in load_programmes().values()]
    values = {
        "programme": max(names, key=len),
        "reference": REFERENCE,
        "registry_reference": REFERENCE,
        "largest": "10",
    }
    said = catalogs.say(language, key, **values)
    if "{programme}" in yaml.safe_load(extract.NOTICES.read_text(encoding="utf-8"))[key]:
        said += "\n" + catalogs.say(language, "notice_how")
    return phone_text(said, ChannelKind.SMS, language)


@pytest.mark.parametrize("language", list(languages()))
@pytest.mark.parametrize("key", KEYS)
def test_a_notice_fits_three_sms_and_has_no_gap(
    catalogs: Catalogs, language: str, key: str
) -> None:
    text = written(catalogs, language, key)
    room = GSM if gsm7.fold(text) == text else UCS2

    assert len(text) <= room, f"{len(text)} of {room}: {text}"
    assert re.search(r"[{}]", text) is None
