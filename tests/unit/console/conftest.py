"""The console over real stores, an account of each role, and a browser without a screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient

from console.app import create_app
from console.permissions import ROLES
from console.settings import ConsoleSettings
from core.privacy import Seal
from locales import compile as compiled
from records.database import Database, open_database
from records.migrate import upgrade
from records.staff import StaffAccounts
from tests.builders import KEY, KEY_TEXT
from tests.redis_server import RedisServer
from transcripts.migrate import upgrade as upgrade_transcripts

PASSWORD = "trois oliviers sous la neige"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database with all tables and an account of each role, as its file holds it.

    All have one password; `agent@twiza.example` and so on.
    """
    compiled.main()
    path: Path = tmp_path_factory.mktemp("console") / "all.db"
    upgrade(f"sqlite:///{path}")
    upgrade_transcripts(f"sqlite:///{path}")
    opened = open_database(f"sqlite:///{path}")
    for role in ROLES:
        StaffAccounts(opened, Seal(KEY)).add(f"{role}@twiza.example", role.title(), role, PASSWORD)
    opened.close()
    return path.read_bytes()


@pytest.fixture
def url(migrated: bytes, tmp_path: Path) -> str:
    """The address of an empty database."""
    (tmp_path / "all.db").write_bytes(migrated)
    return f"sqlite:///{tmp_path}/all.db"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """The same database, open."""
    opened = open_database(url)
    yield opened
    opened.close()


@pytest.fixture
def accounts(database: Database) -> StaffAccounts:
    """The accounts in it."""
    return StaffAccounts(database, Seal(KEY))


@pytest.fixture
def settings(url: str, redis_server: RedisServer, store: redis.Redis) -> ConsoleSettings:
    """Settings without a second factor."""
    return ConsoleSettings(
        redis_url=redis_server.url,
        records_url=url,
        transcripts_url=url,
        broker_url=redis_server.url.removesuffix("/0") + "/1",
        vault_key=KEY_TEXT,
        pseudonym_key=KEY_TEXT,
        console_secret=KEY_TEXT,
        console_public_url="http://localhost",
        console_second_factor="optional",
    )


@pytest.fixture
def app(settings: ConsoleSettings) -> Flask:
    """The console."""
    return create_app(settings)


class Browser:
    """Somebody at a browser: follows links, fills forms with their token."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.status = 0
        self.text = ""
        self.path = ""

    def open(self, path: str) -> str:
        """Open a page, following where it leads."""
        answer = self.client.get(path, follow_redirects=True)
        self.status, self.text, self.path = answer.status_code, answer.text, answer.request.path
        return self.text

    def send(self, path: str, **fields: str) -> str:
        """Send a form of the page that was opened last."""
        token = TOKEN.search(self.text)
        given = {"csrf_token": token.group(1) if token else "", **fields}
        answer = self.client.post(path, data=given, follow_redirects=True)
        self.status, self.text, self.path = answer.status_code, answer.text, answer.request.path
        return self.text


SignIn = Callable[..., Browser]


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser nobody has signed in with."""
    return Browser(app)


@pytest.fixture
def signed_in(app: Flask) -> SignIn:
    """Signs somebody of a role in."""

    def sign_in(role: str, language: str = "fr") -> Browser:
        browser = Browser(app)
        browser.open(f"/sign-in?lang={language}")
        browser.send("/sign-in", email=f"{role}@twiza.example", password=PASSWORD)
        assert "/" == browser.path, browser.text
        return browser

    return sign_in
