"""The console served over stores in which every page finds something to show."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from playwright.sync_api import Page

from console.app import create_app
from console.permissions import ROLES
from console.settings import ConsoleSettings
from core.privacy import Pseudonyms, Seal
from core.registry_health import RegistryHealth
from core.webhooks import EVENTS, new_secret
from locales import compile as compiled
from records.applications import Applications, HandedIn
from records.audit import Audit
from records.audit_reading import AuditReading
from records.clock import utc_now
from records.database import Database, open_database
from records.export_jobs import ExportJobs
from records.exported import ExportFiles
from records.migrate import upgrade
from records.nights import Nights
from records.replies import Replies
from records.rights_requests import ERASURE, EXPORT, STAFF, Entered, RightsRequests
from records.staff import StaffAccounts
from records.submissions import Submissions
from records.tokens import SCOPES, ApiTokens
from records.webhooks import Happened, Webhooks
from sandbox.house import demo_figures, demo_reviews
from sandbox.house.demo_conversations import Maker, record
from sandbox.house.demo_staff import keep_replies
from tests.builders import KEY, KEY_TEXT
from tests.redis_server import RedisServer
from tests.unit.console.conversations_world import NUMBER_KEY, ask_for_a_person, fill
from tests.unit.sandbox.phone.door_stub import serve
from transcripts.batches import Batches
from transcripts.migrate import upgrade as upgrade_transcripts
from transcripts.tables import ReviewRow

PASSWORD = "trois oliviers sous la neige"
NAMES = {"agent": "Amina Alaoui", "reviewer": "ⵉⵟⵟⵓ ⴰⵢⵜ ⵃⵎⴰⴷ", "supervisor": "سعاد الإدريسي"}


@dataclass
class Served:
    """The console's address and its routes, and what the browser complained of."""

    url: str
    app: Flask
    database_url: str
    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Note what the page says and where it asks."""
        page.on("console", lambda said: self._note(said.type, said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._hold(request.url))

    def _note(self, kind: str, text: str) -> None:
        # Advice of the browser to developers is no complaint.
        if kind != "verbose":
            self.complaints.append(f"{kind}: {text}")

    def _hold(self, url: str) -> None:
        if not url.startswith((self.url, "data:")):
            self.complaints.append(f"asked {url}")


@contextmanager
def served_console(folder: Path, redis_server: RedisServer) -> Iterator[Served]:
    """The console until the block ends."""
    compiled.main()
    url = f"sqlite:///{folder}/all.db"
    upgrade(url)
    upgrade_transcripts(url)
    database = open_database(url)
    _fill(database)
    _ask_the_registry(redis_server, database)
    database.close()
    app = create_app(
        ConsoleSettings(
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
    )
    with serve(app) as address:
        yield Served(address, app, url)


def _fill(database: Database) -> None:
    seal = Seal(KEY)
    for role in ROLES:
        name = NAMES.get(role, role.title())
        StaffAccounts(database, seal).add(f"{role}@twiza.example", name, role, PASSWORD)
    now = utc_now()
    record(Maker(Pseudonyms(KEY), seal, now).make(40), database, database)
    demo_figures.fill(database, now, 150)
    demo_reviews.fill(database, database, Pseudonyms(KEY), {})
    _make_an_export(database)
    fill(database)
    ask_for_a_person(database)
    keep_replies(Replies(database))
    _ask_for_rights(database, seal)
    _fill_the_rest(database)
    demo_figures.count_all(database, database)


def _ask_the_registry(redis_server: RedisServer, database: Database) -> None:
    """A registry in every state, with something that waits for it and something that is stuck."""
    store = redis_server.client()
    health = RegistryHealth(store)
    health.note("records.social", "open", "RegistryUnavailable: http.503")
    health.note("payments.search", "half-open", "RegistryTimeout: no answer in time")
    health.note("applications.search", "closed")
    health.answered("offices")
    store.close()
    submissions = Submissions(database)
    for reference in ("712345678943", "812345678940"):
        Applications(database).hand_in(
            HandedIn(
                idempotency_key=f"draft-{reference}",
                reference=reference,
                person_key=f"person-{reference}",
                number_key="number",
                kind="application",
                programme="asd_child",
                sealed=b"",
            )
        )
    [leased] = submissions.lease(1, 30)
    submissions.failed(leased, "http.418", None, is_own=True)


def _make_an_export(database: Database) -> None:
    """An export that was measured, with a gain and a loss, and a message in dispute."""
    scores = {"macro_f1": 0.9, "entity_f1": 1.0, "accepted_accuracy": 0.95, "n": 10}
    before = {**scores, "accuracy": 0.9, "fallback": 0.1}
    after = {**scores, "accuracy": 0.92, "fallback": 0.2}
    with database.session() as session:
        for state, words in (("accepted", "le virement traine"), ("disputed", "شي حاجة أخرى")):
            told: dict[str, Any] = {"language": "fr", "turn_key": "", "doubt": 0.1}
            row = ReviewRow(at=utc_now(), words=words, variety="fr", intent="help", **told)
            row.reason, row.state, row.settled_intent = "unsure", state, "track_benefit"
            session.add(row)
    batches = Batches(database)
    number = batches.ask("1") or 0
    batches.begin(number)
    faults = {one.review.id: "alike" for one in batches.lines(number)}
    told = {"files": {"fr": before, "ar": before}, "overall": before}
    report = {
        "before": {**told, "per_intent": {"apply": 0.5}},
        "after": {
            "files": {"fr": after, "ar": after},
            "overall": after,
            "per_intent": {"apply": 0.7},
        },
    }
    batches.measured(number, {**report, "taken": 0, "left_out": 1}, faults)


def _ask_for_rights(database: Database, seal: Seal) -> None:
    long_ago = RightsRequests(database, lambda: utc_now() - timedelta(days=12))
    long_ago.enter(Entered(ERASURE, NUMBER_KEY, "", STAFF, "counter", "1"), 10)
    requests = RightsRequests(database)
    requests.enter(Entered(EXPORT, NUMBER_KEY, "", STAFF, "letter", "1"), 10)
    done = requests.enter(Entered(EXPORT, "e" * 32, "", STAFF, "mandate", "1"), 10)
    requests.begin(done, "3")
    files = ExportFiles(database, seal)
    requests.made(done, files.write("twiza-3.zip", [b"PK"], 72, "e" * 32))


def _fill_the_rest(database: Database) -> None:
    ApiTokens(database).make("Tableau de bord du ministère", SCOPES, 30, "5")
    jobs, now = ExportJobs(database), utc_now()
    for done in (400, 1200):
        number = jobs.ask("messages", "csv", now - timedelta(days=30), now, "3")
        jobs.at(number, done, 1200)
    files = ExportFiles(database, Seal(KEY))
    jobs.made(number, files.write("twiza-messages.csv", [b"x"], 24), 1200)
    webhooks = Webhooks(database, Seal(KEY))
    webhooks.add("https://hooks.example/twiza", new_secret(), EVENTS, "5")
    happened = Happened("handover.asked", "handover-1", "{}")
    webhooks.keep(webhooks.endpoints()[0], [happened], now)
    audit = Audit(database)
    for _ in range(60):
        audit.append("rights.entered", "", NUMBER_KEY, "console", {"by": "1", "request": 3})
    AuditReading(database).check("4")
    Nights(database).keep({"drafts": 3, "conversations": 12, "messages": 4031})
