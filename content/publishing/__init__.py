"""When and to whom content is shown, and what is kept of it: states, trash, revisions, text."""
