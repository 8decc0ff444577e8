"""Keys for programs that ask the interface a lot, and counters of how much of a quota is used: never what was asked."""
