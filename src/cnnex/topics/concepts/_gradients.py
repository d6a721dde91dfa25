"""Where gradients go, and in which shares."""

from __future__ import annotations

from collections.abc import Mapping

from cnnex.maths.backprop import grad_weight1d
from cnnex.maths.geometry import DoesNotFitError
from cnnex.maths.pooling import average_pool2d_routes, max_pool2d_routes, scatter
from cnnex.model import conventions as says
from cnnex.model.prose import prose
from cnnex.notation.formula import matrix
from cnnex.topics.concepts._case import IDEAS, Case
from cnnex.topics.concepts._claim import Claim, lists
from cnnex.topics.concepts._trials import line, named, row

GRADIENTS: Mapping[str, tuple[str, str]] = {
    "gradient-to-all": (
        "It was misjudged which entries of a window have a share in its maximum.",
        "Change an entry that is not the largest a little. Does the maximum change?",
    ),
    "gradients-not-added": (
        "It was misjudged what happens to the gradients of several outputs that depend on the same value.",
        "Change the value a little. How many outputs change, and how much do they change the loss together?",
    ),
    "gradient-stopped": (
        "It was misjudged what a layer without parameters does to a gradient.",
        "Change one entry of its input a little. Does its output change?",
    ),
}  # fmt: skip
"""Of each misconception what went wrong, and where to look."""

SUM_RULE = (says.UNIQUE_MAXIMUM,)


def _pool(kind: str, image: list[list[int]], window: int, stride: int, upstream: list[list[int]]) -> dict[str, object]:
    more = (
        {"dilation": [1, 1], "ceil_mode": False} if kind == "max" else
        {"ceil_mode": False, "count_include_pad": True, "divisor_override": None}
    )  # fmt: skip
    return {
        "operation": f"{kind}_pool2d", "input": image, "kernel_size": [window] * 2, "stride": [stride] * 2,
        "padding": [0, 0], **more, "grad_output": upstream,
    }  # fmt: skip


@IDEAS.add("max-pooling-gradient", "easy medium hard", "gradient-to-all", "window input:1")
def _max_gradient(p: Case) -> Claim:
    g = 4 * p.input[0]
    found = scatter(2, 2, max_pool2d_routes(p.window, ((g,),), 2, 2))
    return Claim(
        prose("Max pooling takes the largest entry of the window {x}. The gradient of the loss for the output is {g}.",
              x=matrix(p.window), g=g),
        prose(
            "The entries of the window that are not its maximum get gradient 0." if p.holds else
            "Each entry of the window gets an equal share of the gradient, {share}.",
            share=g // 4,
        ),
        _pool("max", lists(p.window), 2, 2, [[g]]), "grad_input", found, "=",
        found if p.holds else ((g // 4,) * 2,) * 2,
        (prose("A small change of another entry does not change the maximum, {m}, so only the maximum has an "
               "influence: "
               "the gradient is {d}.", m=max(map(max, p.window)), d=matrix(found)),),
        conventions=SUM_RULE,
    )  # fmt: skip


@IDEAS.add("overlap-gradient", "medium hard", "gradients-not-added", "image input:4")
def _overlap_gradient(p: Case) -> Claim:
    upstream = (p.input[:2], p.input[2:4])
    routes = max_pool2d_routes(p.image, upstream, 2, 1)
    found = scatter(3, 3, routes)
    last = scatter(3, 3, routes, lambda _, new: new)
    if found == last:
        raise DoesNotFitError("no entry of the image is the largest of two windows")
    return Claim(
        prose("Max pooling with window 2 × 2 and stride 1, so with overlapping windows, is applied to {x}. The "
              "gradient "
              "of the loss for its output is {g}.", x=matrix(p.image), g=matrix(upstream)),
        prose(
            "An entry that is the maximum of several windows gets the sum of their gradients." if p.holds else
            "The rule for a single window can be used unchanged: an entry that is the maximum of several windows gets "
            "the gradient of one of them, the last."
        ),
        _pool("max", lists(p.image), 2, 1, lists(upstream)), "grad_input", found, "=", found if p.holds else last,
        (prose("Such an entry changes several outputs, and its gradient is the sum over all of them. Here the gradient "
               "is {d}; without adding it would be {e}.", d=matrix(found), e=matrix(last)),),
        conventions=SUM_RULE,
    )  # fmt: skip


@IDEAS.add("average-pooling-gradient", "easy medium hard", "gradient-stopped", "window input:1")
def _average_gradient(p: Case) -> Claim:
    g = 4 * p.input[0]
    found = scatter(2, 2, average_pool2d_routes(2, 2, ((g,),), 2, 2))
    return Claim(
        prose("Average pooling takes the mean of the window {x}. The gradient of the loss for the output is {g}.",
              x=matrix(p.window), g=g),
        prose(
            "Although the layer has no parameters, the gradient goes through it: each entry gets {v}." if p.holds else
            "Because the layer has no parameters, the gradient stops there: each entry gets {v}.",
            v=g // 4 if p.holds else 0,
        ),
        _pool("avg", lists(p.window), 2, 2, [[g]]), "grad_input", found, "=",
        found if p.holds else ((0, 0), (0, 0)),
        (prose("Each of the 4 entries has weight 1/4 in the mean, so each gets a quarter of {g}. Layers without "
               "parameters "
               "learn nothing, but they pass the gradient on to the layers before.", g=g),),
    )  # fmt: skip


@IDEAS.add("overlapping-average", "hard", "gradients-not-added", "input:4")
def _overlapping_average(p: Case) -> Claim:
    a, b, c, d = (4 * each for each in p.input[:4])
    upstream = ((a, b), (c, d))
    routes = average_pool2d_routes(3, 3, upstream, 2, 1)
    found, last = scatter(3, 3, routes), scatter(3, 3, routes, lambda _, new: new)
    claimed = found if p.holds else last
    return Claim(
        prose("Average pooling with window 2 × 2 and stride 1, so with overlapping windows, is applied to an image of "
              "3 × 3 entries. The gradient of the loss for its output is {g}.", g=matrix(upstream)),
        prose(
            "An entry gets the shares of all windows that it lies in: the one in the centre gets {v}." if p.holds else
            "An entry gets a share of one window, the last that it lies in: the one in the centre gets {v}.",
            v=claimed[1][1],
        ),
        _pool("avg", lists(p.image), 2, 1, lists(upstream)), "grad_input", found, "=", claimed,
        (prose("The entry in the centre has weight 1/4 in each of the four means, so it gets a quarter of the sum of "
               "their gradients. For the whole image the gradient is {d}.", d=matrix(found)),),
    )  # fmt: skip


@IDEAS.add("shared-weight-gradient", "easy medium", "gradients-not-added", "kernel input:5")
def _shared_gradient(p: Case) -> Claim:
    x = p.input[:5]
    upstream = (1, 1, 1)
    found = grad_weight1d(x, upstream, 3)
    claimed = found if p.holds else x[:3]
    return Claim(
        prose("A convolution layer slides {k} over {x} with stride 1 and no padding. The gradient of the loss for each "
              "of its 3 outputs is 1.", k=named("k", p.kernel), x=named("x", x)),
        prose(
            "The gradient for the first weight adds the inputs that it meets in all windows: it is {v}." if p.holds else
            "The gradient for the first weight is the input that it meets in the first window: it is {v}.",
            v=claimed[0],
        ),
        line(x, p.kernel, grad_output=[1, 1, 1]), "grad_weight", found, "=", claimed,
        (prose("A shared weight acts in every window, so its gradient adds up over all of them. For the three "
               "weights it "
               "is {d}.", d=row(found)),),
        conventions=(says.CROSS_CORRELATION, says.NO_BIAS),
    )  # fmt: skip
