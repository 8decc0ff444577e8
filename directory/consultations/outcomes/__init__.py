"""Did it work? What became of asking somebody, in one tap, and what follows where several people say the same."""
