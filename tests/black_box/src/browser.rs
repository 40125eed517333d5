//! A browser without JavaScript: it keeps one cookie and submits forms.

use crate::demo::{Answer, Demo, FORM, note};

/// A browser at the authorise page of a token.
#[derive(Debug)]
pub struct Browser<'d> {
    demo: &'d Demo,
    pub cookie: String,
    pub target: String,
    pub page: Answer,
}

impl Demo {
    pub fn browser(&self) -> Browser<'_> {
        Browser {
            demo: self,
            cookie: String::new(),
            target: String::new(),
            page: self.send("GET", "/api/public", &[], ""),
        }
    }
}

impl Browser<'_> {
    pub fn open(mut self, token: &str) -> Self {
        self.target = format!("/oauth/authorize?oauth_token={token}");
        let answer = self
            .demo
            .send("GET", &self.target, &[("cookie", &self.cookie)], "");
        self.take(answer)
    }

    pub fn log_in(self, token: &str, name: &str, password: &str) -> Self {
        self.open(token)
            .submit(&[("username", name), ("password", password)])
    }

    pub fn approve(self) -> Self {
        self.submit(&[("decision", "approve")])
    }

    pub fn deny(self) -> Self {
        self.submit(&[("decision", "deny")])
    }

    /// Submits the page's form with its hidden fields and these.
    pub fn submit(self, fields: &[(&str, &str)]) -> Self {
        let csrf = self.csrf().to_owned();
        self.submit_with(&csrf, fields)
    }

    pub fn submit_with(self, csrf: &str, fields: &[(&str, &str)]) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("csrf", csrf).extend_pairs(fields);
        let headers = [("cookie", self.cookie.as_str()), ("content-type", FORM)];
        let answer = self
            .demo
            .send("POST", &self.target, &headers, form.finish());
        self.take(answer)
    }

    pub fn csrf(&self) -> &str {
        between(&self.page.text, "name=\"csrf\" value=\"", "\"")
    }

    /// The verifier that the page shows.
    pub fn code(&self) -> String {
        assert_eq!(self.page.status, 200, "{:?}", self.page);
        let code = between(&self.page.text, "id=\"verifier\">", "<");
        assert!(!code.is_empty(), "{:?}", self.page);
        note(code);
        code.to_owned()
    }

    fn take(mut self, answer: Answer) -> Self {
        if let Some((cookie, _)) = answer.header("set-cookie").split_once(';') {
            cookie.clone_into(&mut self.cookie);
            note(cookie.split_once('=').map_or(cookie, |(_, id)| id));
        }
        self.page = answer;
        note(self.csrf());
        self
    }
}

pub(crate) fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text.split_once(before).map_or("", |(_, rest)| rest);
    rest.split(after).next().unwrap_or_default()
}
