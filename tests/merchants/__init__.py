"""Operators and what belongs to them, over a real Redis."""
