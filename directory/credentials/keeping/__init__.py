"""What falls due, what still waits, and the letters that remind of it."""
