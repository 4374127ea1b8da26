"""Schemes: local methods as YAML packs, validated, versioned by date, one on top of another."""

from bole.engine.schemes.load import directory, files, find, in_force, load, load_all
from bole.engine.schemes.models import Basis, Deviation, Parameter, Rule, RuleSet, Scheme

__all__ = [
    "Basis",
    "Deviation",
    "Parameter",
    "Rule",
    "RuleSet",
    "Scheme",
    "directory",
    "files",
    "find",
    "in_force",
    "load",
    "load_all",
]
