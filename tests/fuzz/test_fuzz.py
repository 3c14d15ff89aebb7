"""No parser fails otherwise than it promises: on what it failed on before, and on much else."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.fuzz import conversations, files, octets, registry, staff, texts, webhooks
from tests.fuzz.mutation import mutated
from tests.fuzz.target import FOUND, TARGETS

assert all((conversations, files, octets, registry, staff, texts, webhooks))
# Always the same ones in a build; bin/fuzz looks further.
EXAMPLES = int(os.environ.get("TWIZA_FUZZ_EXAMPLES", "80"))


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_parser_keeps_its_promise(name: str) -> None:
    one = TARGETS[name]
    for seed in one.seeds:
        one.feed(seed)
    for _, content in one.found():
        one.feed(content)

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @example(b"")
    @example(b"\xff\xfe\x00")
    @given(st.one_of(mutated(one.seeds), st.binary(max_size=200)))
    def fed(data: bytes) -> None:
        one.feed(data)

    fed()


def test_what_was_found_is_kept_for_a_parser_that_is_there() -> None:
    assert set() == {path.name for path in FOUND.iterdir()} - set(TARGETS)


def test_every_dialect_has_calls_to_begin_with() -> None:
    assert [] == [name for name, one in TARGETS.items() if not one.seeds]
