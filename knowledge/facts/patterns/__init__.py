"""What questions look like, grouped by what they ask for: predicates over a question with its names masked."""
