from bole.people.current import refresh_current

__all__ = ["refresh_current"]
