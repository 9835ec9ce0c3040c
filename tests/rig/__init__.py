"""Hostile material and hostile listeners, for tests that ask what anybody can get out of a node."""
