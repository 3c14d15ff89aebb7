"""An administrator lets others listen over HTTPS; the secret is shown once."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import sqlalchemy as sa

from core.privacy import Seal
from records.clock import utc_now
from records.database import Database
from records.webhooks import Happened, Webhooks
from tests.builders import KEY
from tests.unit.console.conftest import Browser, SignIn

URL = "https://hooks.example/twiza"


@pytest.fixture
def admin(signed_in: SignIn) -> Browser:
    """An administrator at the webhooks."""
    browser = signed_in("admin")
    browser.open("/webhooks")
    return browser


@pytest.fixture
def webhooks(database: Database) -> Webhooks:
    """The webhooks there are."""
    return Webhooks(database, Seal(KEY))


def test_an_address_is_added_its_secret_shown_once_and_kept_sealed(
    admin: Browser, webhooks: Webhooks, database: Database
) -> None:
    admin.send("/webhooks", url=URL, event="handover.asked")
    secret = re.search(r"whsec_[\w+/=]{44}", admin.text)
    assert secret is not None

    assert secret.group() == webhooks.secret(1)
    admin.open("/webhooks")
    assert URL in admin.text
    assert secret.group() not in admin.text
    with database.engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT * FROM webhook_endpoints")).all()
        assert secret.group() not in repr(rows)
    admin.send("/webhooks/1/close")
    assert "Plus rien" in admin.text
    admin.send("/webhooks/1/close")
    assert 404 == admin.status


@pytest.mark.parametrize(
    "given",
    [
        {"url": "http://hooks.example/", "event": "handover.asked"},
        {"url": "https://127.0.0.1/", "event": "handover.asked"},
        {"url": URL, "event": "everything"},
        {"url": URL},
        {},
    ],
)
def test_what_may_not_be_called_is_not_added(
    admin: Browser, webhooks: Webhooks, given: dict[str, str]
) -> None:
    admin.send("/webhooks", **given)

    assert [] == webhooks.endpoints()


def test_what_was_sent_is_listed_and_what_was_given_up_sent_again(
    admin: Browser, webhooks: Webhooks
) -> None:
    webhooks.add(URL, "whsec_eA==", ["handover.asked"], "5")
    [endpoint] = webhooks.endpoints()
    webhooks.keep(endpoint, [Happened("handover.asked", "handover-1", "{}")], utc_now())
    [(delivery, _)] = webhooks.lease(5)
    webhooks.failed(replace(delivery, attempts=99), 500, "")
    admin.open("/webhooks")
    assert "Abandonné" in admin.text

    admin.send("/webhooks/deliveries/1/again")

    assert "queued" == webhooks.deliveries()[0].state
    admin.send("/webhooks/deliveries/1/again")
    assert 404 == admin.status
