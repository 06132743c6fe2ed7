"""The outer world, one library a module."""
