"""Everything that the review of one case needs to know, read in one statement."""
