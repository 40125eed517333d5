"""requests-oauthlib, unmodified."""

import json
import sys
from urllib.parse import parse_qs, urlencode, urlsplit

import requests
from requests_oauthlib import OAuth1, OAuth1Session

from checks import BASE, KEY, PAIRS, SECRET, USER, answers, check, code, decide, failed, refused

ME = "requests-oauthlib"
FORM = urlencode(PAIRS).encode()
TYPES = {"Content-Type": "application/x-www-form-urlencoded"}

for method in ("HMAC-SHA1", "HMAC-SHA256", "HMAC-SHA512"):
    for place in ("AUTH_HEADER", "QUERY", "BODY"):
        auth = OAuth1(KEY, SECRET, signature_method=method, signature_type=place)
        if place != "BODY":
            got = requests.get(f"{BASE}/api/whoami", params=PAIRS, auth=auth)
            answers(ME, f"2-legged GET, {method}, {place}", got, kind="consumer", consumer_key=KEY)
        got = requests.post(f"{BASE}/api/whoami", data=FORM, headers=TYPES, auth=auth)
        sent = FORM if place == "AUTH_HEADER" else None
        answers(ME, f"2-legged form POST, {method}, {place}", got, sent, kind="consumer", method="POST")

got = requests.get(f"{BASE}/api/whoami", auth=OAuth1(KEY, SECRET, signature_method="PLAINTEXT"))
answers(ME, "2-legged GET, PLAINTEXT", got, kind="consumer")
got = requests.get(f"{BASE}/api/whoami", auth=OAuth1(KEY, "wrong"))
refused(ME, "a wrong consumer secret is refused", got, 401)
got = requests.get(f"{BASE}/api/whoami", auth=OAuth1("nobody", SECRET))
refused(ME, "an unknown consumer is refused", got, 401)
got = requests.get(f"{BASE}/api/user", auth=OAuth1(KEY, SECRET))
refused(ME, "a consumer is no user", got, 403)

with requests.Session() as session:
    request = requests.Request("GET", f"{BASE}/api/whoami", auth=OAuth1(KEY, SECRET)).prepare()
    answers(ME, "a request is accepted once", session.send(request), kind="consumer")
    refused(ME, "its replay is refused", session.send(request), 401)


def three_legged(callback):
    session = OAuth1Session(KEY, SECRET, callback_uri=callback)
    token = session.fetch_request_token(f"{BASE}/oauth/request_token")
    check(ME, f"request token for {callback}", token["oauth_callback_confirmed"] == "true", token)
    return token


def exchange(token, verifier):
    session = OAuth1Session(KEY, SECRET, token["oauth_token"], token["oauth_token_secret"], verifier=verifier)
    return session.fetch_access_token(f"{BASE}/oauth/access_token")


token = three_legged("oob")
verifier = code(decide(token["oauth_token"], "approve"))
refused(ME, "a decided token is decided once", requests.get(f"{BASE}/oauth/authorize", params={"oauth_token": token["oauth_token"]}), 400)
access = exchange(token, verifier)
auth = OAuth1(KEY, SECRET, token["oauth_token"], token["oauth_token_secret"], verifier=verifier)
refused(ME, "a request token is exchanged once", requests.post(f"{BASE}/oauth/access_token", auth=auth), 401)

callback = "http://127.0.0.1:9/cb?x=%7e"
token = three_legged(callback)
answer = decide(token["oauth_token"], "approve")
place = answer.headers.get("location", "")
check(ME, "approval redirects to the callback", answer.status_code == 303 and place.startswith(callback + "&"), place)
found = parse_qs(urlsplit(place).query)
check(ME, "the redirect names the token", found["oauth_token"] == [token["oauth_token"]], found)
access = exchange(token, found["oauth_verifier"][0])

token = three_legged(callback)
answer = decide(token["oauth_token"], "deny")
found = parse_qs(urlsplit(answer.headers["location"]).query)
check(ME, "denial redirects with user_refused", answer.status_code == 303 and found["oauth_problem"] == ["user_refused"], found)

user = OAuth1(KEY, SECRET, access["oauth_token"], access["oauth_token_secret"])
answers(ME, "GET for the user", requests.get(f"{BASE}/api/user", params=PAIRS, auth=user), kind="user", user=USER)
got = requests.post(f"{BASE}/api/user", data=FORM, headers=TYPES, auth=user)
answers(ME, "form POST for the user", got, FORM, kind="user", user=USER)
sent = json.dumps({"a": "é"}).encode()
got = requests.post(f"{BASE}/api/user", data=sent, headers={"Content-Type": "application/json"}, auth=user)
answers(ME, "JSON POST for the user", got, sent, kind="user", user=USER)
plain = OAuth1(KEY, SECRET, access["oauth_token"], access["oauth_token_secret"], signature_method="PLAINTEXT")
answers(ME, "PLAINTEXT for the user", requests.get(f"{BASE}/api/user", auth=plain), kind="user", user=USER)
refused(ME, "a user is no consumer", requests.get(f"{BASE}/api/consumer", auth=user), 403)
refused(ME, "OAuth is refused at /api/public", requests.get(f"{BASE}/api/public", auth=user), 403)
print(f"cannot {ME}: RSA methods: the demo has no RSA consumers yet")
sys.exit(failed > 0)
