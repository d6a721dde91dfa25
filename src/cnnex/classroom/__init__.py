"""A class: a sheet with numbers of its own for each student of a roster, written by all cores.

A student's folder is the last thing of a student that appears, and it appears complete. So whatever interrupts
the work, the same command takes it up where it was.
"""

from cnnex.classroom.records import Class, Made
from cnnex.classroom.run import write_class

__all__ = ["Class", "Made", "write_class"]
