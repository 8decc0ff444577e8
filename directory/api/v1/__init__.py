"""Version 1 of the JSON interface: one table of operations, from which routes, checks and the description are made."""
