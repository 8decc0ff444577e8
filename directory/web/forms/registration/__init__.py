"""The forms of a registration, one for each step."""
