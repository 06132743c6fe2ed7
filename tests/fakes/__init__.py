"""Stand-ins that fulfil the ports, trusted because they pass the contracts of the real ones."""
