"""Tests of presence/cli."""
