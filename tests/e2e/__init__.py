"""The real program, as its users start it."""
