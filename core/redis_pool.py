"""Connections to Redis that are handed out and taken back without a word to anybody.

The client's own pool counts each connection for metrics that nobody reads here, in two states and
under its name, and tells listeners: at each exchange that takes as long as the exchange.
"""

from __future__ import annotations

import os
import time
from typing import Any, Final

import redis
from redis.connection import ConnectionPool

# Looking whether a connection is sound lets all other threads of the process go first.
_SOUND_SECONDS: Final = 1.0


class QuietPool(ConnectionPool):
    """The client's pool; one connection that is open and has nothing to say is taken as it is.

    Everything else (a first connection, one that was lost, another process) is the client's matter.
    """

    def reset(self) -> None:
        """See the client's; called at the start, too."""
        super().reset()
        # When those were given back of whose answers nothing is unread.
        self._read_out: dict[Any, float] = {}

    def get_connection(self, command_name: Any = None, *keys: Any, **options: Any) -> Any:
        """See the class."""
        if self.pid == os.getpid():
            try:
                connection = self._available_connections.pop()
            except IndexError:
                return super().get_connection()
            rested = time.monotonic() - self._read_out.pop(connection, 0.0)
            if _is_ready(connection, looks=rested > _SOUND_SECONDS):
                self._in_use_connections.add(connection)
                return connection
            # The server closed it, or it holds what nobody waited for: the client opens it anew.
            connection.disconnect()
            self._available_connections.append(connection)
        return super().get_connection()

    def take_back(self, connection: Any) -> None:
        """As `release`, from whoever has read every answer: for a moment nobody looks again.

        Should the server close it meanwhile, whoever asks it next has to ask again.
        """
        self._read_out[connection] = time.monotonic()
        self.release(connection)

    def release(self, connection: Any) -> None:
        """See the class."""
        is_ours = self.pid == os.getpid() and self.owns_connection(connection)
        if not is_ours or connection.should_reconnect():
            super().release(connection)
            return
        try:
            self._in_use_connections.remove(connection)
        except KeyError:
            return
        self._available_connections.append(connection)


def _is_ready(connection: Any, looks: bool) -> bool:
    try:
        return bool(connection.is_connected) and not (looks and connection.can_read())
    except (redis.ConnectionError, redis.TimeoutError, OSError):
        return False
