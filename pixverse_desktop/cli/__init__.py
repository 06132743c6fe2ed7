"""The verbs of the command line, without a window."""
