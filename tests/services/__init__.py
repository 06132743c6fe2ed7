"""What the services promise, under a clock moved by hand."""
