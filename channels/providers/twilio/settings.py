"""Settings of a channel at Twilio."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr

from core.environment import Settings, none_or_longer_than


class TwilioSettings(Settings):
    """One sender at Twilio; read under TWIZA_CHANNEL_<NAME>_."""

    kind: Literal["whatsapp", "sms"] = Field(description="what the sender speaks")
    address: str = Field(description="the sender's number, E.164", pattern=r"^\+\d{6,15}$")
    account_sid: str = Field(description="Twilio's account identifier", min_length=10)
    auth_token: SecretStr = Field(description="signs webhooks and opens the API", min_length=16)
    previous_auth_token: Annotated[SecretStr, none_or_longer_than(15)] = Field(
        SecretStr(""), description="still signs webhooks while the token above replaces it"
    )
    api_url: str = Field("https://api.twilio.com", description="root of Twilio's REST API")
    content_url: str = Field(
        "https://content.twilio.com", description="root of Twilio's API of templates"
    )
    buttons: bool = Field(
        False, description="WhatsApp shows choices to tap; first run bin/templates sync"
    )
