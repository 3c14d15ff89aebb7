"""The process that keeps one bind to an operator's SMSC: `python -m channels.smpp`.

It runs beside the door with the same settings, and hands each USSD hop to the same turn. Health
and metrics answer on an address of their own, for whoever watches the process.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from flask import Flask
from werkzeug.serving import make_server

from channels.app import open_conversations
from channels.conversation import Conversations
from channels.meters import CHANNELS, DIALECTS
from channels.providers.smpp_ussd.hops import UssdOverSmpp
from channels.providers.smpp_ussd.line import Line
from channels.providers.smpp_ussd.names import Names
from channels.providers.smpp_ussd.settings import SmppSettings
from channels.settings import DoorSettings
from channels.smpp_calls import SmppCalls
from core.environment import read_settings
from core.headers import guard
from core.logs import log, set_up_logs
from core.privacy import Pseudonyms, read_key
from core.stores import open_redis
from core.watching import watched

_LOG = log(__name__)
# Below the ten seconds that the house and most orchestrators leave a process to end.
_GRACE_SECONDS = 6.0


@contextmanager
def health_told(line: Line, address: str) -> Iterator[None]:
    """/health (200 while bound, else 503), /alive and /metrics at host:port, for the block."""
    if not address:
        yield
        return
    host, _, port = address.rpartition(":")
    server = make_server(host, int(port), watching_app(line), threaded=True)
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def watching_app(line: Line) -> Flask:
    """/health, /alive and /metrics of a line."""
    app = Flask("smpp")
    guard(app)

    @app.get("/health")
    def health() -> tuple[dict[str, str], int]:
        return ({"status": "ok"}, 200) if line.is_bound else ({"status": "not bound"}, 503)

    @app.get("/alive")
    def alive() -> dict[str, str]:
        # It binds again by itself: a line that is away is no reason to start it anew.
        return {"status": "ok"}

    return watched(app, "smpp", is_inside=False)


async def run(calls: SmppCalls, health_address: str, asked: asyncio.Event) -> None:
    """Keep the line until asked to stop; then finish what runs, and unbind."""
    keeping = asyncio.create_task(calls.line.keep())
    stopping = asyncio.create_task(asked.wait())
    with health_told(calls.line, health_address):
        await asyncio.wait({keeping, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if keeping.done():
            keeping.result()
        _LOG.info("smpp_stopping")
        await calls.close(_GRACE_SECONDS)
    keeping.cancel()
    with suppress(asyncio.CancelledError):
        await keeping


def open_smpp_calls(
    door: DoorSettings, settings: SmppSettings, conversations: Conversations
) -> SmppCalls:
    """The calls of a bind over the stores of the door."""
    pseudonyms = Pseudonyms(read_key(door.pseudonym_key.get_secret_value(), "TWIZA_PSEUDONYM_KEY"))
    store = open_redis(door.redis_url)
    names = Names(store, pseudonyms, settings.session_seconds)
    return SmppCalls(conversations, UssdOverSmpp(settings), names, settings)


async def serve(door: DoorSettings, settings: SmppSettings, conversations: Conversations) -> None:
    """Serve one bind until the process is asked to stop."""
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, asked.set)
    await run(open_smpp_calls(door, settings, conversations), settings.health_address, asked)


def main() -> None:
    """Read the settings and serve. Raises SettingsFaulty."""
    door, settings = read_settings(DoorSettings), read_settings(SmppSettings)
    CHANNELS.learn([settings.channel])
    DIALECTS.learn([settings.channel])
    set_up_logs("smpp", door.log_level)
    # One warns of every vendor's parameter in every hop, the other tells of every look at health.
    logging.getLogger("smpplib").setLevel(logging.ERROR)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    _, conversations = open_conversations(door)
    try:
        asyncio.run(serve(door, settings, conversations))
    finally:
        conversations.close()


if __name__ == "__main__":
    main()
