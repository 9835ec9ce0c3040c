"""What the node tells people by mail."""
