"""Tests of what is done at a terminal."""
