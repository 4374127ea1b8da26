"""Motion (动议): gates, no-motion rules, people per post, delegated plans, dispatch selection."""

from bole.engine.motion.delegated import (
    Delegated,
    DelegatedPlan,
    Execution,
    ExecutionResult,
    PlanState,
    PostLine,
    follow,
    review,
)
from bole.engine.motion.dispatch import Dispatch, DispatchResult, Standing, next_consent, select
from bole.engine.motion.gates import (
    Gate,
    GateResult,
    MotionCase,
    MotionGates,
    Passed,
    check_gates,
)
from bole.engine.motion.no_motion import (
    GateState,
    NoMotion,
    NoMotionRule,
    Person,
    PersonGate,
    gate,
)
from bole.engine.motion.per_post import PerPost, PerPostResult, PostResult, per_post

__all__ = [
    "Delegated",
    "DelegatedPlan",
    "Dispatch",
    "DispatchResult",
    "Execution",
    "ExecutionResult",
    "Gate",
    "GateResult",
    "GateState",
    "MotionCase",
    "MotionGates",
    "NoMotion",
    "NoMotionRule",
    "Passed",
    "PerPost",
    "PerPostResult",
    "Person",
    "PersonGate",
    "PlanState",
    "PostLine",
    "PostResult",
    "Standing",
    "check_gates",
    "follow",
    "gate",
    "next_consent",
    "per_post",
    "review",
    "select",
]
