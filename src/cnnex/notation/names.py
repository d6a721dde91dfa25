"""Canonical names of symbols, and how they fall into parts.

A name is a base and its indices, joined by low lines: `x`, `x_1`, `k_1_2`, `W_out`. A derivative is
one symbol, `dL/dk_1`: as a quotient the chain rule would cancel to nonsense.
"""

from __future__ import annotations

from functools import cache

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
    "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ",
    "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "lambda": "λ",
}  # fmt: skip


@cache
def derivative(name: str) -> tuple[str, str] | None:
    """Numerator and denominator of a derivative's name, None for any other name.

    >>> derivative("dL/dk_1"), derivative("k_1")
    (('L', 'k_1'), None)
    """
    above, slash, below = name.partition("/")
    return (above[1:], below[1:]) if slash else None


@cache
def split(name: str) -> tuple[str, tuple[str, ...]]:
    """Base and indices of a name.

    >>> split("k_1_2"), split("W_out")
    (('k', ('1', '2')), ('W', ('out',)))
    """
    base, *indices = name.split("_")
    return base, tuple(indices)
