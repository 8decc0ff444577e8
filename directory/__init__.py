"""Stillpoint: find an acupuncturist who has seen people with restless legs syndrome, checked and explained."""
