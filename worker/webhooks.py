"""Telling those who listen what happened: looked for again and again, sent until it arrives."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

from core.errors import OutsideRefused, StoreUnavailable, TokenRefused
from core.logs import log
from core.outside import post
from core.webhooks import SEND_WEBHOOKS, signed_headers
from records.clock import utc_now
from records.happenings import happened_since
from records.webhooks import WebhookDelivery, Webhooks
from worker.app import app
from worker.house import house

_LOG = log(__name__)
# A transaction that began before may be committed after: it is looked for twice, and kept once.
_OVERLAP: Final = timedelta(minutes=5)
_AT_ONCE: Final = 20
_GONE: Final = 410


@app.task(name="worker.webhooks.gather", autoretry_for=(StoreUnavailable,), max_retries=3)
def gather() -> None:
    """Queue what happened for each who listens, and send it."""
    webhooks, queued = Webhooks(house().database, house().seal), 0
    for endpoint in webhooks.endpoints():
        if endpoint.closed is not None:
            continue
        until = utc_now()
        since = max(endpoint.gathered - _OVERLAP, endpoint.made)
        happened = happened_since(house().database, since, endpoint.events)
        queued += webhooks.keep(endpoint, happened, until)
    send()


@app.task(name=SEND_WEBHOOKS, autoretry_for=(StoreUnavailable,), max_retries=3)
def send() -> None:
    """Send all that is due."""
    webhooks = Webhooks(house().database, house().seal)
    while leased := webhooks.lease(_AT_ONCE):
        for delivery, url in leased:
            _send(webhooks, delivery, url)


def _send(webhooks: Webhooks, delivery: WebhookDelivery, url: str) -> None:
    body, status, fault = delivery.body.encode(), 0, ""
    try:
        secret = webhooks.secret(delivery.endpoint_id)
        headers = signed_headers(secret, f"msg_{delivery.id}", int(time.time()), body)
        status = post(url, headers, body, house().settings.webhooks_inside)
    except (OutsideRefused, TokenRefused) as refused:
        fault = str(refused)
    if 200 <= status < 300:
        webhooks.sent(delivery, status)
        return
    wait = webhooks.failed(delivery, status, fault)
    _LOG.warning("webhook_failed", endpoint=delivery.endpoint_id, status=status, fault=fault)
    if status == _GONE:
        # Who listened says that nobody does any more.
        webhooks.close(delivery.endpoint_id)
    elif wait is not None:
        send.apply_async(countdown=wait.total_seconds())
