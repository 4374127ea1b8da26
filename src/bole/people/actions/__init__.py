"""What people do with cadres' files. Every action checks, changes and records in one piece."""

from bole.people.actions.cadres import (
    add_row,
    create_cadre,
    edit_row,
    end_row,
    link_account,
    remove_row,
    show_sensitive,
    update_cadre,
)
from bole.people.actions.corrections import ask_correction, decide_correction, reply_to_item
from bole.people.current import refresh_current

__all__ = [
    "add_row",
    "ask_correction",
    "create_cadre",
    "decide_correction",
    "edit_row",
    "end_row",
    "link_account",
    "refresh_current",
    "remove_row",
    "reply_to_item",
    "show_sensitive",
    "update_cadre",
]
