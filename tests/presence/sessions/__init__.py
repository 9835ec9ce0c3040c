"""Tests of presence/sessions."""
