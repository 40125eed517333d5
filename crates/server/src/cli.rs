//! The command line.

use clap::{
    Args, Parser, Subcommand,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use oauth1_provider::core::Leniency;

/// OAuth 1.0a provider: a demo server, and the administration of consumers.
#[derive(Parser)]
#[command(name = "oauth1", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run a server with a seeded consumer and user, to see the 2-legged and 3-legged flows.
    Demo(Demo),
    /// Add, list, show, disable, enable and delete consumers in a database.
    Consumer(Consumer),
    /// Make keys that seal secrets in a database, and rotate them.
    Keys(Keys),
    /// Sign a request and print it, as a curl command or otherwise.
    Sign(Sign),
    /// Tell why a raw HTTP/1.1 request's signature does not match.
    ///
    /// Exit code 0: it matches; 1: it does not; 2: the input is of no use. The expected signature
    /// is printed: keep it from the client.
    Explain(Explain),
}

#[derive(Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) options: oauth1_demo::Options,
    #[command(flatten)]
    pub(crate) limits: ConnectionLimits,
}

/// What connections may take of the server.
#[derive(Args, Clone, Copy)]
pub(crate) struct ConnectionLimits {
    /// How long an HTTP/1 request's head may take to come, the first as well as those that follow
    /// on the same connection.
    #[arg(long, value_name = "SECONDS", default_value_t = 30,
        value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) head_timeout: u64,
    /// How long a connection may wait for its client to send, or to take, the next byte. Waiting
    /// for databases counts, too: it should be longer than they may take.
    #[arg(long, value_name = "SECONDS", default_value_t = 60,
        value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) idle_timeout: u64,
    /// How many connections may be open at once, if the system gives files for so many; further ones
    /// wait.
    #[arg(long, value_name = "NUMBER", default_value_t = 4_096,
        value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) connections: u16,
}

/// Where consumers and tokens are kept.
#[derive(Args)]
pub(crate) struct Database {
    /// Database URL: `sqlite:PATH`, `postgres://...` or `mysql://...`.
    #[arg(
        long,
        value_name = "URL",
        env = "OAUTH1_DATABASE",
        hide_env_values = true,
        global = true,
        default_value = "sqlite:oauth1.db"
    )]
    pub(crate) database: String,
    /// A file with the keys that seal secrets [default: those in the environment variable
    /// `OAUTH1_KEYS`, if any].
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) keys: Option<std::path::PathBuf>,
}

#[derive(Args)]
pub(crate) struct Consumer {
    #[command(flatten)]
    pub(crate) database: Database,
    /// The Redis of providers with caches, as they have it in `--replay`: they see a change at once
    /// instead of within their `--cache`.
    #[arg(long, value_name = "URL", global = true)]
    pub(crate) notify: Option<String>,
    /// Print JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) action: ConsumerAction,
}

#[derive(Args)]
pub(crate) struct Keys {
    #[command(subcommand)]
    pub(crate) action: KeysAction,
}

#[derive(Subcommand)]
pub(crate) enum KeysAction {
    /// Print a new key as a line of a key file: keep it from the database's readers.
    Generate {
        /// Its name, which stands beside what it sealed: a date, say.
        id: String,
    },
    /// Seal every secret with the first key of the ring; afterwards the others may go.
    ///
    /// Providers go on working meanwhile; an interrupted rotation is simply started again. Add a
    /// new key behind the old one wherever the database is used, then put it first, then rotate.
    Rotate {
        #[command(flatten)]
        database: Database,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
pub(crate) enum ConsumerAction {
    /// Add a consumer; its secret is generated, unless given, and printed once.
    Add(ConsumerAdd),
    /// List all consumers.
    List,
    /// Show one consumer, without its secret.
    Show {
        /// Its key.
        key: String,
    },
    /// Refuse a consumer's requests.
    Disable {
        /// Its key.
        key: String,
        /// Why.
        #[arg(long, default_value = "disabled by the operator")]
        reason: String,
    },
    /// Accept a disabled consumer's requests again.
    Enable {
        /// Its key.
        key: String,
    },
    /// Delete a consumer and all its tokens.
    Delete {
        /// Its key.
        key: String,
    },
}

#[derive(Args)]
pub(crate) struct ConsumerAdd {
    /// Its key.
    pub(crate) key: String,
    /// The name that users see [default: the key].
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Its secret, from the environment variable `OAUTH1_CONSUMER_SECRET` or here (where other
    /// users of this machine may see it) [default: generated].
    #[arg(
        long,
        env = "OAUTH1_CONSUMER_SECRET",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    pub(crate) secret: Option<String>,
    /// In place of a secret, its RSA public key or certificate in PEM.
    #[arg(long, value_name = "FILE", conflicts_with = "secret")]
    pub(crate) rsa_public_key: Option<std::path::PathBuf>,
    /// The fewest bits its RSA key may have; fewer than 2048 can be broken.
    #[arg(long, value_name = "BITS", default_value = "2048", requires = "rsa_public_key",
        value_parser = clap::value_parser!(u16).range(1024..=8192))]
    pub(crate) minimum_key_bits: u16,
    /// A callback it may use, exactly; repeatable.
    #[arg(long, value_name = "URL")]
    pub(crate) callback: Vec<String>,
    /// It may use any http(s) callback on a loopback host.
    #[arg(long)]
    pub(crate) loopback_callbacks: bool,
    /// It may use `oob`, without a callback.
    #[arg(long)]
    pub(crate) oob: bool,
    /// It may not call for itself, without a token.
    #[arg(long)]
    pub(crate) no_two_legged: bool,
    /// A deviation from the RFC that it needs; repeatable.
    #[arg(long, value_name = "NAME", value_parser = leniency())]
    pub(crate) leniency: Vec<Leniency>,
    /// Whether `oauth_body_hash` counts.
    #[arg(long, value_enum, default_value = "if-present")]
    pub(crate) body_hash: BodyHash,
    /// Lifetime of its access tokens in seconds [default: without end].
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) token_lifetime: Option<u64>,
}

#[derive(Args)]
pub(crate) struct Sign {
    /// The HTTP method.
    pub(crate) method: String,
    /// The URL, query included.
    pub(crate) url: String,
    /// The consumer key.
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) consumer_key: String,
    /// The consumer secret.
    #[arg(
        long,
        env = "OAUTH1_CONSUMER_SECRET",
        hide_env_values = true,
        allow_hyphen_values = true,
        required_unless_present = "private_key"
    )]
    pub(crate) consumer_secret: Option<String>,
    /// In place of a secret, an RSA private key in PEM; the method is then RSA-SHA1 by default.
    #[arg(long, value_name = "FILE")]
    pub(crate) private_key: Option<std::path::PathBuf>,
    /// The request or access token.
    #[arg(long, allow_hyphen_values = true, requires = "token_secret")]
    pub(crate) token: Option<String>,
    /// Its secret.
    #[arg(long, allow_hyphen_values = true, requires = "token")]
    pub(crate) token_secret: Option<String>,
    /// `oauth_callback`, for a request token.
    #[arg(long)]
    pub(crate) callback: Option<String>,
    /// `oauth_verifier`, for an access token.
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) verifier: Option<String>,
    /// A form body, such as a=1&b=2; repeated ones are joined.
    #[arg(long, allow_hyphen_values = true)]
    pub(crate) data: Vec<String>,
    /// A JSON body.
    #[arg(long, allow_hyphen_values = true, conflicts_with = "data")]
    pub(crate) json: Option<String>,
    /// With `oauth_body_hash`, which covers a body that is no form.
    #[arg(long, conflicts_with = "data")]
    pub(crate) body_hash: bool,
    /// The signature method, such as HMAC-SHA256 [default: HMAC-SHA1].
    #[arg(long = "method", alias = "signature-method", value_name = "NAME")]
    pub(crate) signature_method: Option<String>,
    /// Where the protocol parameters go.
    #[arg(long, value_enum, default_value = "header")]
    pub(crate) transport: SignTransport,
    /// What to print. `raw` is an HTTP/1.1 request, to be read by `oauth1 explain`; `url` has the
    /// parameters in its query.
    #[arg(long = "as", value_enum, default_value = "curl")]
    pub(crate) format: SignFormat,
}

/// Whether `oauth_body_hash` counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum BodyHash {
    Ignore,
    IfPresent,
    Require,
}

fn leniency() -> impl TypedValueParser<Value = Leniency> {
    let names = Leniency::ALL.map(|known| PossibleValue::new(known.as_str()).help(for_whom(known)));
    PossibleValuesParser::new(names).try_map(|name| Leniency::parse(&name).ok_or("unknown"))
}

/// Who needs it.
fn for_whom(leniency: Leniency) -> &'static str {
    match leniency {
        Leniency::RepeatedQueryParameters => {
            "Canvas: the query's parameters stand in the form body, too, and are signed once"
        }
        Leniency::DoubledQueryParameters => {
            "WooCommerce's client for Node.js: the query is there twice, and is signed once"
        }
        Leniency::TwiceEncodedSignature => "`oauth_signature` may be percent-encoded twice",
        Leniency::GetTokenEndpoints => "request and access tokens may be asked for by GET",
        Leniency::AboutBlankCallback => "LTI 1.1: `about:blank` stands for `oob`",
        Leniency::EmptyConsumerSecret => {
            "MAAS: it has no secret; its token's secret alone is the key"
        }
        _ => "",
    }
}

/// Where the protocol parameters go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum SignTransport {
    Header,
    Query,
    Body,
}

/// What `sign` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum SignFormat {
    /// A command for a POSIX shell.
    Curl,
    /// The Authorization header's line.
    Header,
    /// The URL.
    Url,
    /// The whole request.
    Raw,
}

#[derive(Args)]
pub(crate) struct Explain {
    /// A file with the request [default: standard input].
    pub(crate) file: Option<std::path::PathBuf>,
    /// The consumer secret.
    #[arg(
        long,
        env = "OAUTH1_CONSUMER_SECRET",
        hide_env_values = true,
        allow_hyphen_values = true,
        required_unless_present = "public_key"
    )]
    pub(crate) consumer_secret: Option<String>,
    /// The token secret.
    #[arg(
        long,
        env = "OAUTH1_TOKEN_SECRET",
        hide_env_values = true,
        allow_hyphen_values = true
    )]
    pub(crate) token_secret: Option<String>,
    /// The consumer's RSA public key or certificate in PEM.
    #[arg(long, value_name = "FILE", conflicts_with = "token_secret")]
    pub(crate) public_key: Option<std::path::PathBuf>,
    /// The scheme that the client used [default: the request line's, else whichever fits].
    #[arg(long, value_parser = ["http", "https"])]
    pub(crate) scheme: Option<String>,
    /// Another host that the client may have signed; the host of a request without one.
    #[arg(long, value_name = "HOST")]
    pub(crate) authority: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
