"""The ledger of public entries: since when somebody is shown, when what is shown last changed, and when it went.

It decides nothing: who may be shown is computed whenever it is read. It remembers, so that whoever copies the directory
can ask for what changed and for what to take out again, and so that an answer can be recognised as the same.
"""
