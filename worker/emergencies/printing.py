"""What the operator reads of an emergency, in English. No I/O."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from actions.programmes.emergency import EmergencyPlan
from core.regions import REGIONS
from records.emergencies import Emergency, EmergencyState
from records.invitations import Counts
from worker.emergencies.files import EmergencyFile
from worker.emergencies.planning import Plan

_MOROCCO: Final = ZoneInfo("Africa/Casablanca")
_WHY: Final = {
    "invited": "invited already",
    "opted_out": "refused messages",
    "no_consent": "took their consent back, or it lapsed",
    "silent": "their number was silent for too long",
    "no_number": "their number is not known here any more",
    "no_channel": "no channel reaches their number",
    "shared_number": "somebody else is invited on their number",
}


def dirhams(centimes: int) -> str:
    """An amount as the operator reads it."""
    return f"{centimes / 100:,.2f} dirhams"


def local(moment: datetime) -> str:
    """A moment by Morocco's clock."""
    return f"{moment.astimezone(_MOROCCO):%Y-%m-%d %H:%M} in Morocco"


def file_lines(file: EmergencyFile) -> Iterator[str]:
    """A file without a fault."""
    programme, plan = file.programme, file.plan
    yield f"{programme.key}: no fault found"
    yield f"  {programme.name('fr')} · {len(programme.questions)} questions"
    yield from _terms(plan)
    for remark in file.remarks:
        yield f"  note: {remark}"


def plan_lines(plan: Plan, emergency: EmergencyPlan, left: int) -> Iterator[str]:
    """A dry run."""
    yield f"Would be invited now: {plan.people}"
    yield from _counted("in", {_place(*place): n for place, n in plan.by_place.items()})
    for region, commune in emergency.places:
        if not plan.by_place[region, commune]:
            yield f"  in  {_place(region, commune)}: 0 (is the name the registry's?)"
    yield from _counted("language", plan.by_language)
    yield from _counted("channel", plan.by_channel)
    yield f"Cost: {dirhams(plan.cost)}; left in the budget: {dirhams(left)}"
    if plan.affordable < plan.people:
        yield f"The budget pays for {plan.affordable} of {plan.people}: the others are not invited"
    yield (
        f"At {emergency.rate_per_minute} a minute: about {plan.minutes} minutes, quiet hours apart"
    )
    yield f"Cannot be invited: {plan.obstacles.total()}"
    yield from _counted("because", {_WHY[why]: n for why, n in plan.obstacles.items()})
    yield f"Agreed to be told, but where they live is not known: {plan.homeless} (in all Morocco)"
    yield "Nothing was stored and nothing was sent."


def status_lines(emergency: Emergency, counts: Counts, now: datetime) -> Iterator[str]:
    """How it stands."""
    if emergency.totals:
        counts = Counts(**json.loads(emergency.totals))
    approved = f", approved by {emergency.approved_by}" if emergency.approved_by else ""
    yield f"{emergency.key}: {_stage(emergency, now)}"
    yield f"  proposed by {emergency.proposed_by}{approved}"
    yield f"  from {local(emergency.starts)} to {local(emergency.ends)}"
    yield f"  fingerprint {emergency.fingerprint[:12]} · {emergency.rate_per_minute} a minute"
    yield f"  spent {dirhams(emergency.spent)} of {dirhams(emergency.budget)}"
    for one in fields(counts):
        yield f"  {one.name.replace('_', ' '):18}{getattr(counts, one.name):>9,}"


def _stage(emergency: Emergency, now: datetime) -> str:
    state = emergency.state
    if state is EmergencyState.STOPPED:
        return "stopped"
    if now >= emergency.ends:
        return "over"
    if state is EmergencyState.APPROVED:
        return "open, inviting" if now >= emergency.starts else "approved, not begun"
    if state is EmergencyState.PAUSED:
        return "paused: nobody is invited, the invited may apply"
    return "proposed: awaits a second person's approval"


def _terms(plan: EmergencyPlan) -> Iterator[str]:
    where = [f"{code} {REGIONS[code]}" for code in plan.regions]
    where += [_place(region, commune) for region, commune in plan.places]
    yield f"  in {', '.join(where)}"
    yield f"  from {local(plan.starts)} to {local(plan.ends)}"
    yield f"  {plan.rate_per_minute} a minute, at most {dirhams(plan.budget)}"


def _place(region: str, commune: str) -> str:
    return f"{region} {REGIONS[region]}, {commune or 'commune not known'}"


def _counted(what: str, counts: Counter[str] | dict[str, int]) -> Iterator[str]:
    for name, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        yield f"  {what}  {name}: {number}"
