"""The PyPI package lti, unmodified: a platform that launches the example's tool."""

import sys

import requests
from lti import ToolConsumer

ME = "lti"
BASE = sys.argv[1]
PARAMS = {
    "lti_message_type": "basic-lti-launch-request",
    "lti_version": "LTI-1p0",
    "resource_link_id": "link 1 & ünïcode",
    "user_id": "u-42",
    "roles": "Instructor,Learner",
    "context_title": "Été ~ 2026 +*'",
    "oauth_callback": "about:blank",
}
failed = 0


def check(claim, holds, why=""):
    global failed
    failed += not holds
    print(f"ok {ME}: {claim}" if holds else f"FAILED {ME}: {claim}: {why}")


def launch(url, key="platform", secret="secret", **changes):
    consumer = ToolConsumer(consumer_key=key, consumer_secret=secret, launch_url=url, params=PARAMS)
    return {**consumer.generate_launch_data(), **changes}


data = launch(f"{BASE}/launch")
got = requests.post(f"{BASE}/launch", data=data)
seen = got.json() if got.status_code == 200 else {}
check("launch", seen.get("resource") == PARAMS["resource_link_id"] and seen.get("user") == "u-42", got.text)
check("its replay is refused", requests.post(f"{BASE}/launch", data=data).status_code == 401)
got = requests.post(f"{BASE}/launch", data=launch(f"{BASE}/launch", roles="Administrator"))
check("a changed role is refused", got.status_code == 401, got.text)
got = requests.post(f"{BASE}/launch", data=launch(f"{BASE}/launch", secret="guess"))
check("a wrong secret is refused", got.status_code == 401, got.text)
got = requests.post(f"{BASE}/launch", data={k: v for k, v in PARAMS.items() if not k.startswith("oauth_")})
check("an unsigned launch is refused", got.status_code == 401, got.text)
got = requests.post(f"{BASE}/launch?course=1", data=launch(f"{BASE}/launch?course=1"))
check("launch with a query", got.status_code == 200, got.text)
# As Canvas does it: the query's parameters again in the form, signed once.
for key, status in (("canvas", 200), ("platform", 401)):
    consumer = ToolConsumer(consumer_key=key, consumer_secret="secret", launch_url=f"{BASE}/launch", params={**PARAMS, "custom_course": "1"})
    got = requests.post(f"{BASE}/launch?custom_course=1", data=consumer.generate_launch_data())
    check(f"query repeated in the form, {key}", got.status_code == status, got.text)
sys.exit(failed > 0)
