"""Settings of a USSD channel."""

from __future__ import annotations

from pydantic import Field, SecretStr

from core.environment import Settings


class UssdSettings(Settings):
    """One service code at one gateway; read under TWIZA_CHANNEL_<NAME>_."""

    dialect: str = Field(description="a file of channels/providers/ussd/dialects, without .toml")
    address: str = Field(description="the service code that citizens dial, such as *555#")
    secret: SecretStr = Field(
        description="what the gateway's calls carry as ?secret=", min_length=16
    )
