"""What the artist sends to her node to be taken in: files, folders, zips, pages, and texts that she types."""
