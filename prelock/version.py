"""The version of prelock."""

__version__ = "0.1.0"
