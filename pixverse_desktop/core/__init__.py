"""What is true about videos, ids, time and failure; pure, and free of any library."""
