"""Deeds of the person at this machine: run in this process, or in the node that owns the home."""
