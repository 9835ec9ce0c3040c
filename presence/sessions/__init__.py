"""Who is it: listeners without an account by an opaque cookie, the operator by a one-time token."""
