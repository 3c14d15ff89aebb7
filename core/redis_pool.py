"""Connections to Redis that are handed out and taken back without a word to anybody.

The client's own pool counts each connection for metrics that nobody reads here, in two states and
under its name, and tells listeners: at each exchange that takes as long as the exchange.
"""

from __future__ import annotations

import os
from typing import Any

import redis
from redis.connection import ConnectionPool


class QuietPool(ConnectionPool):
    """The client's pool; one connection that is open and has nothing to say is taken as it is.

    Everything else (a first connection, one that was lost, another process) is the client's matter.
    """

    def get_connection(self, command_name: Any = None, *keys: Any, **options: Any) -> Any:
        """See the class."""
        if self.pid == os.getpid():
            try:
                connection = self._available_connections.pop()
            except IndexError:
                return super().get_connection()
            if _is_ready(connection):
                self._in_use_connections.add(connection)
                return connection
            # The server closed it, or it holds what nobody waited for: the client opens it anew.
            connection.disconnect()
            self._available_connections.append(connection)
        return super().get_connection()

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


def _is_ready(connection: Any) -> bool:
    try:
        return bool(connection.is_connected) and not connection.can_read()
    except (redis.ConnectionError, redis.TimeoutError, OSError):
        return False
