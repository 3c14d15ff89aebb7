"""Whatever a citizen writes, the engine gets no identifier, no payload, no token they typed."""

from __future__ import annotations

import re
from datetime import date

import pytest
import redis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.sealing import Question, seal_text
from core.identifiers import only_digits, plain_digits
from core.messages import Expects
from core.privacy import Seal
from core.short_words import SERVICES_IN_BETWEEN, ShortWords
from core.vault import TOKEN, Vault
from tests.builders import IDCS, KEY

CONVERSATION = "ussd-a"
SERVICES = ShortWords.load(SERVICES_IN_BETWEEN)
WHOLE = {Expects.IDCS: "idcs", Expects.DATE: "birth_date", Expects.CODE: "code"}
ARABIC, PERSIAN, WIDE = (
    "٠١٢٣٤٥٦٧٨٩",
    "۰۱۲۳۴۵۶۷۸۹",
    "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
)
DIGITS = st.sampled_from(["0123456789", ARABIC, PERSIAN, WIDE])
BEFORE = st.sampled_from(
    ["", "ana ", "سميتي فاطمة و رقمي ", "mon numéro: ", "N°", "ⵓⵟⵟⵓⵏ ", "(", "😀"]
)
AFTER = st.sampled_from(["", " ok", " شكرا", ".", " !", ")", "\n1"])
GAPS = st.sampled_from(["", " ", "-", ".", "  ", "\u00a0", "\u200f", " - ", "/"])
quick = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def vault(store: redis.Redis) -> Vault:
    return Vault(store, Seal(KEY))


def written(digits: str, script: str) -> str:
    return digits.translate(str.maketrans("0123456789", script))


def grouped(number: str, gap: str, size: int) -> str:
    return gap.join(number[i : i + size] for i in range(0, len(number), size))


def readable(sealed: str) -> str:
    """What is left to read of a text once its tokens are taken out."""
    return TOKEN.sub(" ", sealed)


@quick
@given(
    digits=st.from_regex(r"[0-9]{10}", fullmatch=True),
    script=DIGITS,
    gap=GAPS,
    size=st.integers(2, 10),
    before=BEFORE,
    after=AFTER,
)
def test_no_digit_of_an_idcs_is_left(
    vault: Vault, digits: str, script: str, gap: str, size: int, before: str, after: str
) -> None:
    text = before + grouped(written(digits, script), gap, size) + after
    sealed = seal_text(text, Question(Expects.TEXT), vault, CONVERSATION)

    assert only_digits(after) == only_digits(readable(sealed)) or "" == only_digits(
        readable(sealed)
    )


@quick
@given(
    number=st.from_regex(r"[67][0-9]{8}", fullmatch=True),
    prefix=st.sampled_from(["+212", "00212", "0", "+212 ", "212", "+212(0)"]),
    script=DIGITS,
    gap=GAPS,
    before=BEFORE,
)
def test_no_digit_of_a_phone_number_is_left(
    vault: Vault, number: str, prefix: str, script: str, gap: str, before: str
) -> None:
    text = before + written(prefix + gap + grouped(number, gap, 2), script)
    sealed = seal_text(text, Question(Expects.TEXT), vault, CONVERSATION)

    assert "" == only_digits(readable(sealed))


@quick
@given(
    letters=st.from_regex(r"[A-Za-z]{1,2}", fullmatch=True),
    digits=st.from_regex(r"[0-9]{5,6}", fullmatch=True),
    gap=st.sampled_from(["", " ", "-"]),
    script=DIGITS,
    before=BEFORE,
)
def test_no_digit_of_an_identity_card_is_left(
    vault: Vault, letters: str, digits: str, gap: str, script: str, before: str
) -> None:
    sealed = seal_text(
        before + letters + gap + written(digits, script), Question(Expects.TEXT), vault, "c"
    )

    assert "" == only_digits(readable(sealed))


@quick
@given(
    day=st.dates(date(1900, 1, 1), date(2026, 1, 1)),
    between=st.sampled_from(["/", "-", ".", " ", " / ", "", "\u2013"]),
    pattern=st.sampled_from(["%d{0}%m{0}%Y", "%Y{0}%m{0}%d"]),
    script=DIGITS,
    before=BEFORE,
)
def test_no_digit_of_a_birth_date_is_left(
    vault: Vault, day: date, between: str, pattern: str, script: str, before: str
) -> None:
    text = before + written(day.strftime(pattern.format(between)), script)
    sealed = seal_text(text, Question(Expects.TEXT), vault, CONVERSATION)

    assert "" == only_digits(readable(sealed))


@pytest.mark.parametrize("expects", WHOLE)
@pytest.mark.parametrize(
    "text", ["1", "12 34 56", "3/2/1980", "le 3 février 1980", "٥٨٣٩", "c'est 586"]
)
def test_an_answer_with_a_digit_is_sealed_whole(vault: Vault, expects: Expects, text: str) -> None:
    sealed = seal_text(text, Question(expects), vault, CONVERSATION)

    assert TOKEN.fullmatch(sealed)
    assert plain_digits(text) == vault.open(sealed, WHOLE[expects], CONVERSATION)


@pytest.mark.parametrize("text", ["3awed lia l code", "ma3rftch", "mon numero 2"])
@pytest.mark.parametrize("expects", [Expects.IDCS, Expects.CODE])
def test_digits_inside_words_are_words(vault: Vault, expects: Expects, text: str) -> None:
    assert text == seal_text(text, Question(expects), vault, CONVERSATION)


@pytest.mark.parametrize("expects", WHOLE)
def test_an_answer_without_a_digit_is_words(vault: Vault, expects: Expects) -> None:
    assert "j'ai oublié" == seal_text("j'ai oublié", Question(expects), vault, CONVERSATION)


@pytest.mark.parametrize(
    ("text", "purpose", "value"),
    [
        (f"mon idcs {IDCS} merci", "idcs", IDCS),
        ("née le 03/02/1980 à Fès", "birth_date", "03/02/1980"),
        ("CIN AB123456", "cnie", "AB123456"),
        ("appelez le 0612345678", "phone", "0612345678"),
        ("compte 1234567", "number", "1234567"),
    ],
)
def test_what_is_found_is_sealed_for_its_purpose(
    vault: Vault, text: str, purpose: str, value: str
) -> None:
    sealed = seal_text(text, Question(Expects.MENU), vault, CONVERSATION)
    token = TOKEN.search(sealed)

    assert token
    assert value == vault.open(token.group(), purpose, CONVERSATION)
    assert text.replace(value, "*") == TOKEN.sub("*", sealed)


def test_a_token_shows_the_last_two_digits_of_a_long_identifier_alone(vault: Vault) -> None:
    tails = {
        text: re.findall(TOKEN, seal_text(text, Question(expects), vault, CONVERSATION))[0][2]
        for text, expects in [
            (IDCS, Expects.IDCS),
            ("0612345678", Expects.TEXT),
            ("583", Expects.IDCS),
            ("123456", Expects.CODE),
            ("03/02/1980", Expects.DATE),
            ("AB123456", Expects.TEXT),
        ]
    }

    assert ["19", "78", "", "", "", ""] == list(tails.values())


@pytest.mark.parametrize(
    "text",
    ["/open", " /open", "//open", "/ /open", "\u00a0/open", "\u200f/open", "\n\t/restart", "/"],
)
@pytest.mark.parametrize("expects", list(Expects))
def test_a_typed_payload_is_none(vault: Vault, text: str, expects: Expects) -> None:
    assert not seal_text(text, Question(expects), vault, CONVERSATION).strip().startswith("/")


@quick
@given(st.text(st.sampled_from("/ \t\n\u00a0\u200b\u2003\x1c\x85[]ao:"), max_size=12))
def test_no_writing_makes_a_payload_or_a_token(vault: Vault, text: str) -> None:
    sealed = seal_text(text, Question(Expects.MENU), vault, CONVERSATION)

    assert not sealed.strip().startswith("/")
    assert not sealed.strip("\u200b\ufeff").startswith("/")
    assert not TOKEN.search(sealed)


@pytest.mark.parametrize("around", ["", "\u200b", "\u2060", "\u200f"])
def test_a_typed_token_opens_nothing(vault: Vault, around: str) -> None:
    token = vault.put(IDCS, "idcs", CONVERSATION)
    typed = token.replace("[[", f"[{around}[").replace("]]", f"]{around}]")
    sealed = seal_text(typed, Question(Expects.TEXT), vault, CONVERSATION)

    assert token not in sealed
    assert all("idcs" != purpose for purpose, _, _ in TOKEN.findall(sealed))


@pytest.mark.parametrize(
    ("expects", "text"),
    [
        (Expects.TEXT, "rue des Oliviers, chez Fatima"),
        (Expects.NUMBER, "4"),
        (Expects.NUMBER, "4 personnes"),
        (Expects.DATE, "3/2/2010"),
        (Expects.MENU, "oui"),
        (Expects.MENU, "en location"),
    ],
)
def test_the_answer_to_a_personal_question_is_sealed_whole(
    vault: Vault, expects: Expects, text: str
) -> None:
    sealed = seal_text(text, Question(expects, "answer"), vault, CONVERSATION)

    assert text == vault.open(sealed, "answer", CONVERSATION)


@pytest.mark.parametrize(
    ("expects", "text"),
    [
        (Expects.NUMBER, "je ne sais pas"),
        (Expects.DATE, "quels papiers faut-il ?"),
        (Expects.MENU, "quels papiers faut-il apporter ?"),
    ],
)
def test_another_question_is_read_as_one_in_the_middle_of_a_personal_one(
    vault: Vault, expects: Expects, text: str
) -> None:
    assert text == seal_text(text, Question(expects, "answer"), vault, CONVERSATION)


@pytest.mark.parametrize(
    "text", ["changer la langue", "اللغات؟", "service client", "vie privée svp"]
)
def test_the_name_of_another_service_is_no_choice(vault: Vault, text: str) -> None:
    question = Question(Expects.MENU, "answer")

    assert text == seal_text(text, question, vault, CONVERSATION, SERVICES)


@pytest.mark.parametrize("expects", [Expects.TEXT, Expects.DATE, Expects.IDCS])
def test_words_that_may_be_an_answer_are_sealed_whatever_they_name(
    vault: Vault, expects: Expects
) -> None:
    sealed = seal_text("1 agent svp", Question(expects, "answer"), vault, CONVERSATION, SERVICES)

    assert TOKEN.fullmatch(sealed)
