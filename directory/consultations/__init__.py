"""A patient asks one to three people for a talk, they answer, a time is found. Neither learns the other's address."""
