"""Tests of presence/web."""
