"""Chooses sorties and gives them times: instance, search, columns, cover, bound, solve.

The only part that knows OR-Tools and numba. Works on numbers alone (``Instance``): sites, orders
and drones are indices here, and a day of any network, or of the literature, is the same to it.
"""
