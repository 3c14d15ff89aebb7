"""What the actions work with, made once per process and handed to each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from actions.applications.desk import Desk
from actions.applications.procedures import load_files, procedures
from actions.following import Following
from actions.papers import Papers
from actions.programmes import Programme
from actions.programmes.shelf import Shelf
from actions.registry.port import Registry
from actions.settings import ActionsSettings
from actions.traces import Traces
from actions.verification import Verification
from core.environment import read_settings
from core.keys import open_ring
from core.messages import ChannelKind
from core.privacy import Pseudonyms, Seal, read_key
from core.reach import Reach
from core.short_words import ShortWords
from core.staff_hours import MOROCCO, Span, read_days, read_hours
from core.staffed import Staffed
from core.stores import open_redis
from core.tasks import Tasks
from core.vault import SHOWN, Vault
from records.addresses import Addresses
from records.applications import Applications
from records.audit import Audit
from records.consents import ABROAD, Consents
from records.database import open_database
from records.drafts import Drafts
from records.emergencies import Emergencies
from records.followers import Followers
from records.handovers import Handovers
from records.invitations import Invitations
from records.media import MediaStore
from records.people import Numbers
from records.rights import Rights
from records.settings import RecordsSettings
from records.staff_hours import StaffHours
from records.submissions import Submissions


@dataclass(frozen=True, slots=True)
class Services:
    """The registry, the vault, the records and the rules of verification."""

    registry: Registry
    vault: Vault
    verification: Verification
    numbers: Numbers
    consents: Consents
    audit: Audit
    handovers: Handovers
    staff_hours: StaffHours
    staffed: Staffed
    rights: Rights
    traces: Traces
    seal: Seal
    reach: Reach
    pseudonyms: Pseudonyms
    programmes: Mapping[str, Programme]
    desk: Desk
    following: Following
    papers: Papers
    submissions: Submissions
    invitations: Invitations
    tasks: Tasks
    settings: ActionsSettings
    clock: Callable[[], datetime]
    silent_months: int = 6
    draft_days: int = 30

    def today(self) -> date:
        """The date in Morocco."""
        return self.clock().astimezone(MOROCCO).date()

    def office_hours(self) -> tuple[tuple[Span, ...], frozenset[date]]:
        """When people answer, and the days when nobody does: as staff set it, else the settings."""
        settings, current = self.settings, self.staff_hours.current()
        hours = current.hours if current else settings.staff_hours
        return read_hours(hours), read_days(current.off if current else settings.staff_days_off)

    def consent_version(self, kind: ChannelKind) -> str:
        """The consent text of a channel: WhatsApp's says more, that messages are hosted abroad."""
        version = self.settings.consent_version
        return version + ABROAD if kind is ChannelKind.WHATSAPP else version

    def has_consented(self, number_key: str, kind: ChannelKind) -> bool:
        """True where the number agreed to the text in force, or to the one that says more."""
        version = self.consent_version(kind)
        given = self.consents.current(number_key)
        return given is not None and given.text_version.startswith(version)

    def shown(self, value: str, conversation: str) -> str:
        """A value of a person's file, sealed for the citizen's screen alone."""
        return self.vault.put(value, SHOWN, conversation)


def open_services(settings: ActionsSettings, registry: Registry) -> Services:
    """Open the stores and bring everything together."""
    store = open_redis(settings.redis_url)
    seal = Seal(open_ring(settings.vault_key.get_secret_value(), "TWIZA_VAULT_KEY"))
    keys = read_key(settings.pseudonym_key.get_secret_value(), "TWIZA_PSEUDONYM_KEY")
    pseudonyms = Pseudonyms(keys)
    database = open_database(settings.records_url)
    shelf = Shelf(settings.programmes_folder, Emergencies(database).open_keys)
    files = load_files()
    silent_months = read_settings(RecordsSettings).silent_months
    audit = Audit(database)
    tasks = Tasks("actions", settings.broker_url, seal)
    vault = Vault(store, seal, settings.vault_life_seconds)
    reach = Reach(store, seal, settings.conversation_life_seconds)
    return Services(
        registry=registry,
        vault=vault,
        verification=Verification(registry, store, seal, pseudonyms, settings),
        numbers=Numbers(database, silent_months=silent_months),
        consents=Consents(database, silent_months=silent_months),
        audit=audit,
        handovers=Handovers(database),
        staff_hours=StaffHours(database),
        staffed=Staffed(store),
        rights=Rights(database, audit),
        traces=Traces(store, vault, settings.engine_redis_url),
        seal=seal,
        reach=reach,
        pseudonyms=pseudonyms,
        programmes=shelf.programmes(),
        desk=Desk(
            drafts=Drafts(database, life_days=settings.draft_life_days),
            applications=Applications(database),
            seal=seal,
            procedures=shelf.made_of_them(lambda programmes: procedures(programmes, files)),
            short_words=ShortWords.load(),
        ),
        following=Following(
            registry,
            Followers(database),
            Addresses(database),
            reach,
            seal,
            pseudonyms,
            tasks,
        ),
        papers=Papers(MediaStore(database), seal, pseudonyms, tasks, settings.most_files),
        submissions=Submissions(database),
        invitations=Invitations(database),
        tasks=tasks,
        settings=settings,
        clock=lambda: datetime.now(UTC),
        silent_months=silent_months,
    )
