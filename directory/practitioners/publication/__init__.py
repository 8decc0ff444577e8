"""Whether the public may see somebody."""
