"""Reading: what is typed means what it should, and what can't be read is refused at its place."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnex.answers.canonical import Canonical
from cnnex.answers.polynomial import NoValueError, TooBigError
from cnnex.notation.formula import FUNCTIONS, Formula, Term
from cnnex.notation.latex import latex
from cnnex.notation.lists import array, shape
from cnnex.notation.plain import plain
from cnnex.notation.read import Reading, expression
from cnnex.notation.symbols import Symbols
from cnnex.notation.tokens import ReadError

NAMES = Symbols(
    ["a", "b", "c", "W", "p", "K", "s", "N", "k_1", "k_2", "x_1", "x_2", "x_3", "y_1", "x_1_2", "x_2_1", "W_0_1",
     "W_out", "alpha", "gamma", "L", "dL/dy_1", "dL/dy_2", "dL/dk_1"]
)  # fmt: skip

EXPRESSIONS = {
    "a*x_1 + b*x_2": ["ax_1+bx_2", "a x1 + b x2", "a·x₁ + b×x₂", r"a \cdot x_{1} + b \times x_{2}", "(a)(x_1)+b x[2]"],
    "2*k_1*x_2": ["2k_1x_2", "2 k1 x2", "2k1x2", r"2\,k_1\;x_2", "2(k_1)(x_2)"],
    "a*b": ["ab", "a b", "a(b)", "(a)(b)", "{a}{b}"],
    "x_1_2": ["x_{1,2}", "x_12", "x12", "x[1,2]", "x[1][2]", "x₁₂", "x_{1, 2}", "x_1_2", "x_(1,2)", "x(1,2)", "x₁,₂"],
    "W_out": ["W_{out}", r"W_{\text{out}}", "Wout", r"W_{\mathrm{out}}"],
    "dL/dy_1*k_1": [
        "dL/dy1 k1",
        "𝜕𝐿/𝜕𝑦₁ 𝑘₁",
        "∂ℒ/∂y_1 𝐤_1",
        "∂L/∂y₁ k_1",
        r"\frac{\partial L}{\partial y_1} k_1",
        r"\frac{dL}{dy_{1}}k_1",
        r"\partial L / \partial y_1 \cdot k_1",
        r"\frac{\mathrm{d}L}{\mathrm{d}y_1} k_1",
        r"\frac{\partial{L}}{\partial{y_1}} k_1",
    ],
    "max(a + b, c)": ["max((a+b), c)", "max((a + b, c))", "max(((a+b), c))"],
    "a**2": ["a^2", "a^{2}", "a²", "a^(2)", "a^(1+1)"],
    "-a**2": ["-a^2", "−a²"],
    "1/4*a": ["1/4 a", "1/4a", "¼ a", "0.25a", r"\frac14 a", r"\tfrac{1}{4}a", "25e-2 a"],
    "a/b*c": ["a/b*c", "a/b c"],
    "floor((W + 2*p - K)/s) + 1": ["⌊(W+2p−K)/s⌋ + 1", r"\left\lfloor \frac{W+2p-K}{s} \right\rfloor + 1"],
    "floor((-W)/s)": ["-W//s"],
    "-floor(W/s)": ["-(W//s)"],
    "(-1)*(W % s)": ["-(W % s)"],
    "(-W) % s": ["-W % s", "-W mod s", r"-W \bmod s", "mod(-W, s)"],
    "max(a, b, 0)": [
        "max{a, b, 0}",
        r"\max\left(a, b, 0\right)",
        "max([a, b, 0])",
        "max((a, b, 0))",
        "np.maximum(a, b, 0)",
    ],
    "abs(a - b)": ["|a-b|", "∣a-b∣", r"\left|a-b\right|", "ABS(a-b)"],
    "abs(a)*abs(b) - abs(abs(c) - 1)": ["|a||b| - ||c|-1|"],
    "relu(a)": ["ReLU(a)", r"\mathrm{ReLU}(a)", r"\operatorname{relu}(a)", "F.relu(a)"],
    "exp(-a)": ["e^{-a}", "e^-a", "exp(-a)", r"\exp(-a)", r"\mathrm{e}^{-a}"],
    "ln(a)": ["log(a)", r"\ln a", "ln a"],
    "sqrt(a)": ["√a", r"\sqrt{a}", "sqrt(a)"],
    "a**(1/3)": [r"\sqrt[3]{a}", "a^(1/3)"],
    "1234567": ["1,234,567", "1 234 567", "1_234_567", "1'234'567", "1{,}234{,}567", r"1\,234\,567", "1.234567e6"],
    "3/200": ["1.5%", "1.5 %"],
    "alpha*gamma": [r"\alpha\gamma", r"\alpha \, \gamma", "αγ", "alpha gamma"],
}


@pytest.mark.parametrize(("meaning", "typed"), [(m, t) for m, texts in EXPRESSIONS.items() for t in texts])
def test_spellings_of_expressions(meaning: str, typed: str) -> None:
    assert plain(expression(typed, NAMES).term) == meaning.replace("1/4", plain(expression("1/4", NAMES).term))


@pytest.mark.parametrize(
    ("typed", "position"),
    [
        ("a + * b", 5),
        ("a + q_7", 5),
        ("((a+b)", 7),
        ("a b)", 4),
        ("", 1),
        ("a +", 4),
        ("2 3", 3),
        ("floor(a", 8),
        ("max()", 5),
        ("a.(b)", 3),
        ("'a'", 1),
        ("a<b", 2),
        (r"\frac{a}", 9),
        ("a = b = c", 7),
        ("2,5", 1),
        ("2 1/2", 1),
        ("2½", 1),
        ("1 234,567", 1),
        ("1,234 567", 2),
        ("1,234.5,678", 3),
        ("а+b", 1),
        ("a + Κ", 5),
        ("a\u200b+b", 2),
        ("a\x07", 2),
        ("a+ｂ", 3),
        ("9**9**9**9", 5),
        ("1e999", 1),
        ("a^", 3),
        ("⌊a⌉", 3),
        ("a⁻", 2),
        ("dL/dy_7", 1),
        ("e + a", 1),
        ("__import__('os')", 1),
    ],
)
def test_refusals_name_the_place(typed: str, position: int) -> None:
    with pytest.raises(ReadError) as refusal:
        expression(typed, NAMES)
    assert refusal.value.position == position
    assert str(refusal.value).startswith(f"At character {position}: ")


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("a + x_4", "did you mean x_3?"),
        ("K1", "did you mean k_1?"),
        ("k", "did you mean k_1 or k_2?"),
        ("а", "looks like a, but is another character (U+0430 cyrillic small letter a)"),
        ("2,5 a", "does 2,5 mean 2.5 or two values?"),
        ("a.5", "does .5 mean 0.5, or is the point a sign of multiplication?"),
        ("2 1/2", "does 2 1/2 mean a sum or a product?"),
        ("3*4 = 12", "write only the result, without an equals sign"),
        ("ln 2a", "write the argument of ln in brackets"),
        (r"\sum_i k_i x_i", "sum isn't known here; write the terms with + between them"),
        (r"y = \sum_{i=1}^3 k_i", "sum isn't known here; write the terms with + between them"),
        ("a:2", ": isn't known here; write / for a division, and = after a name"),
        ("∏ k_i", "∏ isn't known here; write the factors with * between them"),
    ],
)
def test_refusals_help(typed: str, hint: str) -> None:
    with pytest.raises(ReadError, match="At character") as refusal:
        expression(typed, NAMES)
    assert hint in str(refusal.value)


MATRICES = [
    "[[a, b], [0, c]]",
    "[a b; 0 c]",
    "[a, b; 0, c]",
    "[a b\n 0 c]",
    "a b\n0 c",
    "a, b\n0, c",
    "a\tb\n0\tc",
    "[a b]\n[0 c]",
    "[[a b]\n [0 c]]",
    "[a, b], [0, c]",
    "((a, b), (0, c))",
    "{{a, b}, {0, c}}",
    "[(a, b), (0, c)]",
    "a & b \\\\ 0 & c",
    r"\begin{bmatrix} a & b \\ 0 & c \end{bmatrix}",
    r"\begin{pmatrix}a&b\\0&c\\\end{pmatrix}",
    r"$$\begin{matrix}a&b\\0&c\end{matrix}$$",
    r"\left[\begin{array}{cc} a & b \\ 0 & c \end{array}\right]",
    "np.array([[a, b], [0, c]], dtype=object)",
    "Matrix([[a, b], [0, c]])",
    "array([[a, b],\n       [0, c]])",
    "torch.tensor([[a, b], [0, c]])",
    "M = [a b; 0 c]",
    "[[a, 0], [b, c]]^T",
    "[a 0; b c]'",
    "[[a, 0], [b, c]].T",
    r"\begin{bmatrix} a & 0 \\ b & c \end{bmatrix}^{\top}",
    "| a b |\n| 0 c |",
    "⎡a b⎤\n⎣0 c⎦",
    "[ a  b ;\n  0  c ].",
    "1*[[a, b], [0, c]]",
    "[[2a, 2b], [0, 2c]]/2",
    "transpose([[a, 0], [b, c]])",
    "np.transpose(np.array([[a, 0], [b, c]])).",
    "torch.tensor([[a, 0], [b, c]]).t()",
    "[[a, 0], [b, c]].transpose()",
    r"\begin{pmatrix} a & b \\[2pt] 0 & c \end{pmatrix}",
]


@pytest.mark.parametrize("typed", MATRICES)
def test_layouts_of_matrices(typed: str) -> None:
    term = array(typed, NAMES, "matrix").term
    spelled = plain(term).replace("1*", "").replace("2*", "").replace("/2", "").replace("0/1", "0")
    assert spelled == "[[a, b], [0, c]]"


VECTORS = [
    "[a - b, 2, -c]",
    "(a-b, 2, -c)",
    "a-b, 2, -c",
    "[a-b 2 -c]",
    "a - b 2 -c",
    "[a-b; 2; -c]",
    "[[a-b], [2], [-c]]",
    "a-b\n2\n-c",
    r"\begin{bmatrix} a - b \\ 2 \\ -c \end{bmatrix}",
    "[a - b, 2, -c]^T",
    r"\{a-b, 2, -c\}",
    "⟨a-b, 2, -c⟩",
    "<a-b, 2, -c>",
    "y = <a-b, 2, -c>^T",
    "y = [a-b, 2, -c]",
    "y_1 = a-b, y_2 = 2, y_3 = -c",
    "(a - b; 2; -c)",
    "np.array([a-b, 2, -c])",
    "[a-b, 2,\n -c]",
]


@pytest.mark.parametrize("typed", VECTORS)
def test_layouts_of_vectors(typed: str) -> None:
    assert plain(array(typed, NAMES, "vector").term) == "[a - b, 2, -c]"


@pytest.mark.parametrize(
    "typed",
    [
        "(3, W, 126)",
        "[3, W, 126]",
        "3 x W x 126",
        "3xWx126",
        "3×W×126",
        r"3 \times W \times 126",
        "3, W, 126",
        "3 W 126",
        "torch.Size([3, W, 126])",
        "tf.TensorShape([3, W, 126])",
        "R^{3xWx126}",
        r"\mathbb{R}^{3 \times W \times 126}",
        "3 by W by 126",
        "shape: (3, W, 126)",
        "(3,\nW,\n126)",
    ],
)
def test_spellings_of_shapes(typed: str) -> None:
    assert plain(shape(typed, NAMES).term) == "(3, W, 126)"


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("[[1, 2], [3]]", "row 1 has 2 entries, but row 2 has 1 entry"),
        ("[[[1, 2]], [[3, 4], [5, 6]]]", "nested unevenly"),
        ("[1, 2", "the closing ] is missing"),
        ("[1,,2]", "an entry is missing"),
        ("[]", "the list is empty"),
        ("(1,024, 3)", "write large numbers without commas"),
        ("y_2 = 1, y_1 = 2", "write the entries in order"),
    ],
)
def test_lists_that_are_none(typed: str, why: str) -> None:
    with pytest.raises(ReadError, match=why.replace("[", r"\[")):
        array(typed, NAMES, "matrix")


def trees() -> st.SearchStrategy[Term]:
    leaves: st.SearchStrategy[Term] = st.one_of(
        st.sampled_from([Formula("symbol", name) for name in NAMES.names]),
        st.integers(-20, 20),
        st.fractions(-5, 5, max_denominator=9),
    )
    functions = [name for name in FUNCTIONS if name not in ("max", "min")]

    def extend(inner: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
        return st.one_of(
            st.lists(inner, min_size=2, max_size=4).map(lambda terms: Formula("add", *terms)),
            st.lists(inner, min_size=2, max_size=4).map(lambda terms: Formula("mul", *terms)),
            inner.map(lambda term: Formula("div", term, Formula("symbol", "a"))),
            st.tuples(inner, st.integers(0, 5)).map(lambda pair: Formula("pow", *pair)),
            st.tuples(st.sampled_from(functions), inner).map(lambda pair: Formula("call", *pair)),
            st.lists(inner, min_size=2, max_size=3).map(lambda terms: Formula("call", "max", *terms)),
            st.tuples(inner, inner).map(lambda pair: Formula("add", pair[0], Formula("neg", pair[1]))),
        )

    return st.recursive(leaves, extend, max_leaves=12)


@settings(max_examples=150, deadline=None)
@given(trees())
def test_what_is_printed_reads_back(term: Term) -> None:
    once = expression(plain(term), NAMES).term
    assert plain(expression(plain(once), NAMES).term) == plain(once)


ALPHABET = "abcWpKsxk_123.,;+-*/^()[]{}|= \n\\%&'⌊⌋²₁·−∂dLeE" + "а\u200b½√"


def outcome(read: Callable[[], Reading]) -> Reading | ReadError:
    try:
        return read()
    except ReadError as refusal:
        return refusal


@settings(max_examples=300, deadline=None)
@given(st.text(ALPHABET, max_size=40) | st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    for found in (
        outcome(lambda: expression(text, NAMES)),
        outcome(lambda: array(text, NAMES, "matrix")),
        outcome(lambda: array(text, NAMES, "vector")),
        outcome(lambda: shape(text, NAMES)),
    ):
        if isinstance(found, ReadError):
            assert 1 <= found.position <= len(text) + 1
        else:
            assert plain(found.term)


@settings(max_examples=150, deadline=None)
@given(trees())
def test_what_is_set_in_latex_reads_back(term: Term) -> None:
    """Students copy formulas from the sheet; signs may go elsewhere, the value may not."""
    asked = Canonical(NAMES.names, "positive")
    try:
        value = asked.of(term)
    except (NoValueError, TooBigError):
        return
    typed = latex(term)
    assert asked.same(asked.of(expression(typed, NAMES).term), value), typed
