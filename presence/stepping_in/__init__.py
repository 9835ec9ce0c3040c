"""Stepping in: the artist looks in where she may, takes a conversation over, writes herself, and hands it back."""
