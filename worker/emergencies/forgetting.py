"""Forgetting who was invited to what is long over; the counts stay."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from worker.house import House


def forget_invitations(house: House, days: int) -> int:
    """Forget those of emergencies that ended `days` ago or earlier; how many they were."""
    before = datetime.now(UTC) - timedelta(days=days)
    over = [one for one in house.emergencies.all() if one.ends <= before and not one.totals]
    return sum(
        house.invitations.forget(one.key, json.dumps(asdict(house.invitations.counts(one.key))))
        for one in over
    )
