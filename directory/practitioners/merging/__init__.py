"""What is kept of two profiles that may be, or were found to be, of one person."""
