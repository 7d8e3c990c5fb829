"""Indicators, their sums over four levels, XLSX and PDF."""
