"""What the product does by itself, again and again: which jobs there are, and how they run without doubling."""
