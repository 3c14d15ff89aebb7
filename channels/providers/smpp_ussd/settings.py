"""Settings of one bind to an operator's SMSC."""

from __future__ import annotations

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import SettingsConfigDict

from channels.providers.smpp_ussd.alphabet import Default
from core.environment import Settings


class SmppSettings(Settings):
    """Where to bind and as whom, how the SMSC writes a session, and how long anything may take."""

    model_config = SettingsConfigDict(env_prefix="TWIZA_SMPP_", frozen=True, extra="ignore")

    host: str = Field(description="the operator's SMSC")
    port: int = Field(2775, description="its port", gt=0, le=65535)
    system_id: str = Field(description="who binds", min_length=1, max_length=15)
    password: SecretStr = Field(description="the password of the bind", min_length=1, max_length=8)
    system_type: str = Field("", description="the kind of system, if asked for", max_length=12)
    tls: bool = Field(False, description="speak TLS and check the certificate of the host")
    ca_file: str = Field("", description="certificates to trust instead of the usual ones")
    codes: str = Field(description="service codes served, comma-separated: *555#,*556#")
    channel: str = Field("ussd_smpp", description="the channel's name in logs and turns")
    style: str = Field(
        "default",
        description="how sessions are told: default, mica, 6d, or another file of styles/",
    )
    alphabet: Default = Field("gsm7", description="the SMSC's default alphabet: gsm7 or latin1")
    default_coding: int = Field(0, description="the data_coding of that alphabet", ge=0, le=255)
    ucs2_coding: int = Field(
        8, description="the data_coding of UCS-2, such as 8 or 72", ge=0, le=255
    )
    page_septets: int = Field(160, description="the longest screen, in septets", ge=80, le=182)
    page_ucs2: int = Field(70, description="and in UCS-2 code units", ge=40, le=80)
    window: int = Field(10, description="answers sent and not yet confirmed", gt=0)
    hops: int = Field(256, description="hops taken at once; more are refused for now", gt=0)
    enquire_seconds: float = Field(30.0, description="how often the link is tried", gt=0)
    response_seconds: float = Field(5.0, description="how long the SMSC may take", gt=0)
    longest_pause_seconds: float = Field(
        30.0, description="the longest wait before it is bound again", gt=0
    )
    deadline_seconds: float = Field(4.0, description="how long a turn may take", gt=0, lt=60)
    answer_seconds: float = Field(
        10.0, description="how long after its hop an answer is still sent", gt=0
    )
    session_seconds: int = Field(
        180, description="how long the operator keeps a session open", gt=0
    )
    repeat_seconds: float = Field(
        1.0, description="the same hop so soon after its answer is a repeat", ge=0
    )
    health_address: str = Field(
        "127.0.0.1:8010", description="where /health and /metrics answer; empty: nowhere"
    )

    @field_validator("codes")
    @classmethod
    def _are_codes(cls, value: str) -> str:
        codes = [code.strip() for code in value.split(",")]
        if not all(code.strip("*#").replace("*", "").isdecimal() for code in codes):
            raise ValueError("each is a service code, such as *555#")
        return value
