# SPDX-License-Identifier: MIT
"""What runs inside the sandbox: `scenario KIT BUILD NAME...`, `demo KIT BUILD tunnel|no-tunnel` or
`shell KIT ROLE FAULT,... -- COMMAND`."""
import os
import signal
import socket
import sys
import traceback

from . import demo, lab, sandbox, scenario


def shell(kit, role, names, command):
    w = scenario.make_world(role, kit, [n for n in names.split(",") if n])
    place = lab.Lab(w)
    place.up()
    w.env["LAB_INVENTORY"] = scenario.inventory_file(place, {})
    return place.run_as_role(command).returncode


def main(arguments):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sandbox.build_root()
        if arguments[0] == "shell":
            socket.sethostname("lab-" + arguments[2])
            status = shell(arguments[1], arguments[2], arguments[3], arguments[5:])
        elif arguments[0] == "demo":
            socket.sethostname("vpn-laptop")
            status = demo.run(arguments[1], arguments[2], arguments[3] == "tunnel")
        else:
            status = scenario.run(arguments[1], arguments[2], arguments[3], arguments[4:])
    except sandbox.Skip as reason:
        print(f"skipped: {reason}")
        status = sandbox.SKIP
    except KeyboardInterrupt:
        status = 130
    except Exception:  # pylint: disable=broad-except
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    os._exit(status if status >= 0 else 128 - status)  # the kernel ends the servers


if __name__ == "__main__":
    main(sys.argv[1:])
