"""A script that Redis carries out whole, asked without what the client does around each command.

As everywhere (`core/stores.py`, on the other side of the wall), but never asked twice: a turn that
was written must not be taken for somebody else's. It costs a quarter less than the client's own.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import redis
from redis.exceptions import NoScriptError


class Script:
    """A script over the connections of a client; whatever fails is raised, and not asked again."""

    def __init__(self, store: redis.Redis, text: str) -> None:
        self._pool = store.connection_pool
        self._text = text
        # Redis knows scripts by no other digest; nothing secret hangs on it.
        self._name = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()

    def __call__(self, keys: Sequence[str], args: Sequence[Any]) -> Any:
        """What the script returns. May raise what Redis raises."""
        connection = self._pool.get_connection("EVALSHA")
        try:
            return self._asked(connection, (len(keys), *keys, *args))
        except redis.ResponseError:
            raise
        except BaseException:
            # What is answered late must not be read as the answer to something else.
            connection.disconnect()
            raise
        finally:
            self._pool.release(connection)

    def _asked(self, connection: Any, given: Sequence[Any]) -> Any:
        connection.send_command("EVALSHA", self._name, *given)
        try:
            return connection.read_response()
        except NoScriptError:
            connection.send_command("EVAL", self._text, *given)
            return connection.read_response()
