"""What both sides are written. No letter holds a fact about health, an address, or a word that one wrote to the other:
it says that there is something to read, and where."""
