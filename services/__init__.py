"""The independent services of One Window; they never import each other."""
