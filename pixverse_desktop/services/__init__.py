"""What the program does about its videos; speaks to ports only."""
