"""Reads about people: event tables for the engine, lists, one cadre, what is due."""

from bole.people.queries.due import due
from bole.people.queries.events import add, events

__all__ = ["add", "due", "events"]
