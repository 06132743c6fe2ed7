"""What is true: tested without Qt, network, disk or loop."""
