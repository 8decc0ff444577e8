"""The list of those whom the United States exclude from federal health programmes (LEIE): what it says, and of whom.

Nine of ten of its entries carry no number, so a name alone is a question for a person at the desk. Nothing in here
hides anybody.
"""
