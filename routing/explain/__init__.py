"""Why: the binding reason of every order left behind, and the smallest change that carries it.

Owns proofs by trial: a limit is lifted or a change is made, and the day is flown again. Builds on
the first-come-first-served desk's exact sorties; knows no file.
"""

from routing.explain.explain import Explainer, explain_late, explain_unserved

__all__ = ["Explainer", "explain_late", "explain_unserved"]
