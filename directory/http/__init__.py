"""What every request meets, whichever page it asks for: who may, in which transaction, with which headers and in
which language."""
