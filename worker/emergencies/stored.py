"""The plan of an emergency as the records keep it: what was approved is what is sent."""

from __future__ import annotations

import hashlib
import json

from pydantic import ValidationError

from actions.programmes import Programme
from actions.programmes.emergency import EmergencyPlan
from core.errors import SettingsFaulty
from records.emergencies import Emergency, Proposal
from records.reachable import Scope


def proposal_of(programme: Programme, plan: EmergencyPlan, content: bytes) -> Proposal:
    """What is proposed by a programme's file, whose bytes give it its fingerprint."""
    return Proposal(
        key=programme.key,
        fingerprint=hashlib.sha256(content).hexdigest(),
        plan=plan.model_dump_json(),
        starts=plan.starts,
        ends=plan.ends,
        rate_per_minute=plan.rate_per_minute,
        budget=plan.budget,
    )


def read_plan(emergency: Emergency) -> EmergencyPlan:
    """The plan as it was proposed. Raises SettingsFaulty where a later version cannot read it."""
    try:
        return EmergencyPlan.model_validate(json.loads(emergency.plan))
    except ValidationError as faulty:
        raise SettingsFaulty([f"{emergency.key}: {faulty}"]) from None


def scope_of(plan: EmergencyPlan) -> Scope:
    """Where people are invited."""
    return Scope(plan.regions, plan.places)
