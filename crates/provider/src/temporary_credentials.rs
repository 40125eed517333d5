//! Temporary credentials: a consumer asks for a request token
//! ([RFC 5849 section 2.1](https://www.rfc-editor.org/rfc/rfc5849#section-2.1)).

use oauth1_core::{Callback, Error, ErrorCode, Leniency, Parsed, Request, TokenKey};

use crate::{
    Consumer, Denied, Provider, Realms, Refusal, RequestToken, RequestTokenState, Response,
    authenticate::{Endpoint, Verified},
    entropy::letters,
};

impl Provider {
    /// Verifies a token request and hands it to its flow. Where both endpoints have one path,
    /// `oauth_token` decides: after parsing, before look-ups.
    pub(crate) async fn token_request(
        &self,
        request: &Request<'_>,
        request_token: bool,
        access_token: bool,
    ) -> Result<Response, Refusal> {
        let Some(parsed) = self.extract(request)? else {
            return Err(Error::ParameterAbsent("oauth_consumer_key").into());
        };
        let exchange = access_token && (!request_token || parsed.parameters().token().is_some());
        if exchange && let Some(handle) = self.renewal(&parsed)? {
            let verified = self.verify(request, parsed, Endpoint::Renewal).await?;
            check_verb(request, &verified)?;
            self.renew(verified, &handle).await
        } else if exchange {
            let parameters = parsed.parameters();
            match (parameters.token(), parameters.verifier()) {
                (Some(_), Some(_)) => {}
                (None, Some(_)) => return Err(Error::ParameterAbsent("oauth_token").into()),
                (Some(_), None) => return Err(Error::ParameterAbsent("oauth_verifier").into()),
                (None, None) => {
                    let names = vec!["oauth_token", "oauth_verifier"];
                    return Err(Error::ParametersAbsent(names).into());
                }
            }
            let verified = self
                .verify(request, parsed, Endpoint::TokenCredentials)
                .await?;
            check_verb(request, &verified)?;
            self.token_credentials(verified).await
        } else {
            if parsed.parameters().callback().is_none() {
                return Err(Error::ParameterAbsent("oauth_callback").into());
            }
            let realms = self.realms_asked(&parsed);
            let verified = self
                .verify(request, parsed, Endpoint::TemporaryCredentials)
                .await?;
            check_verb(request, &verified)?;
            self.temporary_credentials(verified, realms).await
        }
    }

    async fn temporary_credentials(
        &self,
        verified: Verified<'_>,
        realms: (String, Option<Realms>),
    ) -> Result<Response, Refusal> {
        let consumer = verified.consumer;
        let given = verified.fresh.parameters().callback().unwrap_or_default();
        let lenient = consumer
            .policy
            .leniencies
            .contains(&Leniency::AboutBlankCallback);
        let callback = match given {
            "about:blank" if lenient => Ok(Callback::OutOfBand),
            given => Callback::parse(given),
        };
        let callback = callback.map_err(|error| rejected("oauth_callback", error.to_string()))?;
        if !consumer.allows_callback(&callback) {
            let why = "callback is not registered for this consumer";
            return Err(rejected("oauth_callback", why).into());
        }
        let realms = self.realms_for(&consumer, realms)?;
        let key = letters::<22>(&*self.entropy)?;
        let secret = letters::<44>(&*self.entropy)?;
        let token = RequestToken {
            key: TokenKey::new(key.expose()).map_err(|_| crate::EntropyError::new())?,
            secret: secret.clone(),
            consumer: consumer.key().clone(),
            callback,
            realms,
            state: RequestTokenState::Pending,
            created: verified.now,
            expires: verified.now.plus(self.config.request_token_lifetime),
        };
        self.in_time(self.store.create_request_token(&token))
            .await?;
        tracing::info!(consumer = %consumer.key(), token = ?token.key, "oauth1 request token issued");
        Ok(Response::credentials(&[
            ("oauth_token", token.key.as_str()),
            ("oauth_token_secret", secret.expose()),
            ("oauth_callback_confirmed", "true"),
        ]))
    }
}

impl Provider {
    /// The realms that a request asks for, and by which parameter. `None` is a fault, told only
    /// after the signature held.
    fn realms_asked(&self, parsed: &Parsed<'_>) -> (String, Option<Realms>) {
        if self.config.realms.is_empty() {
            return (String::new(), Some(Realms::default()));
        }
        let wanted = &self.config.realm_parameter;
        let mut given = parsed
            .application_parameters()
            .filter(|(name, _)| name == wanted.as_bytes());
        if let Some((_, value)) = given.next() {
            let text = String::from_utf8(value)
                .ok()
                .filter(|_| given.next().is_none());
            let realms = text.and_then(|text| Realms::parse(&text).ok());
            return (wanted.clone(), realms);
        }
        let realm = parsed.parameters().realm();
        let text = realm.filter(|realm| *realm != self.realm.as_str());
        let realms = Realms::parse(text.unwrap_or_default()).ok();
        ("realm".to_owned(), realms)
    }

    /// Those, if this provider knows them and the consumer may ask for them.
    fn realms_for(
        &self,
        consumer: &Consumer,
        (parameter, asked): (String, Option<Realms>),
    ) -> Result<Realms, Denied> {
        let may_ask = consumer.policy.realms.as_ref();
        asked
            .filter(|asked| asked.is_subset_of(&self.config.realms))
            .filter(|asked| may_ask.is_none_or(|realms| asked.is_subset_of(realms)))
            .ok_or_else(|| rejected(&parameter, "realm is unknown or not for this consumer"))
    }
}

fn rejected(name: &str, why: impl Into<String>) -> Denied {
    Denied::because(ErrorCode::ParameterRejected, why).with("oauth_parameters_rejected", name)
}

/// Section 2.1 asks for POST, but for consumers that cannot.
fn check_verb(request: &Request<'_>, verified: &Verified<'_>) -> Result<(), Refusal> {
    let leniencies = &verified.consumer.policy.leniencies;
    if request.method() == "POST" || leniencies.contains(&Leniency::GetTokenEndpoints) {
        return Ok(());
    }
    Err(Denied::new(ErrorCode::PermissionDenied).into())
}
