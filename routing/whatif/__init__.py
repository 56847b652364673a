"""What if: small differences to a network and its orders, planned again and compared.

Owns scenarios, the sweep that plans many of them, and the table, map and finding that compare
them. Knows the planner; does not know the command line.
"""
