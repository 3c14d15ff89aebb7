"""A token opens in its own conversation, for its own purpose, for a while; against a real Redis."""

from __future__ import annotations

import time

import pytest
import redis
from hypothesis import given
from hypothesis import strategies as st

from core.errors import TokenExpired, TokenRefused
from core.privacy import Seal
from core.stores import ask
from core.vault import SHOWN, TOKEN, Vault, neutralise, reveal
from tests.builders import IDCS, KEY

HERE, THERE = "ussd-one", "ussd-two"


@pytest.fixture
def vault(store: redis.Redis) -> Vault:
    return Vault(store, Seal(KEY))


def test_a_token_opens_where_it_was_made_as_often_as_needed(vault: Vault) -> None:
    token = vault.put(IDCS, "idcs", HERE, tail="19")

    assert [IDCS, IDCS] == [vault.open(token, "idcs", HERE) for _ in range(2)]


def test_several_values_are_there_once_their_block_has_ended_and_not_where_it_fails(
    vault: Vault, store: redis.Redis
) -> None:
    with vault.together(SHOWN, HERE) as put:
        tokens = [put("3"), put("9,5")]
    with pytest.raises(ValueError, match="broken"), vault.together(SHOWN, HERE) as put:
        put("lost")
        raise ValueError("broken")
    with vault.together(SHOWN, HERE):
        pass

    assert ["3", "9,5"] == list(vault.shown_values(tokens, HERE).values())
    assert 2 == store.zcard(f"vault-told:{HERE}")
    assert 3 == len(store.keys("vault*"))
    vault.erase(HERE)
    assert [] == store.keys("vault*")


def test_a_token_shows_its_purpose_and_its_tail_alone(vault: Vault) -> None:
    match = TOKEN.fullmatch(vault.put(IDCS, "idcs", HERE, tail="19"))

    assert match is not None
    assert ("idcs", "19") == (match.group(1), match.group(3))
    assert IDCS not in match.group()


def test_two_tokens_of_one_value_differ(vault: Vault) -> None:
    assert vault.put(IDCS, "idcs", HERE) != vault.put(IDCS, "idcs", HERE)


def test_the_store_holds_no_value_in_the_clear(vault: Vault, store: redis.Redis) -> None:
    vault.put(IDCS, "idcs", HERE)
    keys = list(store.scan_iter("vault:*"))

    assert 1 == len(keys)
    assert not any(IDCS.encode() in key + (store.get(key) or b"") for key in keys)


def test_all_that_a_conversation_gave_can_be_destroyed_at_once(
    vault: Vault, store: redis.Redis
) -> None:
    token = vault.put(IDCS, "idcs", HERE)
    vault.put("1234", "code", HERE)
    other = vault.put(IDCS, "idcs", THERE)
    vault.destroy_all(HERE)

    with pytest.raises(TokenExpired):
        vault.open(token, "idcs", HERE)
    assert IDCS == vault.open(other, "idcs", THERE)
    assert 2 == store.dbsize()


def test_what_was_read_at_the_place_of_a_token_is_opened_as_it_was_read(
    vault: Vault, store: redis.Redis
) -> None:
    token = vault.put(IDCS, "idcs", HERE)
    places = vault.places([None, "", "1234567890", token])
    read = {text: ask(store, ("GET", place))[0] for text, place in places.items()}
    vault.destroy(token)

    assert [token] == list(places)
    assert IDCS == vault.open(token, "idcs", HERE, read)
    with pytest.raises(TokenRefused):
        vault.open(token, "code", HERE, read)
    with pytest.raises(TokenExpired):
        vault.open(token, "idcs", HERE, {token: None})


@pytest.mark.parametrize(("purpose", "conversation"), [("idcs", THERE), ("code", HERE)])
def test_a_token_is_refused_elsewhere_and_for_another_purpose(
    vault: Vault, purpose: str, conversation: str
) -> None:
    token = vault.put(IDCS, "idcs", HERE)

    with pytest.raises(TokenRefused):
        vault.open(token, purpose, conversation)


def test_a_token_with_another_purpose_written_on_it_is_refused(vault: Vault) -> None:
    forged = vault.put(IDCS, "idcs", HERE).replace("[[idcs:", "[[code:")

    with pytest.raises(TokenRefused):
        vault.open(forged, "code", HERE)


@pytest.mark.parametrize("text", ["", "5839204719", "[[idcs:short:]]", "[[idcs:{}:]] and more"])
def test_what_is_no_token_is_refused(vault: Vault, text: str) -> None:
    with pytest.raises(TokenRefused):
        vault.open(text.format("a" * 22), "idcs", HERE)


def test_a_token_expires(store: redis.Redis) -> None:
    vault = Vault(store, Seal(KEY), life_seconds=1)
    token = vault.put(IDCS, "idcs", HERE)
    deadline = time.monotonic() + 5
    while store.keys("vault:*") and time.monotonic() < deadline:
        time.sleep(0.05)

    with pytest.raises(TokenExpired):
        vault.open(token, "idcs", HERE)


def test_every_value_has_an_end(vault: Vault, store: redis.Redis) -> None:
    vault.put(IDCS, "idcs", HERE)

    assert [True, True] == [0 < store.ttl(key) <= 1800 for key in store.scan_iter()]


def test_a_destroyed_token_is_gone(vault: Vault, store: redis.Redis) -> None:
    token = vault.put(IDCS, "idcs", HERE)
    vault.destroy(token)

    assert [] == store.keys("vault:*")
    with pytest.raises(TokenExpired):
        vault.open(token, "idcs", HERE)


def test_shown_values_appear_in_a_reply_and_a_dash_once_they_are_gone(vault: Vault) -> None:
    name, gone = (vault.put(value, SHOWN, HERE) for value in ("فاطمة", "value"))
    vault.destroy(gone)

    text = f"مرحبا {name} ({gone})"
    assert "مرحبا فاطمة (-)" == reveal(text, vault.shown_values([text], HERE))


def test_a_reply_never_reveals_another_conversation_s_values(vault: Vault) -> None:
    with pytest.raises(TokenRefused):
        vault.shown_values([vault.put("فاطمة", SHOWN, THERE)], HERE)


def test_a_reply_never_reveals_what_the_citizen_gave(vault: Vault) -> None:
    with pytest.raises(TokenRefused):
        vault.shown_values(["Votre " + vault.put(IDCS, "idcs", HERE)], HERE)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("/affirm", "affirm"),
        (" \t\r\n//restart", "restart"),
        ("\u00a0/affirm", "affirm"),
        ("\u2003\x0b\x1c/affirm", "affirm"),
        ("3/2/1980", "3/2/1980"),
        ("[[idcs:x:]]", "((idcs:x:))"),
        ("oui", "oui"),
    ],
)
def test_a_citizen_types_neither_payloads_nor_tokens(typed: str, expected: str) -> None:
    assert expected == neutralise(typed)


@given(st.text(st.sampled_from(" \u00a0\u2003\x1c/[]:abi")))
def test_nothing_typed_is_taken_for_a_payload_or_a_token(typed: str) -> None:
    harmless = neutralise(typed)

    assert not harmless.strip().startswith("/")
    assert "[[" not in harmless
    assert "]]" not in harmless


def test_what_is_shown_lives_two_minutes_and_is_listed_no_longer(
    vault: Vault, store: redis.Redis
) -> None:
    vault.put("8,76", SHOWN, HERE)
    [value] = store.keys("vault:*")
    listed = f"vault-told:{HERE}"
    lives = [store.ttl(value), store.ttl(listed)]
    store.zadd(listed, {"gone": time.time() - 1})
    vault.put("9,01", SHOWN, HERE)

    assert all(110 < life <= 120 for life in lives)
    assert 2 == store.zcard(listed)
    assert store.zscore(listed, "gone") is None


def test_an_erasure_takes_what_was_given_and_what_was_shown(
    vault: Vault, store: redis.Redis
) -> None:
    vault.put("5839204719", "idcs", "c")
    vault.put("8,76", SHOWN, "c")
    others = vault.put("2111111116", "idcs", "d")
    vault.erase("c")

    assert "2111111116" == vault.open(others, "idcs", "d")
    assert 2 == len(list(store.scan_iter("vault*")))
