"""Lets a recording run where only loopback exists, if the system allows it; whatever is left running ends with it."""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys

INSIDE = "GOODMEASURE_RECORDING_INSIDE"
GET_FLAGS, SET_FLAGS, UP = 0x8913, 0x8914, 0x1


def is_inside() -> bool:
    """Tell whether this process runs in the namespaces already."""
    return INSIDE in os.environ


def enter(module: str, arguments: list[str]) -> bool:
    """Restart `module` in namespaces of its own. True once inside, False where the system does not allow them."""
    if is_inside():
        _bring_loopback_up()
        return True
    command = ["unshare", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid() != 0:
        command.append("--map-root-user")
    if (
        shutil.which("unshare") is None
        or subprocess.run([*command, "true"], check=False, capture_output=True).returncode != 0
    ):
        return False
    os.environ[INSIDE] = "1"
    program = [*command, sys.executable, "-m", module, *arguments]
    return os.execvp(program[0], program)  # noqa: S606  # no shell is wanted between


def _bring_loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        name = b"lo".ljust(16, b"\0")
        reply = fcntl.ioctl(any_socket, GET_FLAGS, struct.pack("16sH14x", name, 0))
        (flags,) = struct.unpack("16xH14x", reply)
        fcntl.ioctl(any_socket, SET_FLAGS, struct.pack("16sH14x", name, flags | UP))
