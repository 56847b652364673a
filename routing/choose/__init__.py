"""Which clinics next, which fleet, where a second base, and who is near: a planner's choices.

Owns the search over sets, sizes and places, each judged by planning days again. Builds on
scenarios (``routing.whatif``) and the solver; knows no file but candidates' values.
"""
