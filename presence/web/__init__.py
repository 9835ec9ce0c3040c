"""Pages and the HTTP API; handlers hold no rules, they call what asking and knowledge offer."""
