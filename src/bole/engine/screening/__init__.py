"""Rules over people: who meets them on a day, why, what is missing, and what changes when."""

from bole.engine.screening.compare import Change, Comparison, becomes_eligible, compare
from bole.engine.screening.explain import (
    ConditionAnswer,
    Evidence,
    FactAnswer,
    PersonAnswer,
    RuleAnswer,
    explain,
)
from bole.engine.screening.rules import CompiledRule, CompiledRules, Rule, compile_rules
from bole.engine.screening.screen import Population, RuleCount, Screening, screen
from bole.engine.screening.snapshot import Snapshot, Stamp

__all__ = [
    "Change",
    "Comparison",
    "CompiledRule",
    "CompiledRules",
    "ConditionAnswer",
    "Evidence",
    "FactAnswer",
    "PersonAnswer",
    "Population",
    "Rule",
    "RuleAnswer",
    "RuleCount",
    "Screening",
    "Snapshot",
    "Stamp",
    "becomes_eligible",
    "compare",
    "compile_rules",
    "explain",
    "screen",
]
