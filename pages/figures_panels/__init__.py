"""Panels of the figures screen."""
