"""The door: the process that providers call.

This is where everything is wired; channels/webhooks.py answers what they send.
"""

from __future__ import annotations

from flask import Flask

from channels.apologies import Record
from channels.arrival import Tools
from channels.calls import Calls
from channels.conversation import Conversations
from channels.directory import open_channels
from channels.engine import Engine
from channels.front import open_front
from channels.memory import Memories
from channels.meters import learn
from channels.port import Provider
from channels.settings import DoorSettings
from channels.showing import Showing
from channels.spool import Spool
from channels.turn_lock import TurnLock
from channels.webhooks import Webhooks
from channels.worker import Later
from core.environment import read_settings
from core.headers import guard
from core.keys import open_ring
from core.logs import set_up_logs
from core.messages import ChannelKind
from core.privacy import Pseudonyms, Seal, read_key
from core.reach import Reach
from core.short_words import SERVICES_IN_BETWEEN, ShortWords
from core.stores import open_redis
from core.vault import Vault
from core.watching import watched
from locales.catalogs import Catalogs, response_keys
from records.consents import Consents
from records.database import open_database
from records.people import Numbers
from records.settings import RecordsSettings


def open_conversations(settings: DoorSettings) -> tuple[dict[str, Provider], Conversations]:
    """The channels and the conversations over them; the worker opens the same."""
    store = open_redis(settings.redis_url)
    seal = Seal(open_ring(settings.vault_key.get_secret_value(), "TWIZA_VAULT_KEY"))
    keys = read_key(settings.pseudonym_key.get_secret_value(), "TWIZA_PSEUDONYM_KEY")
    vault = Vault(store, seal, settings.vault_life_seconds)
    channels = open_channels(settings.channels)
    learn(channels, response_keys())
    database = open_database(settings.records_url)
    silent_months = read_settings(RecordsSettings).silent_months
    numbers = Numbers(database, silent_months=silent_months)
    tools = Tools(
        turn_lock=TurnLock(store),
        memories=Memories(store, seal, settings.conversation_life_seconds),
        engine=Engine(settings.engine_url, settings.engine_timeout_seconds),
        vault=vault,
        showing=Showing(Catalogs.load(), vault),
        later=Later(settings.broker_url, seal),
        pseudonyms=Pseudonyms(keys),
        numbers=numbers,
        consents=Consents(database, silent_months=silent_months),
        record=Record(numbers),
        reach=Reach(store, seal, settings.conversation_life_seconds),
        spool=Spool(settings.spool_folder, seal),
        services=ShortWords.load(SERVICES_IN_BETWEEN),
        longest_message=settings.longest_message,
        text_channel=_sender(channels, ChannelKind.SMS),
        whatsapp_channel=_sender(channels, ChannelKind.WHATSAPP),
        whatsapp_window_hours=settings.whatsapp_window_hours,
        most_pages=settings.most_pages,
        redial_seconds=settings.redial_seconds,
        closing_seconds=settings.closing_seconds,
    )
    return channels, Conversations(tools, settings.turns_at_once)


def open_calls(settings: DoorSettings) -> Calls:
    """The USSD calls whose gateways do not say everything in every hop."""
    seal = Seal(open_ring(settings.vault_key.get_secret_value(), "TWIZA_VAULT_KEY"))
    keys = read_key(settings.pseudonym_key.get_secret_value(), "TWIZA_PSEUDONYM_KEY")
    return Calls(open_redis(settings.redis_url), seal, Pseudonyms(keys))


def _sender(channels: dict[str, Provider], kind: ChannelKind) -> str:
    """The name of the first channel of a kind that can send."""
    able = (n for n, one in channels.items() if one.kind is kind and one.capabilities.can_send)
    return next(able, "")


def create_app(settings: DoorSettings | None = None) -> Flask:
    """The door's Flask app. Raises SettingsFaulty with every fault at once."""
    settings = settings or read_settings(DoorSettings)
    set_up_logs("door", settings.log_level)
    channels, conversations = open_conversations(settings)
    app = Flask(__name__)
    calls, front = open_calls(settings), open_front(settings, conversations.tools)
    public_url = settings.door_public_url

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    webhooks = Webhooks(app.wsgi_app, channels, conversations, calls, front, public_url)
    app.wsgi_app = webhooks  # type: ignore[assignment, method-assign]
    guard(app, public_url)
    return watched(app, "door", is_inside=False)
