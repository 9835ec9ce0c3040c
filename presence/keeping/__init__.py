"""Keeping a node: everything in one sealed file, checked by reading it again, and put back elsewhere from it."""
