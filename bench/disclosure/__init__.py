"""Attackers of what is published, who share nothing with the code that hides small counts."""
