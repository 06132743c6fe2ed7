"""The pretend service, tested without a socket and then over one."""
