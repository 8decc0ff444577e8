"""What the desk will have to do in the coming weeks: whose papers end when, in people and in hours."""
