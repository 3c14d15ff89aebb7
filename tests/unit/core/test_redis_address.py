"""One notation names a Redis, alone or behind Sentinels, for every process."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from celery import Celery

from core.environment import read_settings
from core.errors import SettingsFaulty
from core.redis_address import broker, read_sentinels, with_database
from core.stores import open_redis
from records.settings import KeysSettings

ROOT = Path(__file__).parents[3]
SECRET = "one%2Ftwo%40three%3A4"
BEHIND = f"redis+sentinel://door:{SECRET}@a:26379,b,[::1]:7/twiza/2?sentinel_password=w%26w"
TLS = "rediss+sentinel://:word@a,b:7/twiza/1?ssl_ca_certs=/etc/ca.pem"
PLACES = [["a", 26379], ["b", 26379], ["::1", 7]]


def test_behind_sentinels_are_hosts_name_database_and_both_passwords() -> None:
    found = read_sentinels(BEHIND)

    assert found is not None
    assert ("twiza", PLACES) == (found.name, [list(place) for place in found.places])
    assert {"db": 2, "username": "door", "password": "one/two@three:4"} == found.options
    assert "w&w" == found.own_options["password"]


def test_an_address_of_a_server_is_left_as_it_is() -> None:
    assert read_sentinels("redis://:word@store:6400/5") is None
    assert "redis://:word@store:6400/1" == with_database("redis://:word@store:6400/5", 1)


def test_another_database_keeps_everything_else() -> None:
    assert BEHIND.replace("/2?", "/0?") == with_database(BEHIND, 0)


def test_tls_holds_for_sentinels_and_servers() -> None:
    found = read_sentinels(TLS)

    assert found is not None
    for options in (found.options, found.own_options):
        assert (True, "/etc/ca.pem") == (options["ssl"], options["ssl_ca_certs"])
    assert "/etc/ca.pem" == broker(TLS)["broker_use_ssl"]["ssl_ca_certs"]


def test_secrets_are_not_shown_where_an_address_is_printed() -> None:
    assert "three" not in repr(read_sentinels(BEHIND))


@pytest.mark.parametrize(
    "wrong",
    ["http://a/0", "redis+sentinel://a,b", "redis+sentinel:///twiza/0", "redis+sentinel://a/t/x"],
)
def test_a_faulty_address_stops_a_process_at_its_start(wrong: str) -> None:
    with pytest.raises(SettingsFaulty, match="TWIZA_REDIS_URL"):
        read_settings(KeysSettings, redis_url=wrong)


def test_the_broker_gets_each_sentinel_with_the_secret_and_the_masters_name() -> None:
    told = broker(BEHIND, {"visibility_timeout": 30})
    options = told["broker_transport_options"]
    app = Celery("test")
    app.conf.update(told)
    connection = app.connection_for_write()

    assert ("sentinel", "one/two@three:4", "2") == (
        connection.transport_cls,
        connection.password,
        connection.virtual_host,
    )
    assert 3 == len(connection.alt)
    assert ("twiza", 30) == (options["master_name"], options["visibility_timeout"])


def test_the_engine_reads_the_same_addresses() -> None:
    program = (
        "import json, sys\n"
        "sys.path.insert(0, 'bot')\n"
        "from engine.redis_place import open_store\n"
        "for url in sys.argv[1:]:\n"
        "    pool = open_store(url).connection_pool\n"
        "    own = pool.sentinel_manager.sentinels\n"
        "    places = [s.connection_pool.connection_kwargs for s in own]\n"
        "    given = pool.connection_kwargs\n"
        "    keys = ('db', 'username', 'password', 'ssl_ca_certs')\n"
        "    print(json.dumps([pool.service_name, [[p['host'], p['port']] for p in places],\n"
        "        [given.get(k) for k in keys], places[0].get('password')]))\n"
    )
    python = str(ROOT / "bot/.venv/bin/python")
    ran = subprocess.run(
        [python, "-c", program, BEHIND, TLS], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for line, url in zip(ran.stdout.splitlines(), (BEHIND, TLS), strict=True):
        pool: Any = open_redis(url).connection_pool
        own = [one.connection_pool.connection_kwargs for one in pool.sentinel_manager.sentinels]
        given = pool.connection_kwargs
        ours = [
            pool.service_name,
            [[one["host"], one["port"]] for one in own],
            [given.get(key) for key in ("db", "username", "password", "ssl_ca_certs")],
            own[0].get("password"),
        ]

        assert ours == json.loads(line)
