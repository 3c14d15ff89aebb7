"""What providers report: what became of a message, how a session ended."""

from __future__ import annotations

import redis

from channels.envelope import told_key
from channels.port import Messenger, Provider, WebhookCall
from channels.worker import Later
from core.logs import log

_LOG = log(__name__)
_TOLD_SECONDS = 3600


class Reports:
    """Takes reports for the worker to write down."""

    def __init__(self, store: redis.Redis, later: Later) -> None:
        self._store = store
        self._later = later

    def take(self, channel: str, provider: Provider, call: WebhookCall) -> None:
        """Take a verified report. Raises MalformedPayload or StoreUnavailable.

        It is noted at once that the message went, so that the answer to what its citizen writes
        next need not wait until the worker has read the report.
        """
        if not isinstance(provider, Messenger):
            _LOG.info("report", channel=channel)
            return
        fate = provider.read_report(call)
        if fate.message:
            try:
                self._store.set(told_key(fate.message), b"1", ex=_TOLD_SECONDS)
            except redis.RedisError as fault:
                _LOG.warning("report_not_noted", channel=channel, fault=type(fault).__name__)
        self._later.report(channel, fate)
        _LOG.info("report", channel=channel, status=fate.status, code=fate.code)
