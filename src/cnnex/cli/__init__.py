"""The command line: load, one call, write. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

from typing import Any

import click

from cnnex import __version__
from cnnex.cli.generate import generate
from cnnex.cli.grade import grade
from cnnex.cli.lists import banks, schema, topics
from cnnex.errors import CnnexError


class Commands(click.Group):
    """Shows our refusals as one sentence with their exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CnnexError as error:
            refusal = click.ClickException(str(error))
            refusal.exit_code = error.exit_code
            raise refusal from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cnnex")
def main() -> None:
    """Write and grade exercises on convolutional neural networks."""


for command in (generate, grade, topics, banks, schema):
    main.add_command(command)
