"""The command line: load, one call, write. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from cnnex import __version__
from cnnex.cli.generate import generate
from cnnex.cli.grade import grade
from cnnex.cli.lists import banks, schema, topics
from cnnex.errors import CnnexError


class Refusal(click.ClickException):
    """What can't be done, in one sentence."""

    exit_code = CnnexError.exit_code


class Commands(click.Group):
    """Shows our refusals as one sentence with their exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except CnnexError as error:
            raise Refusal(str(error)) from None
        except BrokenPipeError:  # the reader has seen enough: click ends quietly
            raise
        except OSError as error:
            # What is left in the buffer would fail again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise Refusal(f"can't write the output: {error.strerror or error}") from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cnnex")
def main() -> None:
    """Write and grade exercises on convolutional neural networks."""


for command in (generate, grade, topics, banks, schema):
    main.add_command(command)
