"""Public instances read into the same ``Instance`` the planner solves, each with its own judge.

A judge recomputes cost and feasibility from the raw file and shares nothing with the engine.
"""
