//! The authorise page: log-in, consent, decision.

use futures_util::Stream;
use maud::Markup;
use oauth1_provider::{
    AuthorizationError, BodyUse, Outcome, PendingAuthorization, Response, UserId, core::TokenKey,
};

use crate::{Demo, page, session::Session};

/// How much the forms of these pages may send.
const FORM_BYTES: usize = 16 * 1024;

/// What the two forms send.
#[derive(Default)]
struct Fields {
    csrf: String,
    username: Option<String>,
    password: Option<String>,
    decision: Option<String>,
}

impl Fields {
    fn parse(form: &[u8]) -> Self {
        let mut fields = Self::default();
        for (name, value) in form_urlencoded::parse(form) {
            match &*name {
                "csrf" => fields.csrf = value.into_owned(),
                "username" => fields.username = Some(value.into_owned()),
                "password" => fields.password = Some(value.into_owned()),
                "decision" => fields.decision = Some(value.into_owned()),
                _ => {}
            }
        }
        fields
    }
}

impl Demo {
    /// Answers at the authorise path: `cookies` are the values of Cookie headers, `form` is the
    /// body, which is read on POST only, within the provider's limits of size and time.
    pub async fn authorize<'a, P, E>(
        &self,
        method: &str,
        query: Option<&str>,
        cookies: impl Iterator<Item = &'a [u8]>,
        form: impl Stream<Item = Result<P, E>>,
    ) -> Response
    where
        P: AsRef<[u8]> + From<Vec<u8>>,
    {
        let session = self.sessions.of(cookies);
        let answer = match (method, session) {
            (_, Err(_)) => Ok(unavailable()),
            ("GET" | "HEAD", Ok(session)) => self.show(query, &session).await,
            ("POST", Ok(session)) => match self.fields(form).await {
                Ok(fields) => self.submit(query, &session, &fields).await,
                Err(refusal) => Ok(refusal),
            },
            _ => {
                let mut response = Response::text(405, "use GET or POST");
                response.headers.push(("allow", "GET, POST".to_owned()));
                Ok(response)
            }
        };
        answer.unwrap_or_else(|error| refused(&error))
    }

    async fn fields<P, E>(&self, form: impl Stream<Item = Result<P, E>>) -> Result<Fields, Response>
    where
        P: AsRef<[u8]> + From<Vec<u8>>,
    {
        let reading = self
            .provider
            .read_body(BodyUse::Form, form, tokio::time::sleep);
        let form = reading.await?;
        if form.as_ref().len() > FORM_BYTES {
            return Err(Response::text(413, "form too large"));
        }
        Ok(Fields::parse(form.as_ref()))
    }

    async fn show(
        &self,
        query: Option<&str>,
        session: &Session,
    ) -> Result<Response, AuthorizationError> {
        let pending = self.provider.pending_authorization_in(query).await?;
        Ok(self.form(session, &pending, None))
    }

    async fn submit(
        &self,
        query: Option<&str>,
        session: &Session,
        fields: &Fields,
    ) -> Result<Response, AuthorizationError> {
        let pending = self.provider.pending_authorization_in(query).await?;
        if !self
            .sessions
            .csrf_holds(session, pending.token(), &fields.csrf)
        {
            let text = "This form is out of date or came from elsewhere. Go back and try again.";
            return Ok(html(403, page::message("Not accepted", text)));
        }
        if let (Some(name), Some(password)) = (&fields.username, &fields.password) {
            return Ok(match self.sessions.log_in(name, password) {
                Ok(Some(session)) => self.form(&session, &pending, None),
                Ok(None) => {
                    let refused = ("Wrong user name or password.", name.as_str());
                    self.form(session, &pending, Some(refused))
                }
                Err(_) => unavailable(),
            });
        }
        let Some(user) = &session.user else {
            return Ok(self.form(session, &pending, Some(("Log in first.", ""))));
        };
        match fields.decision.as_deref() {
            Some("approve") => self.approve(&pending, user).await,
            Some("deny") => self.deny(&pending).await,
            _ => Ok(html(400, page::message("Not accepted", "Approve or deny."))),
        }
    }

    async fn approve(
        &self,
        pending: &PendingAuthorization,
        user: &UserId,
    ) -> Result<Response, AuthorizationError> {
        let approved = self.provider.approve(pending, user).await?;
        Ok(approved.outcome().redirect().unwrap_or_else(|| {
            let code = approved.verifier().as_str();
            html(200, page::verifier(pending.consumer_name(), code))
        }))
    }

    async fn deny(&self, pending: &PendingAuthorization) -> Result<Response, AuthorizationError> {
        let outcome: Outcome = self.provider.deny(pending).await?;
        Ok(outcome.redirect().unwrap_or_else(|| {
            let text = "The application gets no access. You can close this page.";
            html(200, page::message("Access denied", text))
        }))
    }

    /// The log-in form, or the consent form for whom is logged in.
    fn form(
        &self,
        session: &Session,
        pending: &PendingAuthorization,
        refused: Option<(&str, &str)>,
    ) -> Response {
        let csrf = self.sessions.csrf_token(session, pending.token());
        let path = self.provider.authorize_path();
        let action = action(path, pending.token());
        let consumer = pending.consumer_name();
        let mut response = match &session.user {
            None => {
                let status = if refused.is_some() { 403 } else { 200 };
                html(status, page::log_in(consumer, &action, &csrf, refused))
            }
            Some(user) => {
                let place = pending.callback().as_str();
                html(
                    200,
                    page::consent(consumer, user.as_str(), place, (&action, &csrf)),
                )
            }
        };
        response.headers.push(("set-cookie", session.cookie(path)));
        response
    }
}

fn action(path: &str, token: &TokenKey) -> String {
    let token: String = form_urlencoded::byte_serialize(token.as_str().as_bytes()).collect();
    format!("{path}?oauth_token={token}")
}

fn refused(error: &AuthorizationError) -> Response {
    if error.status() == 503 {
        return unavailable();
    }
    let text = "This request is unknown, expired or already decided. \
                Go back to the application and start again.";
    html(400, page::message("Nothing to decide", text))
}

fn unavailable() -> Response {
    let text = "Please try again in a moment.";
    let mut response = html(503, page::message("Temporarily unavailable", text));
    response.headers.push(("retry-after", "1".to_owned()));
    response
}

/// Never framed, never cached, no scripts.
fn html(status: u16, page: Markup) -> Response {
    let mut response = Response::text(status, "");
    let headers = [
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        (
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
        ),
    ];
    response.headers = headers.map(|(name, value)| (name, value.to_owned())).into();
    response.body = page.into_string();
    response
}
