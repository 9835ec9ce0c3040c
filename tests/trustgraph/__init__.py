"""Tests of trustgraph."""
