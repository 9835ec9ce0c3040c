"""The plain application to compare with; it runs in a virtual environment of its own, and knows nothing of ours."""
