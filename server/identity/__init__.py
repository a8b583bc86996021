"""Who is asking: passwords, sessions, tokens, and the middleware that turns them into a principal."""
