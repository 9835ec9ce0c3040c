"""Tests of models/pulling."""
