"""PixVerse Desktop: an unofficial tracker of PixVerse video generations."""

__version__ = "0.1.0"
