"""Peers: other solvers on the same days, each in a process of its own.

A peer module reads a ``Sheet``, writes an ``Answer`` and knows nothing of the program; it runs in
the environment ``.venv-bench`` (numpy and the peers only).
"""
