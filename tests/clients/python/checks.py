"""What both Python clients share: the checks' lines, and a browser."""

import hashlib
import re
import sys

import requests

BASE = sys.argv[1]
KEY, SECRET, USER, PASSWORD = "demo-consumer", "demo-consumer-secret", "demo", "demo"
PAIRS = [("u", "é ☃"), ("plus", "a+b"), ("marks", "~*'()!"), ("empty", ""), ("r", "2"), ("r", "1")]
failed = 0


def check(client, claim, holds, why=""):
    global failed
    failed += not holds
    print(f"ok {client}: {claim}" if holds else f"FAILED {client}: {claim}: {why}")


def answers(client, claim, response, sent=None, **expected):
    """The resource saw this caller and exactly these bytes."""
    text = response.text
    good = response.status_code == 200
    if good:
        json = response.json()
        good = all(json[name] == value for name, value in expected.items())
        if sent is not None:
            good = good and json["body_bytes"] == len(sent)
            good = good and json["body_sha256"] == hashlib.sha256(sent).hexdigest()
    check(client, claim, good, f"{response.status_code} {text}")


def refused(client, claim, response, *statuses):
    status = response.status_code
    challenge = response.headers.get("www-authenticate", "").startswith("OAuth ")
    check(client, claim, status in statuses and (status != 401 or challenge), f"{status}")


def decide(token, decision):
    """A browser without scripts: logs in and decides."""
    browser = requests.Session()
    url = f"{BASE}/oauth/authorize?oauth_token={token}"
    hidden = lambda page: dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))
    page = browser.get(url)
    page = browser.post(url, data={**hidden(page), "username": USER, "password": PASSWORD})
    return browser.post(url, data={**hidden(page), "decision": decision}, allow_redirects=False)


def code(page):
    return re.search(r'id="verifier">([^<]+)<', page.text)[1]
