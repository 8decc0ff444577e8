"""The people, where they work, and what they say about themselves."""
