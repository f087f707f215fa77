"""Starts one child process that cannot outlive whoever started it.

Run as a script, before anything else is loaded:
`launcher.py <parent pid> <signal when the parent dies> <user or -> <command> ...`.
A launcher is used instead of a pre-exec function because the parent has threads.
"""

import ctypes
import os
import pwd
import sys

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def become(user: str) -> None:
    """Give up root for a named user.

    PostgreSQL refuses to run as root. Its files may lie below a folder only root can
    enter (`/root` itself), and opening that folder to everyone would be worse, so the
    one capability to pass file permissions is kept where the kernel allows it.
    """
    entry = pwd.getpwnam(user)
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    os.environ.update(HOME="/", USER=user, LOGNAME=user)
    wanted = 1 << CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    effective_permitted_inheritable = (ctypes.c_uint32 * 6)(wanted, wanted, wanted, 0, 0, 0)
    libc.capset(header, effective_permitted_inheritable)
    libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def die_with(parent: int, signal_number: int) -> None:
    """Ask the kernel to send a signal when the parent is gone, however it went."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent ended before its child began")


def launch(arguments: list[str]) -> None:
    """Become the command."""
    parent, signal_number, user, *command = arguments
    if user != "-":
        become(user)
    # After the change of user: the kernel forgets the signal when credentials change.
    die_with(int(parent), int(signal_number))
    os.execvp(command[0], command)


if __name__ == "__main__":
    launch(sys.argv[1:])
