"""Gates of a procedure against a running case."""

from bole.engine.procedures.evaluate.ballots import missing_results
from bole.engine.procedures.evaluate.bodies import missing_answer
from bole.engine.procedures.evaluate.gates import evaluate, reasons, undecided
from bole.engine.procedures.evaluate.look import Found, Look, Reason
from bole.engine.procedures.evaluate.papers import missing_papers, missing_signatures
from bole.engine.procedures.evaluate.times import clock_end

__all__ = [
    "Found",
    "Look",
    "Reason",
    "clock_end",
    "evaluate",
    "missing_answer",
    "missing_papers",
    "missing_results",
    "missing_signatures",
    "reasons",
    "undecided",
]
