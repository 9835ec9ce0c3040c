"""Embedders: texts to unit vectors. Opened by the bootstrap alone, since one of them loads torch."""
