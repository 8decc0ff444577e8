"""Searches that somebody saved, to be told by letter when a new person fits: no account, and one way out."""
