"""A bind that is away is not ready, and is not started anew for it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from channels.smpp import watching_app


@pytest.mark.parametrize(("is_bound", "expected"), [(True, (200, 200)), (False, (503, 200))])
def test_a_line_that_is_away_takes_no_hops_and_lives(
    is_bound: bool, expected: tuple[int, int]
) -> None:
    line: Any = SimpleNamespace(is_bound=is_bound)
    client = watching_app(line).test_client()

    assert expected == tuple(client.get(path).status_code for path in ("/health", "/alive"))
