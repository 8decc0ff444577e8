"""What may be stated of a paper, a cover or a declaration, and in which shape. Nothing here writes."""
