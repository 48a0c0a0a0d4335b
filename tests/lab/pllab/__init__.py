# SPDX-License-Identifier: MIT
"""The private-link lab: an Azure of network namespaces and real servers.

Read in this order: world.py (what is there), faults.py (what can go wrong),
net.py, certs.py, zones.py, web.py and servers.py (how it is built), scenario.py (how a
scenario is judged), sandbox.py (how nothing leaks out).
"""
