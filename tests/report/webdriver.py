# SPDX-License-Identifier: GPL-2.0-or-later
"""Control a browser through chromedriver: WebDriver is HTTP and JSON. Standard library only."""
import base64
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c", "End": "\ue010", "Home": "\ue011", "Left": "\ue012",
        "Up": "\ue013", "Right": "\ue014", "Down": "\ue015", "PageUp": "\ue00e", "PageDown": "\ue00f", "Shift": "\ue008", "Space": " "}


def missing():
    """What is not installed, or None."""
    if not shutil.which("chromedriver"):
        return "chromedriver (Debian: chromium-driver)"
    if not (shutil.which("chromium") or shutil.which("google-chrome")):
        return "chromium"
    return None


class Browser:
    def __init__(self, scratch, size=(1400, 1000), dark=False):
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            port = s.getsockname()[1]
        self.base = "http://127.0.0.1:%d" % port
        env = dict(os.environ, HOME=scratch, TMPDIR=scratch)
        self.driver = subprocess.Popen(["chromedriver", "--port=%d" % port], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
        self.session = None
        try:
            self.begin(scratch, size, dark)
        except BaseException:
            self.close()
            raise

    def begin(self, scratch, size, dark):
        for _ in range(600):
            try:
                if self.call("GET", "/status")["ready"]:
                    break
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        args = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--force-device-scale-factor=1",
                "--user-data-dir=" + os.path.join(scratch, "profile"), "--window-size=%d,%d" % size]
        if dark:
            args.append("--force-dark-mode")
        options = {"args": args, "binary": shutil.which("chromium") or shutil.which("google-chrome")}
        answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.session = "/session/" + answer["sessionId"]

    def call(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(self.base + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as e:
            raise RuntimeError(json.load(e)["value"]["message"]) from None

    def do(self, path, body=None, method="POST"):
        return self.call(method, self.session + path, {} if body is None and method == "POST" else body)

    def open(self, path):
        self.do("/url", {"url": "file://" + path})

    def js(self, script, *args):
        """The value of an expression; args[0] .. are its arguments."""
        return self.do("/execute/sync", {"script": "const args = arguments; return (" + script + ");", "args": list(args)})

    def find(self, css):
        return self.do("/element", {"using": "css selector", "value": css})

    def click(self, css):
        self.do("/element/%s/click" % self.find(css)[ELEMENT])

    def type(self, css, text):
        self.do("/element/%s/value" % self.find(css)[ELEMENT], {"text": text})

    def keys(self, *names):
        """Press and let go, one after the other, wherever the focus is."""
        steps = []
        for n in names:
            held = n.split("+") if len(n) > 1 else [n]
            steps += [{"type": "keyDown", "value": KEYS.get(k, k)} for k in held]
            steps += [{"type": "keyUp", "value": KEYS.get(k, k)} for k in reversed(held)]
        self.do("/actions", {"actions": [{"type": "key", "id": "k", "actions": steps}]})

    def mouse(self, x, y, *buttons):
        """Move to a place of the window; buttons: "click", "double"."""
        steps = [{"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y)}]
        for b in buttons:
            steps += [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}] * (2 if b == "double" else 1)
        self.do("/actions", {"actions": [{"type": "pointer", "id": "m", "parameters": {"pointerType": "mouse"}, "actions": steps}]})

    def drag(self, x0, y0, x1, y1):
        steps = [{"type": "pointerMove", "duration": 0, "x": round(x0), "y": round(y0)}, {"type": "pointerDown", "button": 0},
                 {"type": "pointerMove", "duration": 100, "x": round(x1), "y": round(y1)}, {"type": "pointerUp", "button": 0}]
        self.do("/actions", {"actions": [{"type": "pointer", "id": "m", "parameters": {"pointerType": "mouse"}, "actions": steps}]})

    def seen(self, css):
        """The text that is rendered; works without scripts."""
        return self.do("/element/%s/text" % self.find(css)[ELEMENT], method="GET")

    def wait(self, script, *args):
        """Until the expression is true; its last value. Waits long: a slow machine is not a failure."""
        for _ in range(300):
            value = self.js(script, *args)
            if value:
                return value
            time.sleep(0.1)
        return value

    def devtools(self, command, **params):
        return self.do("/goog/cdp/execute", {"cmd": command, "params": params})

    def complaints(self):
        return [m["message"] for m in self.do("/se/log", {"type": "browser"}) if m["level"] == "SEVERE"]

    def picture(self, path):
        with open(path, "wb") as f:
            f.write(base64.b64decode(self.do("/screenshot", method="GET")))

    def close(self):
        if self.session:
            try:
                self.do("", method="DELETE")
            except (OSError, RuntimeError):
                pass
        self.driver.terminate()
        self.driver.wait()
