//! Token credentials: a consumer exchanges a request token for an access token
//! ([RFC 5849 section 2.3](https://www.rfc-editor.org/rfc/rfc5849#section-2.3)).

use oauth1_core::{Error, ErrorCode, TokenKey};

use crate::{
    Denied, Exchange, Exchanged, Provider, Refusal, Response, VerifierHash,
    authenticate::{Token, Verified},
    entropy::letters,
    session::issued,
};

impl Provider {
    pub(crate) async fn token_credentials(
        &self,
        verified: Verified<'_>,
    ) -> Result<Response, Refusal> {
        let Token::Request(request_token) = &verified.token else {
            return Err(Error::ParameterAbsent("oauth_token").into());
        };
        let Some(verifier) = verified.fresh.parameters().verifier() else {
            return Err(Error::ParameterAbsent("oauth_verifier").into());
        };
        let key = letters::<22>(&*self.entropy)?;
        let session = self.new_session(verified.now)?;
        let session = session.as_ref();
        let exchange = Exchange {
            request_token: request_token.key.clone(),
            consumer: verified.consumer.key().clone(),
            verifier: VerifierHash::new(&request_token.key, &verifier),
            attempts: self.config.verifier_attempts,
            key: TokenKey::new(key.expose()).map_err(|_| crate::EntropyError::new())?,
            secret: letters::<44>(&*self.entropy)?,
            expires: self.expiry(&verified.consumer, verified.now, session),
            session: session.map(|(_, session)| session.clone()),
        };
        let exchanged = self.store.exchange(&exchange, verified.now);
        let code = match self.in_time(exchanged).await? {
            Exchanged::Exchanged(token) => {
                tracing::info!(consumer = %token.consumer, token = ?token.key, "oauth1 access token issued");
                let handle = session.map(|(handle, _)| handle);
                return Ok(issued(&token, handle, verified.now));
            }
            Exchanged::NotFound => ErrorCode::TokenUsed,
            Exchanged::NotAuthorized => ErrorCode::PermissionUnknown,
            Exchanged::Expired => ErrorCode::TokenExpired,
            Exchanged::WrongVerifier => ErrorCode::VerifierInvalid,
        };
        Err(Denied::new(code).into())
    }
}
