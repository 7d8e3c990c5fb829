"""Panels of the finder: the form, the answer's map and what can be done with an offer."""
