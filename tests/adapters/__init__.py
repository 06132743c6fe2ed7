"""The adapters, tested against the real thing behind each."""
