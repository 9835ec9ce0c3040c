"""Recordings of sets and tracks: taken in piece by piece, kept under random names, heard from their tier on."""
