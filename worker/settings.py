"""Settings of the worker beside those of the door and of the registry."""

from __future__ import annotations

from datetime import time

from pydantic import Field

from core.environment import Settings
from core.redis_address import RedisUrl


class WorkerSettings(Settings):
    """When people are written to, and how long things are kept."""

    quiet_from: time = Field(
        time(21, 0), description="from then on nobody is written to of our own accord, in Morocco"
    )
    quiet_until: time = Field(
        time(8, 0), description="what waited is sent then; the same time as above: no quiet hours"
    )
    whatsapp_window_hours: float = Field(
        24.0, ge=0, description="how long after a citizen's last message WhatsApp takes free text"
    )
    draft_life_days: int = Field(30, description="how long an unfinished request is kept", gt=0)
    refused_life_days: int = Field(
        30, ge=0, description="how long what the registry refused as invalid is kept, sealed"
    )
    submission_tries: int = Field(
        10,
        ge=1,
        description="tries of what the registry refuses for no known reason; it is stuck then",
    )
    engine_redis_url: RedisUrl = Field(
        "",
        description="Redis database of the engine; empty: an erasure leaves what it keeps a day, "
        "and transcripts name no intents",
    )
    media_largest_mb: int = Field(8, description="megabytes of the largest file taken", gt=0)
    media_life_days: int = Field(
        30, description="how long a file is kept that the registry did not get", gt=0
    )
    programmes_folder: str = Field(
        "", description="a folder of further programme files; one of the same name replaces ours"
    )
    talk_minutes: int = Field(
        15, ge=0, description="who wrote or called within them is invited to no emergency just then"
    )
    invitation_life_days: int = Field(
        90, ge=0, description="how long after its end it is kept who was invited to an emergency"
    )
    sender_rate: int = Field(
        80, ge=1, description="messages that one sender sends in a second, over all workers"
    )
    delivery_tries: int = Field(
        8, ge=1, description="tries of a message that a provider refuses for now; it is dead then"
    )
    message_life_hours: float = Field(
        24.0, gt=0, description="how long a message is tried while its provider is away"
    )
    report_hours: float = Field(
        48.0, gt=0, description="how long it is asked what became of a message"
    )
    held_days: int = Field(
        7, ge=0, description="how long a message waits until its citizen writes on WhatsApp"
    )
    dead_days: int = Field(7, ge=0, description="how long staff can send what was given up, sealed")
    trace_days: int = Field(
        90, ge=1, description="how long the trace of a message is kept, without its content"
    )
    keys_rotate_days: int = Field(
        0, ge=0, description="after so many days the worker changes the vault key; 0: never"
    )
    rights_file_hours: int = Field(
        72, gt=0, description="how long a citizen's data wait to be handed over by a supervisor"
    )
    export_hours: int = Field(
        24, gt=0, description="how long a file lies ready that staff exported"
    )
    webhooks_inside: bool = Field(
        False, description="webhooks may go to plain HTTP and to addresses of inside networks"
    )
    sms_instead: bool = Field(
        True, description="send by SMS what may go there and WhatsApp does not deliver"
    )
    task_visibility_seconds: int = Field(
        120, ge=5, description="after how long a task that nobody finished goes to another worker"
    )
    worker_metrics_address: str = Field(
        "127.0.0.1:8011",
        pattern=r"^([^\s:]+:\d{1,5})?$",
        description="where /metrics of the worker answers; empty: nowhere",
    )
    health_address: str = Field(
        "",
        pattern=r"^([^\s:]+:\d{1,5})?$",
        description="where /health and /alive of worker and beat answer; empty: nowhere",
    )
    beat_metrics_address: str = Field(
        "127.0.0.1:8012",
        pattern=r"^([^\s:]+:\d{1,5})?$",
        description="where /metrics of beat answers, the stores' among them; empty: nowhere",
    )
    catch_up_hours: float = Field(
        24.0, ge=0, le=40, description="how far back messages are looked for that missed the door"
    )
