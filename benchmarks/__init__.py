"""Benchmarks: own days, peers, common ground and literature, one command and one table.

Never imported by the program itself.
"""
