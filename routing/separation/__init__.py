"""Keeps a plan's own drones apart in the air (R10): altitude layers first, then other take-offs.

``separate`` is the step between solve and check. The checker shares none of this arithmetic.
"""
