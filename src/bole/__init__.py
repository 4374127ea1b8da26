"""bole 伯乐: the office of an organisation department in one program."""

__version__ = "0.1.0"
