# SPDX-License-Identifier: MIT
FAULTS = {}
def apply(w, text):
    pass
