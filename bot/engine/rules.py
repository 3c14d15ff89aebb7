"""Rasa's rule policy, which looks only at as many states as its longest rule has.

The stock policy rebuilds the state before every action of the conversation, for each prediction,
and matches each rule against all of them. Here the states of the last actions are carried on from
one prediction to the next, and what the rules say of them is remembered.
"""

from __future__ import annotations

import json
from collections import deque
from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import (
    RULES,
    RULES_FOR_LOOP_UNHAPPY_PATH,
    RULES_NOT_IN_STORIES,
    RulePolicy,
)
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTIVE_LOOP,
    PREVIOUS_ACTION,
    SHOULD_NOT_BE_SET,
    SLOTS,
    USER,
)
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, LoopInterrupted
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, TEXT

from engine.tracker import CompactTracker

# The states that a compact tracker surely holds: of a turn before and of the one that runs.
MOST_STATES = 4
_REMEMBERED = 4096
Found = tuple[str | None, str | None, bool]


class RuleTooLong(ValueError):
    """A rule looks further back than a compact tracker reaches."""


class QuickRulePolicy(RulePolicy):
    """Decides as the stock rule policy does. Raises RuleTooLong when it is made."""

    def __init__(self, *given: Any, **named: Any) -> None:
        """Learn from the look-up what never needs to be looked at."""
        super().__init__(*given, **named)
        keys = [*self.lookup[RULES], *self.lookup[RULES_FOR_LOOP_UNHAPPY_PATH]]
        rules: list[list[State]] = [json.loads(key) for key in keys]
        self._depth = max(map(len, rules), default=1)
        if self._depth > MOST_STATES:
            raise RuleTooLong(f"a rule has {self._depth} states; {MOST_STATES} can be kept")
        self._may_read_text = any(_may_match_text(rule[-1]) for rule in rules)
        self._hidden = frozenset(self.lookup.get(RULES_NOT_IN_STORIES, []))
        self._found: dict[Any, Found] = {}

    def _find_action_from_rules(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool,
    ) -> Found:
        if use_text_for_last_user_input:
            if not self._may_read_text:
                return None, None, False
            return super()._find_action_from_rules(tracker, domain, True)
        states = self._prediction_states(tracker, domain)
        what = (tracker.active_loop_name, repr(states))
        found = self._found.get(what)
        if found is None:
            found = super()._find_action_from_rules(tracker, domain, False)
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[what] = found
        return found

    def _prediction_states(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[State]:
        if use_text_for_last_user_input or not isinstance(tracker, CompactTracker):
            return super()._prediction_states(
                tracker, domain, use_text_for_last_user_input, rule_only_data
            )
        followed: LastStates | None = tracker.followed
        if followed is None or not followed.can_follow(tracker):
            followed = tracker.followed = LastStates(tracker, domain, self._depth)
        states = followed.states(tracker)
        self.featurizer._choose_last_user_input([states], use_text_for_last_user_input=False)
        return states

    @staticmethod
    def format_tracker_states(states: list[State]) -> str:
        """Nothing: it is for debug lines, which are composed even where nobody reads them."""
        return ""

    def _rule_prediction(
        self,
        probabilities: list[float],
        prediction_source: str | None,
        returning_from_unhappy_path: bool = False,
        is_end_to_end_prediction: bool = False,
        is_no_user_prediction: bool = False,
    ) -> PolicyPrediction:
        return PolicyPrediction(
            probabilities,
            RulePolicy.__name__,
            self.priority,
            events=[LoopInterrupted(True)] if returning_from_unhappy_path else [],
            is_end_to_end_prediction=is_end_to_end_prediction,
            is_no_user_prediction=is_no_user_prediction,
            hide_rule_turn=prediction_source in self._hidden,
        )


class LastStates:
    """The states before the last actions of one tracker, carried on as it grows."""

    def __init__(self, tracker: CompactTracker, domain: Domain, depth: int) -> None:
        """Begin before the tracker's first event."""
        self._domain = domain
        self._replayed = tracker.init_copy()
        self._before: deque[State] = deque(maxlen=depth)
        self._taken_back = tracker.taken_back
        self._seen = 0
        self._featurized = [slot.name for slot in domain.slots if slot.influence_conversation]

    def can_follow(self, tracker: CompactTracker) -> bool:
        """False where events that were looked at count no longer."""
        return tracker.taken_back == self._taken_back

    def states(self, tracker: CompactTracker) -> list[State]:
        """The states before the last actions, and the state now."""
        replayed, applied = self._replayed, tracker.applied_events()
        for event in applied[self._seen :]:
            if type(event) is ActionExecuted:
                self._before.append(self._state())
            event.apply_to(replayed)
        self._seen = len(applied)
        return [*self._before, self._state()][-(self._before.maxlen or 1) :]

    def _state(self) -> State:
        # As `Domain.get_active_state`, but looking only at slots that may have features.
        tracker, domain = self._replayed, self._domain
        slots: dict[str, Any] = {}
        for name in self._featurized:
            slot = tracker.slots[name]
            feature = slot.as_feature()
            if feature and slot.value == SHOULD_NOT_BE_SET:
                slots[name] = SHOULD_NOT_BE_SET
            elif any(feature):
                slots[name] = tuple(feature)
        state = {
            USER: domain._get_user_sub_state(tracker),
            SLOTS: slots,
            PREVIOUS_ACTION: domain._get_prev_action_sub_state(tracker),
            ACTIVE_LOOP: domain._get_active_loop_sub_state(tracker),
        }
        return domain._clean_state(state)


def _may_match_text(last: State) -> bool:
    """True where a state of a rule could be that of a message of which only the text is seen."""
    user = last.get(USER) or {}
    follows_listening = last.get(PREVIOUS_ACTION, {}).get(ACTION_NAME) == ACTION_LISTEN_NAME
    return TEXT in user or (follows_listening and not user)
