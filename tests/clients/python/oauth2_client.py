"""python-oauth2 (the package oauth2), unmodified."""

import sys
from types import SimpleNamespace
from urllib.parse import parse_qsl, parse_qs, urlencode, urlsplit
import json

import oauth2

from checks import BASE, KEY, SECRET, USER, answers, check, code, decide, failed, refused

ME = "python-oauth2"
# It takes a repeated name in the URL only.
ONCE = [("u", "é ☃"), ("plus", "a+b"), ("marks", "~*'()!"), ("empty", "")]
# Its own reading of a form body fails on anything but ASCII.
FORM = urlencode([("u", "a b"), *ONCE[1:]]).encode()


def call(client, url, method="GET", body=b"", headers=None):
    response, content = client.request(url, method, body=body, headers=headers or {})
    text = content.decode()
    return SimpleNamespace(
        status_code=response.status, headers=response, text=text, json=lambda: json.loads(text)
    )


consumer = oauth2.Consumer(KEY, SECRET)
plain = oauth2.Client(consumer)
query = urlencode([*ONCE[:3], ("r", "2"), ("r", "1")])
answers(ME, "2-legged GET", call(plain, f"{BASE}/api/whoami?{query}"), kind="consumer", consumer_key=KEY)
got = call(plain, f"{BASE}/api/whoami", "POST", FORM)
answers(ME, "2-legged form POST, parameters in the body", got, kind="consumer", method="POST")
refused(ME, "a wrong consumer secret is refused", call(oauth2.Client(oauth2.Consumer(KEY, "wrong")), f"{BASE}/api/whoami"), 401)
text = oauth2.Client(consumer)
text.set_signature_method(oauth2.SignatureMethod_PLAINTEXT())
answers(ME, "2-legged GET, PLAINTEXT", call(text, f"{BASE}/api/whoami"), kind="consumer")


def request_token(callback):
    client = oauth2.Client(consumer)
    body = urlencode({"oauth_callback": callback}).encode()
    got = call(client, f"{BASE}/oauth/request_token", "POST", body)
    check(ME, f"request token for {callback}", got.status_code == 200, f"{got.status_code} {got.text}")
    found = dict(parse_qsl(got.text))
    return oauth2.Token(found["oauth_token"], found["oauth_token_secret"])


def exchange(token, verifier):
    token.set_verifier(verifier)
    return call(oauth2.Client(consumer, token), f"{BASE}/oauth/access_token", "POST")


token = request_token("oob")
got = exchange(token, code(decide(token.key, "approve")))
check(ME, "exchange after oob", got.status_code == 200, f"{got.status_code} {got.text}")
refused(ME, "a request token is exchanged once", exchange(token, token.verifier), 401)
token = request_token("http://127.0.0.1:9/cb?x=1")
place = decide(token.key, "approve").headers["location"]
got = exchange(token, parse_qs(urlsplit(place).query)["oauth_verifier"][0])
check(ME, "exchange after a callback", got.status_code == 200, f"{got.status_code} {got.text}")
access = dict(parse_qsl(got.text))
user = oauth2.Client(consumer, oauth2.Token(access["oauth_token"], access["oauth_token_secret"]))
answers(ME, "GET for the user", call(user, f"{BASE}/api/user?{query}"), kind="user", user=USER)
answers(ME, "form POST for the user", call(user, f"{BASE}/api/user", "POST", FORM), kind="user", user=USER)
sent = b'{"a": 1}'
got = call(user, f"{BASE}/api/user", "POST", sent, {"Content-Type": "application/json"})
answers(ME, "JSON POST for the user", got, sent, kind="user", user=USER)
print(f"cannot {ME}: unicode in a form body: it decodes the form as ASCII and fails")
print(f"cannot {ME}: HMAC-SHA256 and -SHA512: it has HMAC-SHA1, PLAINTEXT and, by hand, RSA-SHA1")
sys.exit(failed > 0)
