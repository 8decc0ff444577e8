"""The words that pages show of what the domain knows."""
