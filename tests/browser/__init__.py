"""A real browser opens the pages."""
