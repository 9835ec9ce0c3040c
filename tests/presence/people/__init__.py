"""Tests of people and their ways in."""
