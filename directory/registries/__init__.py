"""What others say about people: registers that were not made for us, read as they are. Nobody in them is listed."""
