"""Several processes on one database: who lives, who does what one alone may do, and what they count together.

On SQLite there is one process, which leads, and none of this costs anything.
"""
