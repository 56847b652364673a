"""Proof of a plan: rules R1-R12 of docs/design.md, from the input, one file a rule.

Owns its own arithmetic for geodesics, wind, energy, zones and sweeps, written from
docs/design.md; it shares none with the planner, so that one mistake cannot hide in both. Does not
know the solver, the leg table or any file format.
"""

from routing.checker.check import check_plan
from routing.checker.violation import RULES, Place, Rule, Violation

__all__ = ["RULES", "Place", "Rule", "Violation", "check_plan"]
