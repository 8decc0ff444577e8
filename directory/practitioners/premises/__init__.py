"""Where somebody works."""
