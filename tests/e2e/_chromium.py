# SPDX-License-Identifier: MIT
"""Chromium without a window, spoken to through its own pipe (DevTools
protocol, one JSON text and a NUL each way), so that a page can be looked at as
its readers will, and asked what it tried to load and what it complained of."""
import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess

LIMIT_S = 240  # for all that one browser is asked
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
         "--disable-dev-shm-usage", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--disable-extensions",
         "--disable-default-apps", "--hide-scrollbars", "--remote-debugging-pipe")


def find():
    return shutil.which("chromium")


class Browser:
    """One page of one browser."""

    def __init__(self, folder):
        to_read, self.to = os.pipe()
        self.back, to_write = os.pipe()
        self.rest, self.last, self.events = b"", 0, []
        # The browser reads from 3 and writes to 4, and has no other home.
        self.child = subprocess.Popen(
            ["sh", "-c", f'exec "$@" 3<&{to_read} 4>&{to_write}', "sh", find(),
             *FLAGS, f"--user-data-dir={folder}/profile", "about:blank"],
            pass_fds=(to_read, to_write), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "HOME": folder, "XDG_CONFIG_HOME": folder,
                 "XDG_CACHE_HOME": folder, "LD_PRELOAD": ""})
        os.close(to_read)
        os.close(to_write)
        signal.signal(signal.SIGALRM, self.too_late)
        signal.alarm(LIMIT_S)
        self.session = None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target,
                                flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")

    def too_late(self, *_):
        self.end()
        raise TimeoutError(f"the browser took more than {LIMIT_S} s")

    def end(self):
        signal.alarm(0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait()

    def message(self):
        while b"\0" not in self.rest:
            more = os.read(self.back, 1 << 20)
            if not more:
                raise EOFError("the browser is gone")
            self.rest += more
        one, self.rest = self.rest.split(b"\0", 1)
        return json.loads(one)

    def ask(self, method, **params):
        self.last += 1
        question = {"id": self.last, "method": method, "params": params}
        if self.session:
            question["sessionId"] = self.session
        os.write(self.to, json.dumps(question).encode() + b"\0")
        while True:
            got = self.message()
            if got.get("id") == self.last:
                if "error" in got:
                    raise RuntimeError(f"{method}: {got['error']}")
                return got["result"]
            self.events.append(got)

    def load(self, path):
        """The page, loaded; gives what it complained of and asked for."""
        self.events.clear()
        self.ask("Page.navigate", url=f"file://{path}")
        while not any(e.get("method") == "Page.loadEventFired" for e in self.events):
            self.events.append(self.message())
        return self.complaints(path)

    def complaints(self, path):
        out = []
        for event in self.events:
            method, params = event.get("method"), event.get("params")
            if method == "Log.entryAdded":
                out.append(f"complains: {params['entry']['text'][:200]}")
            elif method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
                out.append(f"runs a script: {str(params)[:200]}")
            elif method == "Network.requestWillBeSent":
                url = params["request"]["url"].split("#")[0]
                if url != f"file://{path}":
                    out.append(f"asks for {url[:200]}")
        return out

    def value(self, script):
        got = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in got:
            raise RuntimeError(str(got["exceptionDetails"])[:400])
        return got["result"].get("value")

    def look_like(self, width, dark=False, media=""):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900,
                 deviceScaleFactor=1, mobile=False)
        self.ask("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def picture(self, path):
        got = self.ask("Page.captureScreenshot", captureBeyondViewport=True)
        data = base64.b64decode(got["data"])
        with open(path, "wb") as file:
            file.write(data)
        return data

    def print(self):
        return base64.b64decode(self.ask("Page.printToPDF")["data"])
