"""What a patient tells us about themselves, and what follows from it. Pure: nothing here is stored by this package."""
