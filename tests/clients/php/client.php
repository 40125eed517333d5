<?php
// PHP's OAuth extension, unmodified.
$base = $argv[1];
const ME = "php-oauth";
$failed = 0;

function check(string $claim, bool $holds, $why = ""): void
{
    global $failed;
    $failed += $holds ? 0 : 1;
    echo $holds ? "ok " . ME . ": $claim\n" : "FAILED " . ME . ": $claim: $why\n";
}

function client(string $secret = "demo-consumer-secret", string $method = OAUTH_SIG_METHOD_HMACSHA1, int $place = OAUTH_AUTH_TYPE_AUTHORIZATION): OAuth
{
    $client = new OAuth("demo-consumer", $secret, $method, $place);
    $client->setRequestEngine(OAUTH_REQENGINE_STREAMS);
    return $client;
}

/** Status and body; a refusal is an exception in this client. */
function call(OAuth $client, string $url, $data = null, string $method = "GET", array $headers = []): array
{
    try {
        $client->fetch($url, $data, $method, $headers);
        return [200, $client->getLastResponse()];
    } catch (OAuthException $e) {
        return [$e->getCode(), $e->lastResponse ?? ""];
    }
}

function answers(string $claim, array $got, array $expected, ?string $sent = null): void
{
    [$status, $body] = $got;
    $json = json_decode($body, true);
    $good = $status === 200 && is_array($json) && array_intersect_assoc($expected, $json) == $expected;
    if ($good && $sent !== null) {
        $good = $json["body_sha256"] === hash("sha256", $sent);
    }
    check($claim, $good, "$status $body");
}

function decide(string $token, string $decision): array
{
    global $base;
    $cookie = "";
    $step = function (?array $fields) use ($base, $token, &$cookie): array {
        $options = ["method" => $fields ? "POST" : "GET", "follow_location" => 0, "ignore_errors" => true,
            "header" => "Cookie: $cookie\r\nContent-Type: application/x-www-form-urlencoded"];
        if ($fields) {
            $options["content"] = http_build_query($fields);
        }
        $text = file_get_contents("$base/oauth/authorize?oauth_token=$token", false, stream_context_create(["http" => $options]));
        $place = "";
        foreach ($http_response_header as $line) {
            if (preg_match('/^set-cookie: ([^;]+)/i', $line, $m)) {
                $cookie = $m[1];
            }
            if (preg_match('/^location: (.*)$/i', $line, $m)) {
                $place = $m[1];
            }
        }
        preg_match('/name="csrf" value="([^"]*)"/', $text, $m);
        return [$text, $m[1] ?? "", $place];
    };
    [, $csrf] = $step(null);
    [, $csrf] = $step(["csrf" => $csrf, "username" => "demo", "password" => "demo"]);
    return $step(["csrf" => $csrf, "decision" => $decision]);
}

$query = "u=%C3%A9%20%E2%98%83&plus=a%2Bb&marks=~%2A&empty=";
$form = ["u" => "é ☃", "plus" => "a+b", "marks" => "~*'()!", "empty" => ""];
$self = ["kind" => "consumer", "consumer_key" => "demo-consumer"];
foreach ([OAUTH_SIG_METHOD_HMACSHA1, OAUTH_SIG_METHOD_HMACSHA256] as $method) {
    foreach (["header" => OAUTH_AUTH_TYPE_AUTHORIZATION, "query" => OAUTH_AUTH_TYPE_URI] as $name => $place) {
        answers("2-legged GET, $method, $name", call(client(method: $method, place: $place), "$base/api/whoami?$query"), $self);
    }
    foreach (["header" => OAUTH_AUTH_TYPE_AUTHORIZATION, "body" => OAUTH_AUTH_TYPE_FORM] as $name => $place) {
        answers("2-legged form POST, $method, $name", call(client(method: $method, place: $place), "$base/api/whoami", $form, "POST"), $self);
    }
}
[$status] = call(client("wrong"), "$base/api/whoami");
check("a wrong consumer secret is refused", $status === 401, $status);
answers("2-legged GET, PLAINTEXT", call(client(method: OAUTH_SIG_METHOD_PLAINTEXT), "$base/api/whoami"), ["kind" => "consumer"]);
[$status] = call(client(), "$base/api/user");
check("a consumer is no user", $status === 403, $status);
$fixed = client();
$fixed->setNonce("the-same");
$fixed->setTimestamp((string) time());
answers("a request is accepted once", call($fixed, "$base/api/whoami"), $self);
[$status] = call($fixed, "$base/api/whoami");
check("its replay is refused", $status === 401, $status);

$client = client();
$token = $client->getRequestToken("$base/oauth/request_token", "oob", "POST");
[$text] = decide($token["oauth_token"], "approve");
preg_match('/id="verifier">([^<]+)</', $text, $m);
$client->setToken($token["oauth_token"], $token["oauth_token_secret"]);
$access = $client->getAccessToken("$base/oauth/access_token", null, $m[1], "POST");
check("3-legged with oob", isset($access["oauth_token"]));

$client = client();
$token = $client->getRequestToken("$base/oauth/request_token", "http://127.0.0.1:9/cb?x=1", "POST");
[, , $place] = decide($token["oauth_token"], "approve");
parse_str(parse_url($place, PHP_URL_QUERY), $found);
check("approval redirects", ($found["x"] ?? "") === "1", $place);
$client->setToken($token["oauth_token"], $token["oauth_token_secret"]);
$access = $client->getAccessToken("$base/oauth/access_token", null, $found["oauth_verifier"], "POST");
$token = client()->getRequestToken("$base/oauth/request_token", "http://127.0.0.1:9/cb", "POST");
[, , $place] = decide($token["oauth_token"], "deny");
check("denial redirects with user_refused", str_contains($place, "oauth_problem=user_refused"), $place);

$client = client();
$client->setToken($access["oauth_token"], $access["oauth_token_secret"]);
$user = ["kind" => "user", "user" => "demo"];
answers("GET for the user", call($client, "$base/api/user?$query"), $user);
answers("form POST for the user", call($client, "$base/api/user", $form, "POST"), $user);
$json = '{"a":1}';
answers("JSON POST for the user", call($client, "$base/api/user", $json, "POST", ["Content-Type" => "application/json"]), $user, $json);
echo "cannot " . ME . ": HMAC-SHA512: it has HMAC-SHA1, HMAC-SHA256, PLAINTEXT and RSA-SHA1\n";
echo "cannot " . ME . ": repeated names: PHP sends r[0]=2&r[1]=1\n";
exit($failed > 0 ? 1 : 0);
