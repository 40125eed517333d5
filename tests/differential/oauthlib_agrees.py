"""oauthlib on the cases that differential-cases prints: it has to agree on each."""

import json
import sys
from urllib.parse import quote

from oauthlib.oauth1.rfc5849 import signature as s

SIGN = {
    "HMAC-SHA1": s.sign_hmac_sha1_with_client,
    "HMAC-SHA256": s.sign_hmac_sha256_with_client,
    "HMAC-SHA512": s.sign_hmac_sha512_with_client,
    "PLAINTEXT": s.sign_plaintext_with_client,
}


class Client:
    def __init__(self, case):
        self.client_secret = case["consumer_secret"]
        self.resource_owner_secret = case["token"][1] if case["token"] else ""


compared = failed = 0
for line in sys.stdin:
    found = json.loads(line)
    case = found["case"]
    pairs = [tuple(pair) for pair in case["query"] + (case["form"] or [])]
    pairs += [
        ("oauth_consumer_key", case["consumer_key"]),
        ("oauth_signature_method", case["signature_method"]),
        ("oauth_timestamp", str(case["timestamp"])),
        ("oauth_nonce", case["nonce"]),
        ("oauth_version", "1.0"),
    ]
    if case["token"]:
        pairs.append(("oauth_token", case["token"][0]))
    base = s.signature_base_string(case["method"], s.base_string_uri(case["uri"]), s.normalize_parameters(pairs))
    signature = SIGN[case["signature_method"]](base, Client(case))
    compared += 1
    if (base, signature) != (found["base_string"], found["signature"]):
        failed += 1
        print("DIFFERS", json.dumps(case), base, found["base_string"], signature, found["signature"], sep="\n  ")
print(f"{compared} compared with oauthlib, {failed} differ")
sys.exit(failed > 0 or compared == 0)
