"""Importing files: read, recognise, compare, write what is confirmed, undo as a whole."""
