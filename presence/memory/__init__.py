"""What listeners let the presence remember, for who reads and for who recommends; and how it is all deleted."""
