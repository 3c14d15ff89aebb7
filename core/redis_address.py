"""Where Redis is: one server, or the master that Sentinels name.

    redis://[user:password@]host:port/database            rediss:// with TLS
    redis+sentinel://[user:password@]host:port,host:port/name/database
    rediss+sentinel://…                                   TLS to Sentinels and servers

Behind either may stand `?ssl_ca_certs=FILE`; behind the latter `sentinel_username` and
`sentinel_password`, where the Sentinels ask for one. `bot/engine/redis_place.py` reads the same.
"""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass, field
from typing import Annotated, Any, Final
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlsplit

from pydantic import AfterValidator

_PLAIN: Final = ("redis", "rediss", "unix")
_SENTINEL: Final = {"redis+sentinel": False, "rediss+sentinel": True}
_PORT: Final = 26379
_SENTINELS_PATIENCE_SECONDS: Final = 0.5
# Idle seconds, seconds between questions, questions; of what this system knows.
_KEEPALIVE: Final = {
    getattr(socket, name): value
    for name, value in (("TCP_KEEPIDLE", 5), ("TCP_KEEPINTVL", 3), ("TCP_KEEPCNT", 3))
    if hasattr(socket, name)
}


@dataclass(frozen=True, slots=True)
class Sentinels:
    """The Sentinels that know a master by its name, and how it and they are spoken to.

    `options` are those of a client of the master, `own_options` of the Sentinels.
    """

    places: tuple[tuple[str, int], ...]
    name: str
    options: dict[str, Any] = field(repr=False)
    own_options: dict[str, Any] = field(repr=False)


def read_sentinels(url: str) -> Sentinels | None:
    """The Sentinels of an address, or None where it names a server. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in _SENTINEL:
        return None
    secret, _, hosts = parts.netloc.rpartition("@")
    places = tuple(_place(host) for host in hosts.split(","))
    name, _, database = parts.path.strip("/").partition("/")
    if not name or not (database or "0").isdigit():
        raise ValueError("after the Sentinels comes /name/database")
    given = {key: values[0] for key, values in parse_qs(parts.query).items()}
    tls: dict[str, Any] = {}
    if _SENTINEL[parts.scheme]:
        tls = {"ssl": True, **_named(given, ssl_ca_certs="ssl_ca_certs")}
    user, _, password = secret.partition(":")
    options = {"db": int(database or 0), **tls}
    options |= {"username": unquote(user)} if user else {}
    options |= {"password": unquote(password)} if password else {}
    own = _named(given, sentinel_username="username", sentinel_password="password")  # nosec B106
    patience = {"socket_timeout": _SENTINELS_PATIENCE_SECONDS}
    patience |= {"socket_connect_timeout": _SENTINELS_PATIENCE_SECONDS}
    return Sentinels(places, name, options, {**own, **tls, **patience})


def with_database(url: str, database: int) -> str:
    """The same address with another database."""
    parts = urlsplit(url)
    if parts.scheme in _SENTINEL:
        name = parts.path.strip("/").partition("/")[0]
        return _written(parts, f"/{name}/{database}")
    return parts._replace(path=f"/{database}").geturl()


def broker(url: str, options: dict[str, Any] | None = None) -> dict[str, Any]:
    """What Celery is told of an address, with further options of its transport."""
    # A host that vanishes says nothing: its connections are found dead by the system.
    transport = {"socket_keepalive": True, "socket_keepalive_options": _KEEPALIVE} | (options or {})
    found = read_sentinels(url)
    if found is None:
        return {"broker_url": url, "broker_transport_options": transport}
    user, password = (found.options.get(name, "") for name in ("username", "password"))
    secret = f"{quote(user, safe='')}:{quote(password, safe='')}@" if user or password else ""
    database = found.options["db"]
    urls = [f"sentinel://{secret}{host}:{port}/{database}" for host, port in found.places]
    transport |= {"master_name": found.name, "sentinel_kwargs": found.own_options}
    told = {"broker_url": ";".join(urls), "broker_transport_options": transport}
    if found.options.get("ssl"):
        known = {name: found.options[name] for name in ("ssl_ca_certs",) if name in found.options}
        told["broker_use_ssl"] = {"ssl_cert_reqs": ssl.CERT_REQUIRED, **known}
    return told


def _checked(url: str) -> str:
    scheme = urlsplit(url).scheme
    if url and scheme not in _PLAIN and scheme not in _SENTINEL:
        raise ValueError("is no address of Redis: redis://… or redis+sentinel://…")
    read_sentinels(url)
    return url


# The type of a setting that names a Redis; may be empty where the setting may.
RedisUrl = Annotated[str, AfterValidator(_checked)]


def _place(host: str) -> tuple[str, int]:
    parts = urlsplit(f"//{host}")
    if not parts.hostname:
        raise ValueError("a Sentinel is named by its host and port")
    return parts.hostname, parts.port or _PORT


def _named(given: dict[str, str], **names: str) -> dict[str, Any]:
    return {name: given[key] for key, name in names.items() if key in given}


def _written(parts: SplitResult, path: str) -> str:
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{parts.netloc}{path}{query}"
