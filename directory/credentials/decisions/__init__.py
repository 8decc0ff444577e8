"""What the desk decided about a claim, on what it had seen: written once, and never changed."""
