"""Fetches a model of the catalogue into a folder: resumed when cut, checked, and whole or not at all.

A file has its name only when every byte of it is there and its SHA-256 is the promised one.
"""

from models.pulling.pull import Pulled, pull

__all__ = ["Pulled", "pull"]
