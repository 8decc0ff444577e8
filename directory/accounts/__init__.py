"""Who someone is and what they may do: accounts, how they prove themselves, and one table of permissions."""
