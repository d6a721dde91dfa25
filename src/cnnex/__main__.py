"""`python -m cnnex`."""

from cnnex.cli import main

main()
