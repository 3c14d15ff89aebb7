"""Settings of a channel at Twilio."""

from __future__ import annotations

import re
from typing import Annotated, Final, Literal

from pydantic import Field, SecretStr, field_validator

from core.environment import Settings, none_or_longer_than
from locales.languages import is_language

_CONTENT_SID: Final = re.compile(r"HX[0-9a-f]{32}")


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
    media_hosts: str = Field(
        "mms.twiliocdn.com,media.twiliocdn.com",
        description="hosts, comma-separated, that Twilio may send us on to for a file",
    )
    buttons: bool = Field(
        False, description="WhatsApp shows choices to tap; first run bin/templates sync"
    )
    waking_templates: str = Field(
        "", description="language:ContentSid pairs of your own templates that say a message waits"
    )

    @field_validator("waking_templates")
    @classmethod
    def _are_pairs(cls, written: str) -> str:
        for pair in filter(None, written.split(",")):
            language, _, name = pair.strip().partition(":")
            if not (is_language(language) and _CONTENT_SID.fullmatch(name)):
                raise ValueError("pairs of a language and a ContentSid are needed: fr:HX…,ar:HX…")
        return written

    @property
    def waking(self) -> dict[str, str]:
        """The ContentSid of that template by language."""
        pairs = filter(None, self.waking_templates.split(","))
        return {one.partition(":")[0].strip(): one.partition(":")[2].strip() for one in pairs}
