"""The ideas of the field in pure Python: no Django here."""
