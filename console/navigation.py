"""The pages that stand in every page's menu: permission, endpoint, key of its words, in order."""

from __future__ import annotations

from typing import Final

NAVIGATION: Final = (
    ("home", "home.home", "home"),
    ("conversations.read", "conversations.listed", "conversations"),
    ("handovers.work", "handovers.queue", "handovers"),
    ("reviews.work", "teaching.overview", "teaching"),
    ("dashboard.read", "dashboard.page", "dashboard"),
    ("replies.write", "replies.everything", "replies"),
    ("replies.write", "hours.page", "hours"),
    ("rights.enter", "rights.listed", "rights"),
    ("audit.read", "audit.acts", "audit"),
    ("retention.read", "audit.retention", "retention"),
    ("registry.read", "registry.page", "registry"),
    ("exports.make", "exports.everything", "exports"),
    ("tokens.manage", "tokens.everything", "tokens"),
    ("webhooks.manage", "webhooks.everything", "webhooks"),
    ("staff.manage", "staff.everybody", "staff"),
)
