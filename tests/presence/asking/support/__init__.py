"""Tests of presence/asking/support."""
