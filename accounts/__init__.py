"""People: who may edit, how they prove it, and their sessions. Knows nothing of what they edit."""
