"""How people prove who they are: passwords, tokens, sessions, resets. Knows no requests."""
