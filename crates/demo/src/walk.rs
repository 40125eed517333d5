//! What a person can paste to see the flows.

use crate::Pair;

/// The steps; each is a line for a POSIX shell with curl.
pub(crate) fn steps(program: &str, base: &str, consumers: &[Pair], users: &[Pair]) -> String {
    let (Some(consumer), Some(user)) = (consumers.first(), users.first()) else {
        return String::new();
    };
    let sign = format!(
        "{} sign --consumer-key {} --consumer-secret {}",
        program,
        quoted(&consumer.name),
        quoted(&consumer.secret)
    );
    let part = |name| format!("$(echo \"$reply\" | tr '&' '\\n' | sed -n 's/^{name}=//p')");
    let (token, secret) = (part("oauth_token"), part("oauth_token_secret"));
    format!(
        "
Paste these into another shell, one after the other.

# 1. the consumer for itself (2-legged)
{sign} GET '{base}/api/whoami' | sh

# 2. a request token, without a callback
reply=$({sign} POST '{base}/oauth/request_token' --callback oob | sh); echo \"$reply\"
token={token}; secret={secret}

# 3. open this page, log in as {name} with password {password}, approve, copy the code
echo \"{base}/oauth/authorize?oauth_token=$token\"

# 4. the access token
printf 'code: '; read -r code
reply=$({sign} POST '{base}/oauth/access_token' --token \"$token\" --token-secret \"$secret\" --verifier \"$code\" | sh); echo \"$reply\"
token={token}; secret={secret}

# 5. the consumer on behalf of {name} (3-legged)
{sign} POST '{base}/api/user' --token \"$token\" --token-secret \"$secret\" --data 'hello=world' | sh

Stop with Ctrl-C.
",
        name = user.name,
        password = user.secret,
    )
}

/// `oauth1` for the examples of this workspace, as a POSIX shell runs it from any folder.
pub const PROGRAM: &str = concat!(
    "cargo run -q --manifest-path '",
    env!("CARGO_MANIFEST_DIR"),
    "/../../Cargo.toml' -p oauth1-server --"
);

/// A word for a POSIX shell.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
