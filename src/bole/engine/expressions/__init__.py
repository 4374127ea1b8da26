"""The rule language: a small safe subset of Python expressions over the fact catalogue."""

from bole.engine.expressions.check import check
from bole.engine.expressions.tree import Node

__all__ = ["Node", "check"]
