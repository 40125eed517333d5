// node-oauth (the package oauth), unmodified.
"use strict";
const crypto = require("crypto");
const { OAuth } = require("oauth");

const base = process.argv[2];
const me = "node-oauth";
let failed = 0;

function check(claim, holds, why) {
  if (!holds) failed += 1;
  console.log(holds ? `ok ${me}: ${claim}` : `FAILED ${me}: ${claim}: ${why}`);
}

function client(secret, callback, method = "HMAC-SHA1") {
  return new OAuth(`${base}/oauth/request_token`, `${base}/oauth/access_token`,
    "demo-consumer", secret, "1.0", callback, method);
}

// Resolves to [status, body, headers].
const call = (act) => new Promise((resolve) => act((error, data, response) =>
  error && error.statusCode
    ? resolve([error.statusCode, error.data, response ? response.headers : {}])
    : resolve([response ? response.statusCode : 0, data, response ? response.headers : {}])));

function answers(claim, [status, body], expected, sent) {
  let good = status === 200;
  if (good) {
    const json = JSON.parse(body);
    good = Object.entries(expected).every(([name, value]) => json[name] === value);
    if (sent !== undefined) {
      good = good && json.body_sha256 === crypto.createHash("sha256").update(sent).digest("hex");
    }
  }
  check(claim, good, `${status} ${body}`);
}

async function decide(token, decision) {
  const url = `${base}/oauth/authorize?oauth_token=${token}`;
  let cookie = "";
  const step = async (fields) => {
    const response = await fetch(url, {
      method: fields ? "POST" : "GET",
      body: fields ? new URLSearchParams(fields) : undefined,
      headers: cookie ? { cookie } : {},
      redirect: "manual",
    });
    const set = response.headers.get("set-cookie");
    if (set) cookie = set.split(";")[0];
    const text = await response.text();
    return { response, text, csrf: (text.match(/name="csrf" value="([^"]*)"/) || [])[1] };
  };
  let page = await step();
  page = await step({ csrf: page.csrf, username: "demo", password: "demo" });
  return step({ csrf: page.csrf, decision });
}

const requestToken = (oauth) => new Promise((resolve, reject) =>
  oauth.getOAuthRequestToken((error, token, secret) => error ? reject(error) : resolve({ token, secret })));
const exchange = (oauth, { token, secret }, verifier) => new Promise((resolve, reject) =>
  oauth.getOAuthAccessToken(token, secret, verifier, (error, token, secret) =>
    error ? reject(error) : resolve({ token, secret })));

async function main() {
  const plain = client("demo-consumer-secret", "oob");
  const query = "u=%C3%A9%20%E2%98%83&plus=a%2Bb&marks=~*&empty=";
  answers("2-legged GET", await call((done) => plain.get(`${base}/api/whoami?${query}`, "", "", done)),
    { kind: "consumer", consumer_key: "demo-consumer", user: null });
  const form = { u: "é ☃", plus: "a+b", marks: "~*'()!", empty: "" };
  answers("2-legged form POST", await call((done) => plain.post(`${base}/api/whoami`, "", "", form, null, done)),
    { kind: "consumer", method: "POST" });
  const signed = plain.signUrl(`${base}/api/whoami?${query}`, "", "", "GET");
  const once = await fetch(signed);
  check("parameters in the query", once.status === 200, once.status);
  const twice = await fetch(signed);
  check("a replay is refused", twice.status === 401, twice.status);
  let [status] = await call((done) => client("wrong", "oob").get(`${base}/api/whoami`, "", "", done));
  check("a wrong consumer secret is refused", status === 401, status);
  answers("2-legged GET, PLAINTEXT", await call((done) =>
    client("demo-consumer-secret", "oob", "PLAINTEXT").get(`${base}/api/whoami`, "", "", done)), { kind: "consumer" });
  [status] = await call((done) => plain.get(`${base}/api/user`, "", "", done));
  check("a consumer is no user", status === 403, status);

  let token = await requestToken(plain);
  let page = await decide(token.token, "approve");
  const verifier = page.text.match(/id="verifier">([^<]+)</)[1];
  let access = await exchange(plain, token, verifier);
  check("3-legged with oob", Boolean(access.token && access.secret), "no token");
  const again = await exchange(plain, token, verifier).catch((error) => error);
  check("a request token is exchanged once", again.statusCode === 401, JSON.stringify(again));

  const withCallback = client("demo-consumer-secret", "http://127.0.0.1:9/cb?x=1");
  token = await requestToken(withCallback);
  page = await decide(token.token, "approve");
  const place = new URL(page.response.headers.get("location"));
  check("approval redirects", page.response.status === 303 && place.searchParams.get("x") === "1", place);
  access = await exchange(withCallback, token, place.searchParams.get("oauth_verifier"));
  token = await requestToken(withCallback);
  page = await decide(token.token, "deny");
  const denied = new URL(page.response.headers.get("location")).searchParams.get("oauth_problem");
  check("denial redirects with user_refused", denied === "user_refused", denied);

  const user = { kind: "user", user: "demo" };
  answers("GET for the user", await call((done) => plain.get(`${base}/api/user?${query}`, access.token, access.secret, done)), user);
  answers("form POST for the user", await call((done) => plain.post(`${base}/api/user`, access.token, access.secret, form, null, done)), user);
  const json = JSON.stringify({ a: "é" });
  answers("JSON POST for the user", await call((done) =>
    plain.post(`${base}/api/user`, access.token, access.secret, json, "application/json", done)), user, json);
  console.log(`cannot ${me}: HMAC-SHA256 and -SHA512: it has HMAC-SHA1, PLAINTEXT and RSA-SHA1`);
  console.log(`cannot ${me}: repeated names in the query: it signs them as one, against section 3.4.1.3.2`);
  console.log(`cannot ${me}: parameters in the body: it knows header and URL`);
}

main().then(() => process.exit(failed > 0 ? 1 : 0), (error) => {
  console.log(`FAILED ${me}: ${JSON.stringify(error)} ${error.stack || ""}`);
  process.exit(1);
});
