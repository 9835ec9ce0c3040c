"""What the operator sees of a running node: figures over time, and what does not agree."""
