"""Panels of the coverage screen."""
