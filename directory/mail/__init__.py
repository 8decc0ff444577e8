"""Letters to people: what they say, the outbox in which they wait, and how they leave the house."""
