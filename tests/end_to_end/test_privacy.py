"""After whole calls, nothing a citizen gave or is can be found in any store or log."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pytest
import redis

from tests.dialogue.stores import everything
from tests.end_to_end.callers import at_the_code, at_the_identifier, day_first
from tests.end_to_end.running_house import RunningHouse, wait_for
from tests.end_to_end.words import read_pages, said

pytestmark = pytest.mark.e2e

_CODE_DIGITS = 6
_EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def _written_forms(value: str) -> set[str]:
    """A value as it might stand somewhere: with and without its signs, in either digits."""
    digits = re.sub(r"\D", "", value)
    forms = {value, digits}
    if value.startswith("+212"):
        national = "0" + value[4:]
        forms |= {national, value[1:], "00212" + value[4:], value[4:]}
        forms.add(" ".join([national[:4], national[4:6], national[6:8], national[8:]]))
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        year, month, day = value.split("-")
        forms |= {f"{day}{mark}{month}{mark}{year}" for mark in ("", "/", "-", " ", "*", ".")}
        forms.add(f"{int(day)}/{int(month)}/{year}")
        forms.discard(digits)
    forms = {form for form in forms if len(form) >= 6}
    forms |= {form.translate(_EASTERN) for form in forms}
    return forms | {quote(form, safe="") for form in forms}


_READ: dict[bytes, Callable[[redis.Redis, bytes], Any]] = {
    b"string": lambda store, key: store.get(key),
    b"list": lambda store, key: store.lrange(key, 0, -1),
    b"hash": lambda store, key: store.hgetall(key),
    b"set": lambda store, key: store.smembers(key),
    b"zset": lambda store, key: store.zrange(key, 0, -1),
    b"stream": lambda store, key: store.xrange(key),
    # Gone since it was listed.
    b"none": lambda store, key: b"",
}


def _stands_in(form: str, content: str) -> bool:
    """Whether a form is there.

    A code alone is as short as the fraction of a time stamp, which holds it by chance now and then;
    whatever is longer counts wherever it stands.
    """
    if len(form) == _CODE_DIGITS and form.isdecimal() and form.isascii():
        return re.search(rf"(?<![\d.]){form}(?!\d)", content) is not None
    return form in content


def _redis_contents(house: RunningHouse) -> str:
    parts: list[bytes] = []
    for number in (0, 1, 2):
        store = redis.Redis.from_url(house.redis_url(number))
        for key in store.scan_iter():
            parts.append(key)
            value = _READ[cast(bytes, store.type(key))](store, key)
            parts.append(value if isinstance(value, bytes) else repr(value).encode())
        store.close()
    # Rasa writes its trackers with \u escapes.
    plain = b"\n".join(parts).decode("utf-8", "replace")
    return plain + re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m.group(1), 16)), plain)


def _sql_contents(url: str) -> str:
    return "\n".join(everything(url).values())


def _recorded(house: RunningHouse) -> str:
    """All of the transcripts, once nothing waits to be written there."""
    with redis.Redis.from_url(house.redis_url()) as store:
        waits = store.xlen("recorded")
    content = _sql_contents(house.transcripts_url)
    return content if not waits and "rue des Orangers" in content else ""


def _logs(folder: Path) -> str:
    # The registry and the phone are the world outside: their logs are searched all the same.
    return "\n".join(path.read_text(errors="replace") for path in folder.glob("*.log"))


def test_nothing_a_citizen_gave_or_is_stays_behind(house: RunningHouse, stranger: str) -> None:
    citizen = house.citizen("Index above both limits")
    known = house.citizen("Index exactly at the AMO-Tadamon limit")
    before = len(house.inbox(citizen["phone"]))
    handset = at_the_code(house.handset(stranger), citizen, "fr")
    code = house.code_after(citizen["phone"], before)
    handset.press(code)
    assert said("fr", "utter_rnp_registered", "ussd") in read_pages(handset)
    own = at_the_identifier(house.handset(known["phone"]), "ar")
    own.press(known["idcs"].translate(_EASTERN))
    read_pages(own)
    own.press(day_first(known["birth_date"], "/").translate(_EASTERN))
    assert said("ar", "utter_rnp_registered", "ussd") in read_pages(own)
    chat = house.chat("whatsapp", stranger)
    for text in (
        f"salam ana CIN dyali BK445566 w IDCS {citizen['idcs'][:5]} {citizen['idcs'][5:]}",
        "4",
        "mon tel 06 61 23 45 67, né le 21/06/1990",
        "je suis Zoubida Tazrouti, 12 rue des Orangers, née le 3 février 1980",
        "9876543210",
    ):
        chat.say(text)
    house.kill("actions")
    chat.say("code 48 21 73")
    house.wait_until_healthy("actions")

    given = {citizen["idcs"], citizen["birth_date"], citizen["phone"], code, stranger}
    given |= {known["idcs"], known["birth_date"], known["phone"]}
    given |= {"BK445566", "+212661234567", "1990-06-21", "9876543210", "482173"}
    words = {"Zoubida", "Tazrouti", "rue des Orangers", "3 février 1980"}
    recorded = wait_for("the records", lambda: _recorded(house), 30.0)
    files = house.servers.redis.folder if house.servers else house.data / "redis"
    places = {
        "redis": _redis_contents(house),
        "records": _sql_contents(house.records_url),
        "logs": _logs(house.data / "logs"),
        "redis files": "".join(
            path.read_bytes().decode("latin-1") for path in files.rglob("*.aof")
        ),
    }

    found = {
        (place, form)
        for place, content in places.items()
        for value in given | words
        for form in _written_forms(value)
        if _stands_in(form, content)
    }

    assert set() == found
    # What was said in free words is what staff read; what identifies somebody is a token there too.
    assert set() == {
        form for value in given for form in _written_forms(value) if _stands_in(form, recorded)
    }
    assert all(len(content) > 1000 for content in places.values())


def test_the_search_would_find_what_is_there() -> None:
    assert "٠٦١٢٣٤٥٦٧٨" in _written_forms("+212612345678")
    assert _stands_in("482173", "the code 482173 was typed")
    assert not _stands_in("482173", '"timestamp": 1795547123.482173}')
    assert _stands_in("2345678906", "x.123456789062345678906")
    assert "3/2/1980" in _written_forms("1980-02-03")
    assert quote("+212612345678", safe="") in _written_forms("+212612345678")
