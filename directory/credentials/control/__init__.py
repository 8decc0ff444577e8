"""A licence is not the person who shows it: proving who keeps a profile, over a way that others named."""
