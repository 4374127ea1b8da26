"""Pages of selection cases: parse, call one action or query, render."""
