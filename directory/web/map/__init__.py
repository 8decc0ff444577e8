"""The map of a list: what is drawn, where, and the same in words."""
