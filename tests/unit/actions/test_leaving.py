"""Whoever leaves leaves nothing of theirs behind, and in a call stays who they are."""

from __future__ import annotations

from dataclasses import replace

import pytest
import redis

from actions.verification import Verification
from core.errors import TokenExpired
from tests.unit.actions.world import BORN, KHADIJA, World, caller


@pytest.fixture
def verification(world: World) -> Verification:
    return world.services.verification


@pytest.mark.parametrize(("session", "stays"), [("", True), ("another", True), ("", False)])
def test_who_leaves_stays_verified_in_that_session_alone_and_what_was_given_is_gone(
    verification: Verification, world: World, session: str, stays: bool
) -> None:
    verification.begin(caller(), KHADIJA, BORN)
    vault = world.services.vault
    token = vault.put(KHADIJA, "idcs", caller().identity)
    leaves = replace(caller(), session=session or caller().session)
    verification.leave(leaves, vault, stays)

    is_theirs = stays and not session
    assert (KHADIJA if is_theirs else None) == verification.verified_idcs(caller())
    with pytest.raises(TokenExpired):
        vault.open(token, "idcs", caller().identity)


def test_whoever_leaves_for_good_leaves_nothing_that_cannot_be_read(
    verification: Verification, world: World, store: redis.Redis
) -> None:
    key = f"verification:{caller().identity}"
    store.set(key, b"of another key")
    verification.leave(caller(), world.services.vault, True)

    assert not store.exists(key)
