"""Who asks: a token that was made, is not over, may read this, and does not ask too often."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from flask import current_app, request
from limits import RateLimitItemPerMinute
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

from console.api.answers import problem
from console.workshop import Workshop
from core.stores import answering
from records.tokens import SCOPES, ApiTokens

_EXTENSION: Final = "api_gate"
_BEARER: Final = "Bearer "


class Gate:
    """Lets in whoever has a token. May raise StoreUnavailable."""

    def __init__(self, workshop: Workshop) -> None:
        self._tokens = ApiTokens(workshop.records)
        # The address is not used: the pool of connections is ours.
        storage = RedisStorage(
            "redis://", connection_pool=workshop.store.connection_pool, key_prefix="pace:api"
        )
        self._limiter = MovingWindowRateLimiter(storage)
        self._limit = RateLimitItemPerMinute(workshop.settings.api_calls_per_minute)

    def refusal(self, scope: str) -> Any:
        """The answer to who may not come in, else None."""
        given = request.headers.get("Authorization", "")
        secret = given.removeprefix(_BEARER).strip()[:200] if given.startswith(_BEARER) else ""
        token = self._tokens.open(secret) if secret else None
        if token is None:
            return problem(401, "A token is needed.", WWW_Authenticate='Bearer realm="twiza"')
        with answering():
            is_within = self._limiter.hit(self._limit, str(token.id))
        if not is_within:
            return problem(429, "Too many calls.", Retry_After=str(self._seconds(token.id)))
        if scope not in token.scopes:
            return problem(403, f"The token lacks {scope}.")
        return None

    def _seconds(self, token_id: int) -> int:
        with answering():
            free_at = self._limiter.get_window_stats(self._limit, str(token_id)).reset_time
        return max(1, int(free_at - time.time()) + 1)


def keep_gate(app: Any, gate: Gate) -> None:
    """Let the views of an application be scoped."""
    app.extensions[_EXTENSION] = gate


def scoped(scope: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a view be asked by tokens of a scope."""
    assert scope in SCOPES, scope  # nosec B101

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*given: Any, **named: Any) -> Any:
            refused = current_app.extensions[_EXTENSION].refusal(scope)
            return view(*given, **named) if refused is None else refused

        guarded.scope = scope  # type: ignore[attr-defined]
        return guarded

    return decorate
