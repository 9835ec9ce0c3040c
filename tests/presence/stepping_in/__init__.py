"""Tests of stepping in."""
