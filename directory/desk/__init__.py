"""The verification desk: what waits, everything needed to decide it, and the way of a decision to what it is about."""
