"""The languages and insurers that people and places refer to."""
