"""The server: it lets ESMEs bind, delivers hops to them, and takes their answers."""

from __future__ import annotations

import itertools
import socketserver
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from smpplib import consts

from core.logs import log
from sandbox.smsc.faults import Faults
from sandbox.smsc.settings import SmscSettings
from sandbox.smsc.wire import Closed, Connection

_LOG = log(__name__)
_BINDS: Final = ("bind_transceiver", "bind_transmitter", "bind_receiver")

# Told a submit_sm; the command_status of its response.
Submitted = Callable[[Any], int]
# Told a submit_sm that was lost with its connection.
Lost = Callable[[Any], None]


class NotBound(RuntimeError):
    """Nobody is bound who could take a hop."""


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


class Center:
    """Listens from its making on."""

    def __init__(self, settings: SmscSettings, submitted: Submitted, lost: Lost) -> None:
        self.faults = Faults()
        self.binds_seen = 0
        self._settings = settings
        self._submitted = submitted
        self._lost = lost
        self._bound: list[Connection] = []
        self._changed = threading.Condition()
        self._turns = itertools.count()
        self._messages = itertools.count(1)
        serve = self._serve

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                serve(Connection(self.request))

        self._server = _Server(("127.0.0.1", settings.port), Handler)
        threading.Thread(target=self._server.serve_forever, name="smsc", daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def wait_for_bind(self, seconds: float) -> None:
        """Wait until somebody is bound, or so long."""
        with self._changed:
            self._changed.wait_for(lambda: self._bound, seconds)

    @property
    def bound(self) -> int:
        """How many are bound."""
        return len(self._bound)

    def deliver(self, **fields: Any) -> int:
        """Deliver a hop to the next who is bound. Raises NotBound, Closed or TimeoutError."""
        bound = list(self._bound)
        if not bound:
            raise NotBound
        connection = bound[next(self._turns) % len(bound)]
        if self.faults.strikes("cut_on_deliver"):
            connection.write("deliver_sm", 0x7FFFFFFE, **fields)
            self._cut(connection, loses=False)
            raise Closed
        try:
            return connection.request("deliver_sm", **fields)
        except Closed:
            self._forget(connection)
            raise

    def cut(self) -> None:
        """Break every connection."""
        for connection in list(self._bound):
            self._cut(connection)

    def close(self) -> None:
        """Stop listening."""
        self.cut()
        self._server.shutdown()
        self._server.server_close()

    def _serve(self, connection: Connection) -> None:
        try:
            while self._respond(connection, connection.read()):
                pass
        except Closed:
            _LOG.info("esme_gone")
        finally:
            self._cut(connection)

    def _respond(self, connection: Connection, pdu: Any) -> bool:
        """Answer a PDU; False where nothing more is to be read."""
        if pdu.is_response():
            connection.settle(pdu)
        elif pdu.command in _BINDS:
            status = self._bind(connection, pdu)
            connection.write(f"{pdu.command}_resp", pdu.sequence, status, system_id="sandbox")
        elif pdu.command == "enquire_link":
            if not self.faults.is_silent:
                connection.write("enquire_link_resp", pdu.sequence)
        elif pdu.command == "unbind":
            connection.write("unbind_resp", pdu.sequence)
            return False
        elif pdu.command == "submit_sm" and connection in self._bound:
            threading.Thread(target=self._take, args=(connection, pdu), daemon=True).start()
        else:
            connection.write("generic_nack", pdu.sequence, consts.SMPP_ESME_RINVBNDSTS)
        return True

    def _bind(self, connection: Connection, pdu: Any) -> int:
        if self.faults.strikes("refuse_binds"):
            return int(consts.SMPP_ESME_RBINDFAIL)
        given = (pdu.system_id.decode(), pdu.password.decode())
        if given != (self._settings.system_id, self._settings.password.get_secret_value()):
            return int(consts.SMPP_ESME_RINVPASWD)
        with self._changed:
            self.binds_seen += 1
            self._bound.append(connection)
            self._changed.notify_all()
        return int(consts.SMPP_ESME_ROK)

    def _forget(self, connection: Connection) -> None:
        with self._changed:
            if connection in self._bound:
                self._bound.remove(connection)

    def _cut(self, connection: Connection, loses: bool = True) -> None:
        # Forgotten first: whoever hears of the break then waits for another bind, not for this.
        self._forget(connection)
        connection.cut(loses)

    def _take(self, connection: Connection, pdu: Any) -> None:
        faults = self.faults
        if faults.strikes("cut_before_taking"):
            self._cut(connection)
            self._lost(pdu)
            return
        if faults.strikes("throttle"):
            status = int(consts.SMPP_ESME_RTHROTTLED)
        else:
            status = self._submitted(pdu)
        if faults.strikes("cut_after_taking"):
            self._cut(connection)
            return
        time.sleep(faults.late_seconds)
        try:
            identity = f"{next(self._messages):x}"
            connection.write("submit_sm_resp", pdu.sequence, status, message_id=identity)
        except Closed:
            _LOG.info("esme_gone")
