"""The command line: load, one call, write. Nothing heavy is imported before a command needs it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from cnnex import __version__
from cnnex.cli.check import check
from cnnex.cli.decide import forget, override
from cnnex.cli.gallery import gallery
from cnnex.cli.generate import generate
from cnnex.cli.grade import grade
from cnnex.cli.init import init
from cnnex.cli.lists import banks, schema, topics
from cnnex.cli.look import explain, review
from cnnex.cli.regrade import regrade
from cnnex.cli.render import render
from cnnex.cli.stress import stress
from cnnex.errors import CnnexError


class Commands(click.Group):
    """Shows every refusal as one sentence with its exit code, ours and those of click alike."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **options: Any) -> Any:
        try:
            return super().main(args, *rest, **{**options, "standalone_mode": False})
        except click.Abort as interruption:
            _end(f"Aborted! {interruption}".rstrip(), 1)
        except click.exceptions.NoArgsIsHelpError as error:
            _end(error.format_message(), 2)
        except click.UsageError as error:
            where = f" (see {error.ctx.command_path} --help)" if error.ctx else ""
            _end(f"Error: {error.format_message().rstrip('.')}{where}", 2)
        except CnnexError as error:
            _end(f"Error: {error}", error.exit_code)
        except BrokenPipeError:  # the reader has seen enough
            _discard_output()
            sys.exit(1)
        except OSError as error:
            _discard_output()
            _end(f"Error: can't write the output: {error.strerror or error}", 2)


def _end(words: str, exit_code: int) -> None:
    click.echo(words, err=True)
    sys.exit(exit_code)


def _discard_output() -> None:
    """Let what is left in the buffer of standard output go nowhere, where it would fail again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cnnex")
def main() -> None:
    """Write and grade exercises on convolutional neural networks."""


for command in (
    init, generate, render, grade, regrade, explain, override, review, forget, check, topics, banks, gallery, schema,
    stress,
):  # fmt: skip
    main.add_command(command)
