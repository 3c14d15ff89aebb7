"""Where the engine's Redis is: one server, or the master that Sentinels name.

The same addresses as everywhere (`core/redis_address.py`, on the other side of the wall):
`redis://…/2` or `redis+sentinel://[user:password@]host:port,host:port/name/2`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import redis
from redis.sentinel import Sentinel

_TLS = {"redis+sentinel": False, "rediss+sentinel": True}
_SENTINEL_PORT = 26379
_SENTINELS_PATIENCE = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}


def open_store(url: str, **options: Any) -> redis.Redis:
    """A client of the store at an address; the first command connects. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in _TLS:
        return redis.Redis.from_url(url, **options)
    secret, _, hosts = parts.netloc.rpartition("@")
    places = [_place(host) for host in hosts.split(",")]
    name, _, database = parts.path.strip("/").partition("/")
    if not name or not (database or "0").isdigit():
        raise ValueError("after the Sentinels comes /name/database")
    given = {key: values[0] for key, values in parse_qs(parts.query).items()}
    tls: dict[str, Any] = {}
    if _TLS[parts.scheme]:
        tls = {"ssl": True}
        if "ssl_ca_certs" in given:
            tls["ssl_ca_certs"] = given["ssl_ca_certs"]
    own = {
        name.split("_", 1)[1]: given[name]
        for name in ("sentinel_username", "sentinel_password")
        if name in given
    }
    user, _, password = secret.partition(":")
    options |= {"username": unquote(user)} if user else {}
    options |= {"password": unquote(password)} if password else {}
    sentinels = Sentinel(places, sentinel_kwargs={**own, **tls, **_SENTINELS_PATIENCE})
    master: redis.Redis = sentinels.master_for(name, db=int(database or 0), **tls, **options)
    return master


def _place(host: str) -> tuple[str, int]:
    parts = urlsplit(f"//{host}")
    if not parts.hostname:
        raise ValueError("a Sentinel is named by its host and port")
    return parts.hostname, parts.port or _SENTINEL_PORT
