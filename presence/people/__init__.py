"""People and their ways in: what each tier opens, who asks to be let in, and who introduced whom."""
