"""Tests of presence/asking."""
