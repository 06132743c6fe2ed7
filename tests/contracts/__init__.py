"""What every implementation of a port has to pass, the real one and the fake alike."""
