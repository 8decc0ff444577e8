"""The tests, in storeys: unit (no database), db (both databases), web (pages), architecture (the house), browser."""
