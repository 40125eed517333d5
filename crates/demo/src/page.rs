//! The pages: plain HTML that works without JavaScript. Everything put in is escaped.

use maud::{DOCTYPE, Markup, html};

/// After a refusal with its reason, and with the name as it was typed.
pub(crate) fn log_in(
    consumer: &str,
    action: &str,
    csrf: &str,
    refused: Option<(&str, &str)>,
) -> Markup {
    let (error, name) = refused.unzip();
    let name = name.filter(|name| !name.is_empty());
    let body = html! {
        p { strong { (consumer) } " asks for access to your account. Log in to decide." }
        @if let Some(error) = error { p role="alert" class="error" { (error) } }
        form method="post" action=(action) {
            input type="hidden" name="csrf" value=(csrf);
            label for="username" { "User name" }
            input id="username" name="username" value=[name] autocomplete="username" required
                autofocus[name.is_none()];
            label for="password" { "Password" }
            input id="password" name="password" type="password"
                autocomplete="current-password" required autofocus[name.is_some()];
            button class="main" { "Log in" }
        }
    };
    frame("Log in", &body)
}

pub(crate) fn consent(
    consumer: &str,
    user: &str,
    callback: &str,
    (action, csrf): (&str, &str),
) -> Markup {
    let body = html! {
        p { strong { (consumer) } " asks to act as " strong { (user) } "." }
        p { "If you approve, it will be able to:" }
        ul {
            li { "see who you are" }
            li { "read and change everything this API offers, as " (user) ", until you revoke it" }
        }
        @if callback == "oob" {
            p class="small" { "Afterwards you get a code to type into the application." }
        } @else {
            p class="small" { "Afterwards you go to " code { (callback) } }
        }
        form method="post" action=(action) {
            input type="hidden" name="csrf" value=(csrf);
            button class="main" name="decision" value="approve" { "Approve" }
            button name="decision" value="deny" { "Deny" }
        }
    };
    frame("Allow access?", &body)
}

pub(crate) fn verifier(consumer: &str, code: &str) -> Markup {
    let body = html! {
        p { "Type this code into " strong { (consumer) } ":" }
        p { code id="verifier" { (code) } }
        p class="small" { "It is shown once. Give it to nobody else." }
    };
    frame("Access approved", &body)
}

pub(crate) fn message(title: &str, text: &str) -> Markup {
    frame(title, &html! { p { (text) } })
}

fn frame(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (maud::PreEscaped(STYLE)) }
            }
            body { main { h1 { (title) } (body) } }
        }
    }
}

const STYLE: &str = "
body { font: 1rem/1.5 system-ui, sans-serif; background: #f3f4f6; color: #1f2937; margin: 0 }
main { max-width: 26rem; margin: 10vh auto; padding: 2rem; background: #fff; border-radius: .75rem;
  box-shadow: 0 1px 4px #0003; overflow-wrap: anywhere }
h1 { margin: 0 0 1rem; font-size: 1.4rem }
label { display: block; margin-top: 1rem }
input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit;
  border: 1px solid #9ca3af; border-radius: .4rem }
button { margin: 1.5rem .5rem 0 0; padding: .5rem 1.25rem; font: inherit; cursor: pointer;
  border: 1px solid #9ca3af; border-radius: .4rem; background: #fff }
button.main { background: #1d4ed8; border-color: #1d4ed8; color: #fff }
#verifier { font-size: 1.2rem; background: #f3f4f6; padding: .5rem .75rem; border-radius: .4rem }
.small { font-size: .875rem; color: #4b5563 }
.error { color: #b91c1c }
";
