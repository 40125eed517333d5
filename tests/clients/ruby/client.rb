# ruby-oauth (the gem oauth), unmodified.
require "oauth"
require "oauth/signature/plaintext"
require "json"
require "digest"
require "net/http"

BASE = ARGV[0]
ME = "ruby-oauth"
$failed = 0

def check(claim, holds, why = "")
  $failed += 1 unless holds
  puts(holds ? "ok #{ME}: #{claim}" : "FAILED #{ME}: #{claim}: #{why}")
end

def consumer(secret: "demo-consumer-secret", scheme: :header, method: "HMAC-SHA1")
  OAuth::Consumer.new("demo-consumer", secret, site: BASE, scheme: scheme, signature_method: method)
end

def answers(claim, response, expected, sent = nil)
  good = response.code == "200"
  if good
    json = JSON.parse(response.body)
    good = expected.all? { |name, value| json[name] == value }
    good &&= json["body_sha256"] == Digest::SHA256.hexdigest(sent) if sent
  end
  check(claim, good, "#{response.code} #{response.body}")
end

def decide(token, decision)
  uri = URI("#{BASE}/oauth/authorize?oauth_token=#{token}")
  cookie = nil
  step = lambda do |fields|
    request = fields ? Net::HTTP::Post.new(uri) : Net::HTTP::Get.new(uri)
    request["Cookie"] = cookie if cookie
    request.set_form_data(fields) if fields
    response = Net::HTTP.start(uri.host, uri.port) { |http| http.request(request) }
    cookie = response["Set-Cookie"].split(";").first if response["Set-Cookie"]
    [response, response.body.to_s[/name="csrf" value="([^"]*)"/, 1]]
  end
  _, csrf = step.call(nil)
  _, csrf = step.call({ "csrf" => csrf, "username" => "demo", "password" => "demo" })
  step.call({ "csrf" => csrf, "decision" => decision }).first
end

QUERY = "u=%C3%A9%20%E2%98%83&plus=a%2Bb&marks=~%2A&empty=&r=2&r=1"
FORM = { "u" => "é ☃", "plus" => "a+b", "marks" => "~*'()!", "empty" => "", "r" => %w[2 1] }
SELF = { "kind" => "consumer", "consumer_key" => "demo-consumer", "user" => nil }

%w[HMAC-SHA1].each do |method|
  %i[header query_string].each do |scheme|
    one = consumer(scheme: scheme, method: method)
    answers("2-legged GET, #{method}, #{scheme}", one.request(:get, "/api/whoami?#{QUERY}"), SELF)
  end
  %i[header body].each do |scheme|
    one = consumer(scheme: scheme, method: method)
    answers("2-legged form POST, #{method}, #{scheme}", one.request(:post, "/api/whoami", nil, {}, FORM), SELF)
  end
end
wrong = consumer(secret: "wrong").request(:get, "/api/whoami")
check("a wrong consumer secret is refused", wrong.code == "401" && wrong["WWW-Authenticate"].to_s.start_with?("OAuth "), wrong.code)
plain = consumer(method: "PLAINTEXT").request(:get, "/api/whoami")
answers("2-legged GET, PLAINTEXT", plain, { "kind" => "consumer" })
kind = consumer.request(:get, "/api/user")
check("a consumer is no user", kind.code == "403", kind.code)

request_token = consumer.get_request_token(oauth_callback: "oob")
verifier = decide(request_token.token, "approve").body[/id="verifier">([^<]+)</, 1]
request_token.get_access_token(oauth_verifier: verifier)
check("3-legged with oob", true)
begin
  request_token.get_access_token(oauth_verifier: verifier)
  check("a request token is exchanged once", false, "accepted")
rescue OAuth::Unauthorized => e
  check("a request token is exchanged once", e.request.code == "401", e.request.code)
end

request_token = consumer.get_request_token(oauth_callback: "http://127.0.0.1:9/cb?x=1")
answer = decide(request_token.token, "approve")
found = URI.decode_www_form(URI(answer["Location"]).query).to_h
check("approval redirects", answer.code == "303" && found["x"] == "1", answer["Location"])
access = request_token.get_access_token(oauth_verifier: found["oauth_verifier"])
request_token = consumer.get_request_token(oauth_callback: "http://127.0.0.1:9/cb")
answer = decide(request_token.token, "deny")
check("denial redirects with user_refused", answer["Location"].to_s.include?("oauth_problem=user_refused"), answer["Location"])

user = { "kind" => "user", "user" => "demo" }
answers("GET for the user", access.get("/api/user?#{QUERY}"), user)
answers("form POST for the user", access.post("/api/user", FORM), user)
json = JSON.generate({ "a" => "é" })
answers("JSON POST for the user", access.post("/api/user", json, { "Content-Type" => "application/json" }), user, json)
puts "cannot #{ME}: HMAC-SHA256 and -SHA512: Debian's version has HMAC-SHA1, PLAINTEXT and RSA-SHA1"
exit($failed.zero? ? 0 : 1)
