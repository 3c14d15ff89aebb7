"""Several keys: one seals, all open, and a ring follows its file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import keys
from core.errors import SettingsFaulty, TokenRefused
from core.keys import KeyRing, new_key, open_ring, read_keys
from core.privacy import Seal, key_of
from tests.builders import KEY_TEXT

NAME = "TWIZA_VAULT_KEY"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of one key, which the setting is read from."""
    path: Path = tmp_path / "vault_key"
    path.write_text(new_key().text)
    monkeypatch.setenv(f"{NAME}_FILE", str(path))
    return path


def opened(file: Path) -> KeyRing:
    """The ring of the file, as a process opens it at its start."""
    return open_ring(file.read_text(), NAME)


def put_in_front(file: Path) -> None:
    """A new key, written whole, as bin/keys does."""
    unfinished = file.with_suffix(".new")
    unfinished.write_text(f"{new_key().text}\n{file.read_text()}")
    unfinished.replace(file)


def test_keys_are_known_by_ids_made_from_them() -> None:
    first, second = new_key(), new_key()

    assert first.id == read_keys(first.text, NAME)[0].id
    assert first.id != second.id
    assert first.secret not in first.id + second.id


@pytest.mark.parametrize("text", ["", "  ", "short", "not base64 at all!", f"{KEY_TEXT} x"])
def test_a_setting_without_whole_keys_is_refused(text: str) -> None:
    with pytest.raises(SettingsFaulty, match=NAME):
        read_keys(text, NAME)


def test_the_first_key_seals_and_every_key_opens() -> None:
    old, new = new_key(), new_key()
    before = Seal(KeyRing((old,))).close(b"value", "here")
    seal = Seal(KeyRing((new, old)))

    assert b"value" == seal.open(before, "here")
    assert (old.id.hex(), new.id.hex()) == (key_of(before), key_of(seal.close(b"", "here")))


@given(st.binary(), st.text(st.characters(exclude_categories=["Cs"])))
def test_what_is_wrapped_anew_is_the_same_value_in_the_same_context(
    value: bytes, context: str
) -> None:
    old, new = new_key(), new_key()
    both = Seal(KeyRing((new, old)))
    wrapped = both.rewrap(Seal(KeyRing((old,))).close(value, context))

    assert value == Seal(KeyRing((new,))).open(wrapped, context)
    assert wrapped == both.rewrap(wrapped)
    with pytest.raises(TokenRefused):
        Seal(KeyRing((old,))).open(wrapped, context)
    with pytest.raises(TokenRefused):
        both.open(wrapped, context + "x")


def test_what_is_sealed_with_another_key_is_not_wrapped() -> None:
    with pytest.raises(TokenRefused):
        Seal(new_key().secret).rewrap(Seal(new_key().secret).close(b"value", "here"))


@pytest.mark.parametrize("sealed", [b"", b"\x02", b"\x01" * 200, b"sealed"])
def test_what_is_not_sealed_has_no_key(sealed: bytes) -> None:
    assert "" == key_of(sealed)


def test_a_ring_sees_a_new_key_once_it_looks(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = opened(file)
    old = ring.current
    put_in_front(file)
    before = ring.current
    monkeypatch.setattr(keys, "LOOK_SECONDS", 0.0)

    assert opened(file).current == ring.current
    assert (old, old) == (before, ring.keys[1])


def test_a_value_sealed_with_a_key_that_is_new_is_opened_at_once(file: Path) -> None:
    ring = opened(file)
    put_in_front(file)

    sealed = Seal(opened(file)).close(b"value", "here")

    assert b"value" == Seal(ring).open(sealed, "here")


@pytest.mark.parametrize("damage", ["", "half a key"])
def test_a_file_that_cannot_be_read_takes_no_key_away(file: Path, damage: str) -> None:
    ring = opened(file)
    sealed = Seal(ring).close(b"value", "here")
    file.write_text(damage)
    with pytest.raises(TokenRefused):
        Seal(ring).open(Seal(new_key().secret).close(b"", "here"), "here")

    assert b"value" == Seal(ring).open(sealed, "here")


def test_a_ring_outlives_its_file(file: Path) -> None:
    ring = opened(file)
    sealed = Seal(ring).close(b"value", "here")
    file.unlink()
    with pytest.raises(TokenRefused):
        Seal(ring).open(Seal(new_key().secret).close(b"", "here"), "here")

    assert b"value" == Seal(ring).open(sealed, "here")
