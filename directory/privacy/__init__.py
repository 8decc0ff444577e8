"""Somebody's own data as a whole: all of it to take along, and leaving, across every feature."""
