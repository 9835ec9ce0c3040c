"""The voice an artist gives her presence: files that she edits, and what code says whatever they are."""
