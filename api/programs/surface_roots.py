"""Where each family of answers to programs stands, and what is special of its refusals."""

from __future__ import annotations

from api.programs.problems import ProblemForm

OGC, HSDS = "/ogc", "/hsds"
HSDS_PROFILE = f"{HSDS}/profile"
OGC_FORM = ProblemForm(statuses={422: 400})  # the standard names 400 for a parameter that is unknown or does not fit
