"""Samples of all families, drawn with a fixed seed, so that an instructor can browse before choosing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from cnnex.generator import generate_set
from cnnex.model.gallery import FamilySamples, Sample, Slip, TopicSamples
from cnnex.model.problem_set import slip_line
from cnnex.plans import deal
from cnnex.topics import load_topic, topic_names
from cnnex.topics._family import LEVELS, Family

SEED = "gallery"


def gallery() -> tuple[TopicSamples, ...]:
    """All topics with a sample of each family at each level: always the same ones.

    >>> [sample.level for sample in gallery()[0].families[0].samples]
    ['easy', 'medium', 'hard']
    """
    return tuple(
        TopicSamples(topic.name, topic.title, tuple(_family(topic.name, family) for family in topic.families))
        for topic in map(load_topic, topic_names())
    )


def _family(topic: str, family: Family[Any]) -> FamilySamples:
    return FamilySamples(family.id, family.title, tuple(_sample(topic, family, level) for level in LEVELS))


def _sample(topic: str, family: Family[Any], level: str) -> Sample:
    problems = generate_set(deal([topic], [family.id], 1, level), SEED)
    (shown,) = problems.sheet(solutions=True).items
    problem = problems.items[0].problem
    slips = [(mistake, slip_line(problem, mistake)) for mistake in problem.mistakes]
    return Sample(
        level,
        replace(shown, slip=None),  # it is the first of the mistakes
        tuple(Slip(mistake.id, line, mistake.hint) for mistake, line in slips if line),
    )
