"""Settings of a USSD channel."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, SecretStr

from core.environment import Settings, none_or_longer_than


class UssdSettings(Settings):
    """One service code at one gateway; read under TWIZA_CHANNEL_<NAME>_."""

    dialect: str = Field(description="a file of channels/providers/ussd/dialects, without .toml")
    address: str = Field(
        description="the service code that citizens dial, such as *555#",
        pattern=r"^\*\d+(\*\d+)*#$",
    )
    authentication: str = Field(
        "",
        description="how its calls are known: secret, password, basic, hmac, addresses, "
        "comma-separated and all of them; empty: as the dialect says",
    )
    secret: Annotated[SecretStr, none_or_longer_than(15)] = Field(
        SecretStr(""),
        description="what the gateway's calls carry, in most dialects as ?secret=; hmac's key too",
    )
    previous_secret: Annotated[SecretStr, none_or_longer_than(15)] = Field(
        SecretStr(""), description="accepted beside it while the gateway changes over"
    )
    user: str = Field("", description="user name in the calls of password and basic")
    password: Annotated[SecretStr, none_or_longer_than(7)] = Field(
        SecretStr(""), description="password in the calls of password and basic"
    )
    addresses: str = Field(
        "", description="networks that the gateway calls from, comma-separated: 192.0.2.0/28"
    )
    proxies: int = Field(
        0,
        description="how many proxies of ours stand before the door, each of which adds to "
        "X-Forwarded-For",
        ge=0,
    )


class DialectsSettings(Settings):
    """Where dialects stand that are not ours."""

    dialects_folder: str = Field(
        "", description="a folder of further USSD dialect files; one of the same name replaces ours"
    )
