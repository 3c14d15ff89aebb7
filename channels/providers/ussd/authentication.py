"""Whether a call comes from the gateway: every means that is asked for must hold.

Without a means, or without what a means needs, the process does not start.
"""

from __future__ import annotations

import base64
import hmac
import ipaddress
from collections.abc import Callable
from typing import Final

from werkzeug.datastructures import Authorization

from channels.port import WebhookCall
from channels.providers.ussd.dialect import Authentication, Signing
from channels.providers.ussd.places import Values
from channels.providers.ussd.settings import UssdSettings
from core.errors import BadSignature, SettingsFaulty

_MEANS: Final = ("secret", "password", "basic", "hmac", "addresses")
Check = Callable[[WebhookCall], bool]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Guard:
    """Checks the calls of one channel."""

    def __init__(self, settings: UssdSettings, asked: Authentication, prefix: str) -> None:
        self._settings = settings
        self._asked = asked
        self._faults: list[str] = []
        self._prefix = prefix
        named = [name.strip() for name in settings.authentication.split(",") if name.strip()]
        self._checks = [self._check(means) for means in named or asked.means]
        if not self._checks:
            self._faults.append(f"{prefix}AUTHENTICATION: a call must prove where it comes from")
        if self._faults:
            raise SettingsFaulty(self._faults)

    def check(self, call: WebhookCall) -> None:
        """Let a call of the gateway pass. Raises BadSignature or MalformedPayload."""
        # All are asked before one is believed, so that the time tells nothing of which one failed.
        held = [holds(call) for holds in self._checks]
        if not all(held):
            raise BadSignature("the call does not prove that it comes from the gateway")

    def _check(self, means: str) -> Check:
        match means:
            case "secret":
                secrets = self._secrets()
                return lambda call: _is_any(Values(call).text(self._asked.secret), secrets)
            case "password":
                user, password = self._user()
                return lambda call: self._has_password(Values(call), user, password)
            case "basic":
                user, password = self._user()
                return lambda call: _is_basic(call, user, password)
            case "hmac":
                keys = self._secrets()
                return lambda call: _is_signed(call, self._asked.hmac, keys)
            case "addresses":
                networks, proxies = self._networks(), self._settings.proxies
                return lambda call: _is_from(call, networks, proxies)
        self._faults.append(
            f"{self._prefix}AUTHENTICATION: {means!r} is none of {', '.join(_MEANS)}"
        )
        return lambda _: False

    def _secrets(self) -> list[bytes]:
        given = (self._settings.secret, self._settings.previous_secret)
        found = [one.get_secret_value().encode() for one in given if one.get_secret_value()]
        if not self._settings.secret.get_secret_value():
            self._faults.append(f"{self._prefix}SECRET: is needed to know the gateway by")
        return found

    def _user(self) -> tuple[bytes, bytes]:
        user, password = self._settings.user, self._settings.password.get_secret_value()
        for name, value in (("USER", user), ("PASSWORD", password)):
            if not value:
                self._faults.append(f"{self._prefix}{name}: is needed to know the gateway by")
        return user.encode(), password.encode()

    def _networks(self) -> list[Network]:
        networks: list[Network] = []
        for written in filter(None, (one.strip() for one in self._settings.addresses.split(","))):
            try:
                networks.append(ipaddress.ip_network(written))
            except ValueError:
                self._faults.append(f"{self._prefix}ADDRESSES: {written!r} is no network")
        if not networks:
            self._faults.append(f"{self._prefix}ADDRESSES: is needed to know the gateway by")
        return networks

    def _has_password(self, values: Values, user: bytes, password: bytes) -> bool:
        is_user = _is_any(values.text(self._asked.user), [user])
        return _is_any(values.text(self._asked.password), [password]) and is_user


def _is_any(given: str | None, wanted: list[bytes]) -> bool:
    """True for one of the values, in a time that tells nothing of them."""
    value = (given or "").encode("utf-8", "surrogatepass")
    equal = [hmac.compare_digest(value, one) for one in wanted]
    return any(equal)


def _is_basic(call: WebhookCall, user: bytes, password: bytes) -> bool:
    given = Authorization.from_header(Values(call).text("header.Authorization"))
    if given is None or given.type != "basic":
        return False
    is_user = _is_any(given.username, [user])
    return _is_any(given.password, [password]) and is_user


def _is_signed(call: WebhookCall, signing: Signing, keys: list[bytes]) -> bool:
    given = Values(call).text(f"header.{signing.header}")
    signed = call.body if call.method == "POST" else call.url.partition("?")[2].encode()
    digests = [hmac.digest(key, signed, signing.algorithm) for key in keys]
    return _is_any(given, [signing.prefix.encode() + _encoded(one, signing) for one in digests])


def _encoded(digest: bytes, signing: Signing) -> bytes:
    return base64.b64encode(digest) if signing.encoding == "base64" else digest.hex().encode()


def _is_from(call: WebhookCall, networks: list[Network], proxies: int) -> bool:
    """True where the caller stands in a network; behind proxies, whom the first of them saw."""
    address = call.peer
    if proxies:
        seen = (Values(call).text("header.X-Forwarded-For") or "").split(",")
        address = seen[-proxies].strip() if len(seen) >= proxies else ""
    try:
        caller = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(caller, "ipv4_mapped", None)
    return any((mapped or caller) in network for network in networks)
