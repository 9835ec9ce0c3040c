"""What the node tells people who want to be told: by mail, and by push to their browsers."""
