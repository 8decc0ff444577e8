"""Finding and ranking: what is asked, how it is scored, the index in memory, and the one way in, ``service.find``."""
